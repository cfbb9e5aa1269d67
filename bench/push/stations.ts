// Which stations send for bench/push.ts: all gauges with a telemetry unit but one, which is the probe's.
import { toTelemetered } from '../../sandbox/hydrology/reports.ts';
import { parseStations, type Station } from '../../sandbox/hydrology/station.ts';

const gauges = (): readonly Station[] =>
  toTelemetered(parseStations()).filter(({ stageEvery }) => stageEvery !== null);

export function toLoadStations(): readonly Station[] {
  return gauges().slice(1);
}

export function toProbeStation(): Station {
  const [station] = gauges();
  if (station === undefined) throw new Error('no gauge has a telemetry unit');
  return station;
}
