// Where a run begins to read, beside what its feed's mark says: further back when a type goes on that was stopped, and
// when the manifest makes something else of the records than before. Pure; run-open.ts reads from the mark that this gives.
import type { FeedMark } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import { parseInstant } from './instant.ts';

/** `note`: what people should know of it; null for nothing. */
export type PlannedMark = { readonly mark: FeedMark; readonly note: string | null };

/**
 * The watermark itself stays: how old what stands is has not changed. A snapshot reads everything anyway; it only must not
 * go on with a scan whose first half was read in another way.
 */
export function planMark(feed: Feed, mark: FeedMark, stopped: readonly string[]): PlannedMark {
  const { held: before = {}, rewind: pending, ...rest } = mark;
  const remade = mark.meaning !== undefined && mark.meaning !== feed.meaning;
  const back = Object.keys(before).filter((type) => feed.types.includes(type) && !stopped.includes(type));
  const behind = pending === undefined ? mark.watermark : pending.to;
  const held = stopped.map((type) => [
    type,
    remade ? null : type in before ? (before[type] ?? null) : behind,
  ]);
  const again = remade || back.length > 0;
  const isReread = again && feed.asks !== 'deliveries' && feed.key.strategy !== 'snapshot';
  const to = remade ? null : toEarliest([behind, ...back.map((type) => before[type] ?? null)]);
  const rewind = isReread ? { to } : pending;
  return {
    mark: {
      ...rest,
      meaning: feed.meaning,
      ...(held.length === 0 ? {} : { held: Object.fromEntries(held) }),
      ...(rewind === undefined ? {} : { rewind }),
      scan: again ? null : mark.scan,
    },
    note: again ? toNote(feed, remade, back, rewind?.to ?? null) : null,
  };
}

function toNote(feed: Feed, remade: boolean, back: readonly string[], to: string | null): string | null {
  const why = remade
    ? 'the manifest makes something else of the records'
    : `${back.join(', ')} goes on: its columns are as they should be`;
  if (feed.key.strategy === 'snapshot') return remade ? null : why;
  if (feed.asks === 'deliveries')
    return `${why}; what was delivered before cannot be read again, and stands as it was read`;
  return `${why}; reading again from ${to ?? 'the beginning of what is kept'}`;
}

// Without a time that can be compared, as far back as a first load: nothing is lost, at the price of a longer run.
function toEarliest(marks: readonly (string | null)[]): string | null {
  let earliest: string | null = marks[0] ?? null;
  for (const mark of marks) {
    if (mark === earliest) continue;
    const [time, other] = [parseMark(mark), parseMark(earliest)];
    if (time === null || other === null) return null;
    if (time < other) earliest = mark;
  }
  return earliest;
}

function parseMark(mark: string | null): bigint | null {
  return mark === null ? null : parseInstant(mark);
}
