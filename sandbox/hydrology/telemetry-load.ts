// So many telemetry frames a second in real time, for measuring how the hub takes them: each of another station and minute, so
// that each is a row of its own.
import { type After, openTicks } from '../process/ticks.ts';
import { MINUTE } from '../storm/storm.ts';
import type { Sending } from './reports.ts';
import { openTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts';

export type LoadOptions = TelemetryOptions & {
  readonly perSecond: number;
  readonly after?: After;
};

export type TelemetryLoad = Telemetry & {
  /** Frames that fell due so far, answered or not. */
  sent(): number;
  /** Nothing more falls due; what waits goes on waiting for its answer. */
  pause(): Promise<void>;
};

const BEAT_MS = 20;

/** Begins at once. Minutes go backwards from `now`, a minute for all stations after the other. */
export function openTelemetryLoad(options: LoadOptions): TelemetryLoad {
  const { stations, perSecond, now, after } = options;
  const telemetry = openTelemetry(options);
  const began = performance.now();
  const latest = Math.floor(now() / MINUTE) * MINUTE;
  let sent = 0;
  const tick = async () => {
    const due = Math.floor(((performance.now() - began) / 1000) * perSecond);
    for (; sent < due; sent += 1) {
      const station = stations[sent % stations.length];
      if (station === undefined) throw new Error('a load needs stations');
      const at = latest - Math.floor(sent / stations.length) * MINUTE;
      const observation = { station, at, ...VALUES, stageM: 100 + (sent % 10_000) / 1000 };
      // What is closed before its answer rejects, and is nobody's fault.
      telemetry.send({ ...PLAIN, observation }).catch(() => undefined);
    }
  };
  const ticks = openTicks({ waitMs: () => BEAT_MS, tick, after });
  return {
    ...telemetry,
    sent: () => sent,
    pause: ticks.close,
    close: async () => {
      await ticks.close();
      await telemetry.close();
    },
  };
}

const VALUES = { flowM3s: null, rainMm: 0.5, dayMm: 12.5, volts: 12.6 };
const PLAIN: Omit<Sending, 'observation'> = {
  word: '32',
  coding: 'hex',
  isDamagedFirst: false,
  isDoubled: false,
};
