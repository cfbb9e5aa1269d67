// An open socket as a source: it sends by itself and is asked nothing. Frames become batches; whoever sent them is answered
// when they are durable.
import { HubError } from '../../../schema/errors.ts';
import type { Codecs } from '../../kit/codec.ts';
import type { Source, SourceSettings } from '../../kit/contract.ts';
import { LISTENED_ONLY, toUnasked, untilTaken } from '../../kit/listening.ts';
import { toAbortError } from '../../kit/resilience/abort.ts';
import type { Clock } from '../../kit/resilience/clock.ts';
import { openDevices } from './devices.ts';
import { type OnTurnedAway, refuse, toSparing } from './faults.ts';
import { openGate } from './gate.ts';
import { type Meeting, type MeetOptions, PATIENCE, type Patience } from './meet.ts';
import { toSocketPlan } from './settings.ts';
import { connectOverTcp, listenOverTcp } from './tcp.ts';
import { listenOverUdp } from './udp.ts';

export type SocketParts = {
  readonly codecs: Codecs;
  readonly clock: Clock;
  readonly onTurnedAway?: OnTurnedAway;
  readonly patience?: Patience;
  /** The address that is listened at; this machine's own alone when absent. */
  readonly host?: string;
};

/** `port`: the one that is listened to; null while none is. */
export type SocketSource = Source & { readonly port: () => number | null };

/** Batches of all peers that may be with the hub at once; each peer has one at most. */
const MOST_AT_HUB = 256;

/** Opens no port yet. Throws as `toSocketPlan` does. */
export function openSocketSource(settings: SourceSettings, parts: SocketParts): SocketSource {
  const { codecs, clock, onTurnedAway = () => undefined, patience = PATIENCE, host = '127.0.0.1' } = parts;
  const plan = toSocketPlan(settings, codecs);
  const { place, way } = plan;
  const tell = toSparing(onTurnedAway, clock.now);
  const meetings = new Set<Meeting>();
  let isClosed = false;

  const meet = (options: MeetOptions, signal?: AbortSignal): Promise<Meeting> => {
    if (way.kind === 'connect') return connectOverTcp(options, signal);
    return way.proto === 'tcp' ? listenOverTcp(options) : listenOverUdp(options);
  };
  return {
    capabilities: LISTENED_ONLY,
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
          ...{ plan, host, clock, patience, every, onEnd, devices: openDevices(clock.now, onDevices) },
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
    ...toUnasked(() => refuse('HUB_SOURCE_UNSUPPORTED', place, 'it sends by itself and is not asked')),
    close: async () => {
      isClosed = true;
      const open = [...meetings];
      meetings.clear();
      await Promise.all(open.map((meeting) => meeting.end()));
    },
  };
}
