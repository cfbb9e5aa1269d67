// How many rows the tables of weather and forestry must have: their ledgers counted by what makes a row one.
import type { Ledger as ForestryLedger } from '../../sandbox/forestry/ledger.ts';
import type { Ledger as WeatherLedger } from '../../sandbox/weather/ledger.ts';

/** Living rows by the table's name. */
export function toTrueCounts(
  weather: WeatherLedger,
  forestry: ForestryLedger,
): Readonly<Record<string, number>> {
  const { hourly, minutes, warnings } = weather;
  const count = (keys: readonly string[]) => new Set(keys).size;
  const toReading = (value: { station: string; observedAt: string }) =>
    `${value.station} ${value.observedAt}`;
  // Neighbours' fires are in NASA's files too; the manifest takes the city's box out of them.
  const ours = forestry.hotspots.filter(
    ({ sensor, lon, lat }) =>
      sensor === 'domestic' || (lat >= 24.6 && lat <= 26.9 && lon >= 110.9 && lon <= 112.5),
  );
  return {
    'weather.weather_station': count([...hourly, ...minutes].map(({ station }) => station)),
    'weather.observation': count(hourly.map(toReading)) + count(minutes.map(toReading)),
    'weather.warning': warnings.length,
    'forestry.fire_hotspot': ours.length,
    'forestry.watch_tower': forestry.towers.length,
    'forestry.ranger': forestry.rangers.filter(({ validTo }) => validTo === null).length,
  };
}
