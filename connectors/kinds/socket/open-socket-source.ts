// An open socket as a source: it sends by itself and is asked nothing. Frames become batches; whoever sent them is answered
// when they are durable.
import { HubError, isRetryable } from '../../../schema/errors.ts';
import type { Codecs } from '../../kit/codec.ts';
import type { Batch, Capabilities, Source, SourceSettings } from '../../kit/contract.ts';
import { toAbortError } from '../../kit/resilience/abort.ts';
import type { Clock } from '../../kit/resilience/clock.ts';
import { openDevices } from './devices.ts';
import { type OnTurnedAway, refuse, toSparing } from './faults.ts';
import { openGate } from './gate.ts';
import { type Meeting, type MeetOptions, PATIENCE, type Patience } from './meet.ts';
import { toSocketPlan } from './settings.ts';
import { connectOverTcp, listenOverTcp } from './tcp.ts';
import { listenOverUdp } from './udp.ts';

export const socketCapabilities: Capabilities = {
  describe: false,
  declares: false,
  readMany: false,
  select: false,
  scan: false,
  listen: true,
  spans: false,
  deliveries: false,
  digests: false,
  filter: [],
};

export type SocketParts = {
  readonly codecs: Codecs;
  readonly clock: Clock;
  readonly onTurnedAway?: OnTurnedAway;
  readonly patience?: Patience;
};

/** `port`: the one that is listened to; null while none is. */
export type SocketSource = Source & { readonly port: () => number | null };

/** Batches of all peers that may be with the hub at once; each peer has one at most. */
const MOST_AT_HUB = 256;
/** Between two tries of what nobody would send again. */
const AGAIN_MS = 1000;

/** Opens no port yet. Throws as `toSocketPlan` does. */
export function openSocketSource(settings: SourceSettings, parts: SocketParts): SocketSource {
  const { codecs, clock, onTurnedAway = () => undefined, patience = PATIENCE } = parts;
  const plan = toSocketPlan(settings, codecs);
  const { place, way } = plan;
  const tell = toSparing(onTurnedAway, clock.now);
  const meetings = new Set<Meeting>();
  let isClosed = false;

  const meet = (options: MeetOptions, signal?: AbortSignal): Promise<Meeting> => {
    if (way.kind === 'connect') return connectOverTcp(options, signal);
    return way.proto === 'tcp' ? listenOverTcp(options) : listenOverUdp(options);
  };
  const refuseAsked = async (): Promise<never> => {
    throw refuse('HUB_SOURCE_UNSUPPORTED', place, 'it sends by itself and is not asked');
  };
  return {
    capabilities: socketCapabilities,
    port: () => [...meetings][0]?.port ?? null,
    listen: async (
      onRecords,
      { signal, onEnd = () => undefined, onDevices = () => undefined, every = new Map() } = {},
    ) => {
      const name = `${place.unit}.${place.source}`;
      if (isClosed) throw new HubError('HUB_SOURCE_CLOSED', `${name}: the source was closed`, { place });
      if (signal?.aborted) throw toAbortError(signal.reason, name, place);
      const gate = openGate(MOST_AT_HUB);
      const ending = new AbortController();
      const write = plan.isAnswered ? onRecords : untilTaken(onRecords, clock, ending.signal);
      const meeting = await meet(
        {
          ...{ plan, clock, patience, every, onEnd, devices: openDevices(clock.now, onDevices) },
          hand: (batch) => gate(() => write(batch)),
          onAway: (peer, words) => tell(place, peer, words),
        },
        signal,
      );
      meetings.add(meeting);
      const end = async () => {
        ending.abort();
        meetings.delete(meeting);
        await meeting.end();
      };
      if (!isClosed && !signal?.aborted) return end;
      await end();
      throw toAbortError(signal?.reason, name, place);
    },
    describe: refuseAsked,
    readMany: refuseAsked,
    select: refuseAsked,
    // biome-ignore lint/correctness/useYield: it refuses before there is a page
    async *scan() {
      await refuseAsked();
    },
    digest: refuseAsked,
    deliveries: refuseAsked,
    settle: refuseAsked,
    close: async () => {
      isClosed = true;
      const open = [...meetings];
      meetings.clear();
      await Promise.all(open.map((meeting) => meeting.end()));
    },
  };
}

/** Who is not answered never sends again: the batch is held, and nothing more is read, until the store is back. */
function untilTaken(
  onRecords: (batch: Batch) => Promise<void>,
  clock: Clock,
  ending: AbortSignal,
): (batch: Batch) => Promise<void> {
  return async (batch) => {
    for (;;) {
      try {
        return await onRecords(batch);
      } catch (error) {
        if (!isRetryable(error) || ending.aborted) throw error;
        await clock.sleep(AGAIN_MS, ending).catch(() => undefined);
      }
    }
  };
}
