// The columns that MUSIC's tables know: how they are spelt, in which unit they are said to be, and how a row's value is written.
// Every value is a string; 999999 stands for a missing one, 999990 for a trace of rain, 999017 for the direction of a calm.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { Quality } from './fate.ts';
import type { Reading, Row } from './rows.ts';
import { CITY, COUNTIES } from './station.ts';
import { toText, UTC } from './time.ts';
import { HOUR_TABLE, MINUTE_TABLE, type Quantity, type Table } from './world.ts';

export type Element = {
  readonly name: string;
  readonly unit: string;
  /** What the minute table calls it, however it was asked for. */
  readonly minuteName: string;
  readonly tables: readonly Table[];
  /** What has to be known of a row; null: nothing that is measured. */
  readonly quantity: Quantity | null;
  /** As the service says it at that time. */
  value(row: Row, now: Instant): string;
};

const MISSING = '999999';
const TRACE = '999990';
const CALM = '999017';

const QUALITY_CODES: Readonly<Record<Quality, string>> = {
  GOOD: '0',
  SUSPECT: '1',
  BAD: '2',
  ESTIMATED: '3',
  CORRECTED: '4',
  MISSING: '8',
  UNCHECKED: '9',
};

const BOTH = [HOUR_TABLE, MINUTE_TABLE];

function place(name: string, unit: string, value: (row: Row) => string): Element {
  // The one identity column that the minute table spells in its own way.
  const minuteName = name === 'Station_Id_C' ? 'Station_ID_C' : name;
  return { name, unit, minuteName, tables: BOTH, quantity: null, value };
}

function part(name: string, unit: string, from: number, to: number): Element {
  // Without leading zeros: "4" for April.
  return place(name, unit, ({ at }) => String(Number(toText(at, UTC).slice(from, to))));
}

function measured(name: string, unit: string, quantity: Quantity): Element[] {
  const tables = BOTH.filter(({ quantities }) => quantities.includes(quantity));
  const column = (prefix: string, inUnit: string, write: (reading: Reading, now: Instant) => string) => ({
    name: prefix + name,
    unit: inUnit,
    minuteName: (prefix + name).toLowerCase(),
    tables,
    quantity,
    value: (row: Row, now: Instant) => {
      const reading = row.readings.get(quantity);
      return reading === undefined ? MISSING : write(reading, now);
    },
  });
  return [column('', unit, toValue), column('Q_', '-', toQualityCode)];
}

const isStillWrong = ({ correctedAt }: Reading, now: Instant) => correctedAt !== null && now < correctedAt;

function toValue(reading: Reading, now: Instant): string {
  const { truth, trace, wrong, quality } = reading;
  if (quality === 'MISSING') return MISSING;
  if (truth === null) return CALM;
  if (wrong !== null && (quality === 'BAD' || isStillWrong(reading, now))) return String(wrong);
  return trace ? TRACE : String(truth);
}

function toQualityCode(reading: Reading, now: Instant): string {
  return QUALITY_CODES[isStillWrong(reading, now) ? 'GOOD' : reading.quality];
}

const countyName = (code: string) =>
  code === '431121' ? '祁阳县' : (COUNTIES.find((county) => county.code === code)?.name ?? '');

const ELEMENTS: readonly Element[] = [
  place('Station_Id_C', '-', ({ station }) => station.code),
  place('Station_Name', '-', ({ station }) => station.name),
  place('Station_levl', '-', ({ station }) => station.level),
  place('Lat', '度', ({ station }) => station.lat.toFixed(4)),
  place('Lon', '度', ({ station }) => station.lon.toFixed(4)),
  place('Alti', '米', ({ station }) => String(station.altitude)),
  place('Admin_Code_CHN', '-', ({ station }) => station.stated),
  place('City', '-', () => CITY.name),
  place('Cnty', '-', ({ station }) => countyName(station.stated)),
  place('Datetime', '-', ({ at }) => toText(at, UTC)),
  part('Year', '年', 0, 4),
  part('Mon', '月', 5, 7),
  part('Day', '日', 8, 10),
  part('Hour', '时', 11, 13),
  { ...part('Min', '分', 14, 16), tables: [MINUTE_TABLE] },
  ...measured('TEM', '摄氏度', 'temperature'),
  ...measured('RHU', '百分率', 'humidity'),
  ...measured('PRS', '百帕', 'pressure'),
  ...measured('PRE', '毫米', 'rain'),
  ...measured('PRE_1h', '毫米', 'rain1h'),
  ...measured('PRE_24h', '毫米', 'rain24h'),
  ...measured('WIN_S_Avg_2mi', '米/秒', 'windSpeed'),
  ...measured('WIN_D_Avg_2mi', '度', 'windDirection'),
  ...measured('VIS', '米', 'visibility'),
];

/** The element of that name in the table, in whatever case it is asked for; null: there is none. */
export function findElement(table: Table, asked: string): Element | null {
  const name = asked.toLowerCase();
  return (
    ELEMENTS.find((element) => element.tables.includes(table) && element.name.toLowerCase() === name) ?? null
  );
}
