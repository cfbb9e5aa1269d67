// Both sides counted: by day, then the days that differ by hour, then the hours that differ record by record. Three
// statements a feed at the source and the store each, and a few for each piece that differs.
import type { BucketDigest, Condition } from '../../connectors/kit/contract.ts';
import { isHubError } from '../../schema/errors.ts';
import type { TimeSpan } from '../../store/reconcile/contract.ts';
import type { Comparing } from './comparing.ts';
import { judgePieces } from './judge-pieces.ts';
import { type PieceEnd, readPiece, toHold } from './read-piece.ts';
import { joinHours, type Stretch, type TimeCut, toStretch } from './time-bounds.ts';
import type { Compared } from './to-findings.ts';

/** `cut` null: the whole object is one piece. null: it was asked to stop. */
export async function compareCounted(comparing: Comparing, cut: TimeCut | null): Promise<Compared | null> {
  const { open, reconcile, types } = comparing;
  const source = await countSource(comparing, cut, null, 'day');
  const span = cut?.whole ?? null;
  const stored = await reconcile.count(open.run, types, span, cut === null ? null : 'day');
  const { open: days, known } = judgePieces(types, source, stored, await reconcile.recall(open.run));
  const ends: PieceEnd[] = [];
  for (const day of days) {
    for (const stretch of await toStretches(comparing, cut, day)) {
      if (open.signal.aborted) return null;
      const filter = [...open.feed.filter, ...(cut?.toFilter(stretch) ?? [])];
      const piece = { stretch, request: { filter }, span: toSpan(cut, stretch) };
      const found = await readPiece(comparing, piece);
      if (found === null) return null;
      ends.push(...found);
    }
  }
  // The store has changed by what was written.
  const after =
    days.length === 0 ? stored : await reconcile.count(open.run, types, span, cut === null ? null : 'day');
  return { ends, counted: { source, stored, after, days, known } };
}

/** The parts of a day that differ. */
async function toStretches(
  comparing: Comparing,
  cut: TimeCut | null,
  day: string,
): Promise<readonly (Stretch | null)[]> {
  if (cut === null || day === '') return [null];
  const whole = toStretch(day, 'day');
  if (!cut.perHour) return [whole];
  const { open, reconcile, types } = comparing;
  const source = await countSource(comparing, cut, whole, 'hour');
  const stored = await reconcile.count(open.run, types, cut.toSpan(whole), 'hour');
  return joinHours(judgePieces(types, source, stored, []).open.filter((hour) => hour !== ''));
}

function toSpan(cut: TimeCut | null, stretch: Stretch | null): TimeSpan | null {
  if (cut === null) return null;
  return stretch === null ? cut.whole : cut.toSpan(stretch);
}

async function countSource(
  comparing: Comparing,
  cut: TimeCut | null,
  stretch: Stretch | null,
  per: 'hour' | 'day',
): Promise<readonly BucketDigest[]> {
  const { open, asked, reconcile } = comparing;
  const { feed, source, run } = open;
  // What is counted may take as long as a page with all its tries.
  await reconcile.hold(run, toHold(comparing));
  const time = cut?.toFilter(stretch) ?? [];
  const bucket = feed.timeColumn === null || cut === null ? null : { column: feed.timeColumn, per };
  const ask = (filter: readonly Condition[]) =>
    source.digest(feed.key.object, { columns: asked.columns, filter, bucket });
  try {
    return await ask([...feed.filter, ...time]);
  } catch (error) {
    // A condition that only the hub can evaluate: then all is counted, and what is not ours is looked into once.
    if (feed.filter.length === 0 || !isHubError(error, 'HUB_SOURCE_UNSUPPORTED')) throw error;
    return ask(time);
  }
}
