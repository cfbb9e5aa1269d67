// An open broker as a source: it sends by itself and is asked nothing. Its messages become batches, and are acknowledged when
// these are durable; until then they stay with the broker.
import { randomBytes } from 'node:crypto';
import { HubError, toError } from '../../../schema/errors.ts';
import type { Codecs } from '../../kit/codec.ts';
import type { ListenOptions, Source, SourceSettings } from '../../kit/contract.ts';
import { LISTENED_ONLY, type OnRecords, toUnasked, untilTaken, waitAtMost } from '../../kit/listening.ts';
import { toAbortError } from '../../kit/resilience/abort.ts';
import type { Clock } from '../../kit/resilience/clock.ts';
import { openConnection } from './connection.ts';
import { openDevices } from './devices.ts';
import { refuse } from './faults.ts';
import { openIntake } from './intake.ts';
import { type MqttPlan, toMqttPlan } from './settings.ts';

export type MqttParts = {
  readonly codecs: Codecs;
  readonly clock: Clock;
  /** How often a broker is given a sign of life; half a minute when absent. */
  readonly keepAliveSeconds?: number;
};

const KEEP_ALIVE_SECONDS = 30;

type Listening = { end(): Promise<void> };

/** Connects to nothing yet. Throws as `toMqttPlan` does. */
export function openMqttSource(settings: SourceSettings, parts: MqttParts): Source {
  const plan = toMqttPlan(settings, parts.codecs);
  const { place } = plan;
  const name = `${place.unit}.${place.source}`;
  const listenings = new Set<Listening>();
  const closing = new AbortController();

  return {
    capabilities: LISTENED_ONLY,
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
    ...toUnasked(() => refuse('HUB_SOURCE_UNSUPPORTED', place, 'it sends by itself and is not asked')),
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
