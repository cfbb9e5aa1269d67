// One session of listening to a source: all its pushed feeds are held, its batches written and answered, until it is told
// to stop, the source stops by itself, or another worker has taken a feed over. keep-listening.ts begins the next one.
import type { Batch } from '../../connectors/kit/contract.ts';
import { HubError, isHubError, toError } from '../../schema/errors.ts';
import type { Log } from '../log.ts';
import type { Feed } from '../plan/feed.ts';
import { toWait } from '../wait.ts';
import { type FeedSession, openFeedSession, type SessionOptions } from './feed-session.ts';
import { type HoldOptions, holdFeeds, releaseFeeds } from './hold-feeds.ts';
import { keepDevices } from './keep-devices.ts';

export type ListenToSource = HoldOptions &
  Omit<SessionOptions, 'rollMs'> & {
    readonly log: Log;
    /** Runs of listened feeds end after this long; PT1H. */
    readonly rollMs?: number;
    /** Between two times at which news of the senders is written down; PT2S. */
    readonly devicesMs?: number;
    /** Between two signs that this process still listens; a third of what a lease lives. */
    readonly beatMs?: number;
  };

/** `busy`: another worker listens, and nothing was done. `stopped`: the signal came; everything taken is durable. */
export type ListenEnd = 'busy' | 'stopped';

const ROLL_MS = 3_600_000;

/**
 * Rejects with what ended the session: HUB_SYNC_LEASE_LOST when a feed is another's by now, else the source's error. Then
 * nothing is listened to any more, nothing that was not durable was acknowledged, and the feeds are free.
 */
export async function listenToSource(feeds: readonly Feed[], options: ListenToSource): Promise<ListenEnd> {
  const { store, signal } = options;
  const held = await holdFeeds(feeds, options);
  if (held === null) return 'busy';
  const sessions: FeedSession[] = [];
  let fault: Error | null = null;
  try {
    for (const one of held) sessions.push(await openFeedSession(one, { rollMs: ROLL_MS, ...options }));
    await runSession(sessions, options);
    return 'stopped';
  } catch (error) {
    fault = signal.aborted ? null : toError(error);
    if (fault === null) return 'stopped';
    throw error;
  } finally {
    await Promise.all(sessions.map((session) => session.close(fault)));
    await releaseFeeds(held, store);
  }
}

async function runSession(sessions: readonly FeedSession[], options: ListenToSource): Promise<void> {
  const { source, signal } = options;
  const ending = new AbortController();
  const onEnd = (error: unknown) => ending.abort(error);
  const ended = AbortSignal.any([signal, ending.signal]);
  const devices = openDevices(sessions, options);
  const lists = sessions.filter(({ feed }) => feed.key.strategy === 'snapshot');
  const every = new Map(lists.map(({ feed }) => [feed.key.object, feed.everyMs]));
  try {
    const taker = toTaker(sessions, options.log, onEnd);
    const stop = await source.listen(taker, { signal, onEnd, every, onDevices: devices.note });
    try {
      await keepBeating(sessions, options, ended, onEnd);
    } finally {
      await stop().catch((error: unknown) =>
        options.log.warn({ reason: toError(error).message }, 'listening ended badly'),
      );
    }
  } finally {
    await devices.close();
  }
  if (!signal.aborted) throw ending.signal.reason;
}

function openDevices([session]: readonly FeedSession[], { store, clock, log, devicesMs }: ListenToSource) {
  const { unit, source } = session?.feed.key ?? { unit: '', source: '' };
  return keepDevices({
    unit,
    source,
    store,
    clock,
    log,
    ...(devicesMs === undefined ? {} : { everyMs: devicesMs }),
  });
}

/** What the source calls for each batch. */
function toTaker(sessions: readonly FeedSession[], log: Log, onEnd: (error: unknown) => void) {
  return async (batch: Batch): Promise<void> => {
    const session = sessionOf(batch, sessions);
    const beats = sessions.filter(({ feed }) => feed.heartbeats.includes(batch.object));
    for (const { hear } of beats) hear(batch.receivedAt);
    const isLife = batch.records.length === 0 && batch.unreadable === undefined;
    if (isLife || (session === undefined && beats.length > 0)) return;
    if (session === undefined) throw toUnknown(batch, sessions);
    try {
      await session.take(batch);
    } catch (error) {
      const { unit, source, object } = session.feed.key;
      log.warn({ unit, source, object, reason: toError(error).message }, 'a batch was not acknowledged');
      if (isHubError(error, 'HUB_SYNC_LEASE_LOST')) onEnd(error);
      throw error;
    }
  };
}

/** Bytes that are of no object can be set aside by any feed of the source. */
function sessionOf({ object, records }: Batch, sessions: readonly FeedSession[]): FeedSession | undefined {
  const own = sessions.find(({ feed }) => feed.key.object === object);
  return own ?? (records.length === 0 ? sessions[0] : undefined);
}

function toUnknown({ object }: Batch, [session]: readonly FeedSession[]): HubError {
  const { unit, source } = session?.feed.key ?? { unit: '', source: '' };
  return new HubError('HUB_INTERNAL', `${unit}/${source}: no feed takes records of ${object}`, {
    place: { unit, source, object },
  });
}

/** Until the end: leases are kept by time, since a quiet source brings no page that would keep them. */
async function keepBeating(
  sessions: readonly FeedSession[],
  { log, beatMs }: ListenToSource,
  ended: AbortSignal,
  onEnd: (error: unknown) => void,
): Promise<void> {
  const everyMs = beatMs ?? Math.min(...sessions.map(({ feed }) => feed.holdMs)) / 3;
  while (!ended.aborted) {
    for (const { feed, beat } of sessions)
      await beat().catch((error: unknown) => {
        if (isHubError(error, 'HUB_SYNC_LEASE_LOST')) onEnd(error);
        // A store that is away: whatever comes is not acknowledged, and stays with its sender.
        else
          log.warn({ unit: feed.key.unit, feed: feed.name, reason: toError(error).message }, 'beat failed');
      });
    await toWait(everyMs, ended);
  }
}
