// Stations of the sandbox beside the crowds of bench/stress.ts: each sends a report a second and keeps it until it is answered.
import { openTelemetry } from '../../sandbox/hydrology/telemetry.ts';
import { toLoadStations } from '../push/stations.ts';
import { OBSERVED_AT } from './frames.ts';

export type Honest = {
  /** They send from now on, until `end`; that waits so many milliseconds at most for answers. */
  begin(): {
    end(patienceMs: number): Promise<{ readonly sent: number; readonly answers: readonly number[] }>;
  };
  close(): Promise<void>;
};

const EVERY_MS = 1000;

export function openHonest(port: number, count: number): Honest {
  const stations = toLoadStations().slice(0, count);
  if (stations.length < count) throw new Error(`the sandbox must have ${count} gauges that send`);
  const telemetry = openTelemetry({ port, password: 'A000', stations, now: () => OBSERVED_AT });
  return {
    begin: () =>
      beginRound(count, async (number) => {
        const station = stations[number % count];
        if (station === undefined) return;
        const observation = { station, at: OBSERVED_AT, stageM: 88.125, flowM3s: null, rainMm: null };
        await telemetry.send({
          ...{ word: '32', coding: 'hex', isDamagedFirst: false, isDoubled: false },
          observation: { ...observation, dayMm: null, volts: 12.5 },
        });
      }),
    close: telemetry.close,
  };
}

/** One of `count` sends after the other, evenly over a second; `send` resolves with the answer, or rejects without one. */
export function beginRound(
  count: number,
  send: (number: number) => Promise<void>,
): ReturnType<Honest['begin']> {
  const answers: number[] = [];
  let sent = 0;
  const ticks = setInterval(() => {
    const began = performance.now();
    send(sent++).then(
      () => answers.push(performance.now() - began),
      () => undefined,
    );
  }, EVERY_MS / count);
  return {
    end: async (patienceMs) => {
      clearInterval(ticks);
      const until = performance.now() + patienceMs;
      while (answers.length < sent && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 20));
      return { sent, answers: [...answers] };
    },
  };
}
