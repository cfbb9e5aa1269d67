// An open broker as a source: it sends by itself and is asked nothing. Its messages become batches, and are acknowledged when
// these are durable; until then they stay with the broker.
import { randomBytes } from 'node:crypto';
import { HubError, isRetryable, toError } from '../../../schema/errors.ts';
import type { Codecs } from '../../kit/codec.ts';
import type { Batch, Capabilities, ListenOptions, Source, SourceSettings } from '../../kit/contract.ts';
import { toAbortError } from '../../kit/resilience/abort.ts';
import type { Clock } from '../../kit/resilience/clock.ts';
import { openConnection } from './connection.ts';
import { openDevices } from './devices.ts';
import { refuse } from './faults.ts';
import { openIntake } from './intake.ts';
import { type MqttPlan, toMqttPlan } from './settings.ts';

export const mqttCapabilities: Capabilities = {
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

export type MqttParts = {
  readonly codecs: Codecs;
  readonly clock: Clock;
  /** How often a broker is given a sign of life; half a minute when absent. */
  readonly keepAliveSeconds?: number;
};

const KEEP_ALIVE_SECONDS = 30;
/** Between two tries of what nobody would send again. */
const AGAIN_MS = 1000;

type OnRecords = (batch: Batch) => Promise<void>;
type Listening = { end(): Promise<void> };

/** Connects to nothing yet. Throws as `toMqttPlan` does. */
export function openMqttSource(settings: SourceSettings, parts: MqttParts): Source {
  const plan = toMqttPlan(settings, parts.codecs);
  const { place } = plan;
  const name = `${place.unit}.${place.source}`;
  const listenings = new Set<Listening>();
  const closing = new AbortController();

  const refuseAsked = async (): Promise<never> => {
    throw refuse('HUB_SOURCE_UNSUPPORTED', place, 'it sends by itself and is not asked');
  };
  return {
    capabilities: mqttCapabilities,
    listen: async (onRecords, options = {}) => {
      const signals = [closing.signal, ...(options.signal === undefined ? [] : [options.signal])];
      const signal = AbortSignal.any(signals);
      const toGivenUp = () =>
        closing.signal.aborted
          ? new HubError('HUB_SOURCE_CLOSED', `${name}: the source was closed`, { place })
          : toAbortError(options.signal?.reason, name, place);
      if (signal.aborted) throw toGivenUp();
      const listening = await openListening(plan, onRecords, { ...parts, ...options, signal }).catch(
        (error: unknown) => {
          throw signal.aborted ? toGivenUp() : error;
        },
      );
      listenings.add(listening);
      const end = async () => {
        listenings.delete(listening);
        await listening.end();
      };
      if (!signal.aborted) return end;
      await end();
      throw toGivenUp();
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
      closing.abort();
      const open = [...listenings];
      listenings.clear();
      await Promise.all(open.map((listening) => listening.end()));
    },
  };
}

/** Subscribed when it resolves. */
async function openListening(
  plan: MqttPlan,
  onRecords: OnRecords,
  options: MqttParts & ListenOptions & { readonly signal: AbortSignal },
): Promise<Listening> {
  const { clock, keepAliveSeconds = KEEP_ALIVE_SECONDS, onEnd, onDevices = () => undefined } = options;
  const [over, cut] = [new AbortController(), new AbortController()];
  const tellEnd = (error: Error) => {
    if (over.signal.aborted) return;
    over.abort();
    onEnd?.(error);
  };
  const intake = openIntake({
    ...{ plan, now: clock.now },
    hand: plan.isDurable ? onRecords : untilTaken(onRecords, clock, over.signal),
    devices: openDevices(onDevices, clock.now),
    onFault: (error) => cut.abort(toError(error)),
  });
  const connection = await openConnection({
    ...{ plan, clock, keepAliveSeconds },
    client: plan.session?.client ?? `hub-${plan.place.unit}-${randomBytes(4).toString('hex')}`,
    signal: AbortSignal.any([options.signal, cut.signal]),
    onMessage: intake.take,
    onEnd: (error) => {
      void intake.stop();
      tellEnd(error);
    },
  });
  // The sender's way of hearing that its message was not taken is that it is asked for it anew.
  const drop = () => {
    connection.destroy();
    tellEnd(toError(cut.signal.reason));
  };
  if (cut.signal.aborted) drop();
  else cut.signal.addEventListener('abort', drop, { once: true });
  return {
    end: async () => {
      over.abort();
      await waitAtMost(plan.timeoutMs, clock, intake.stop());
      await connection.end();
    },
  };
}

/** What is acknowledged as it comes never comes again: the batch is held, and nothing more is read, until the store is back. */
function untilTaken(onRecords: OnRecords, clock: Clock, ending: AbortSignal): OnRecords {
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

async function waitAtMost(ms: number, clock: Clock, work: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const late = clock.sleep(ms, timer.signal).catch(() => undefined);
  try {
    await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
