// `duration`: how long something took or counts. The unit is the manifest's, never guessed from a table's name: the same
// table counts minutes in one system and hours in another.
import { toDurationText, toMillis } from '../../../../schema/duration.ts';
import { HubError } from '../../../../schema/errors.ts';
import { compileSingle } from '../read-value.ts';
import { bad, type Remark } from '../remark.ts';
import type { CompileConverter } from './converter.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MILLIS: ReadonlyMap<string, number> = new Map([
  ['s', 1000],
  ['min', MINUTE],
  ['h', HOUR],
  ['d', 24 * HOUR],
]);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
const HOURS_MINUTES = /^(\d{1,5})(?:\.(\d{1,2})0*)?$/;
/** A thousand years: beyond it nothing was measured. */
const LONGEST = 1000 * 366 * 24 * HOUR;

export const compileDuration: CompileConverter = (reading, field) => {
  const toLength = compileUnit(reading.options.unit ?? '', field.name);
  const [least, most] = (reading.options.range ?? []).map((bound) =>
    typeof bound === 'string' ? toMillis(bound) : bound,
  );
  return compileSingle(reading, (text) => {
    const millis = toLength(text);
    if (typeof millis !== 'number') return millis;
    if ((least !== undefined && millis < least) || (most !== undefined && millis > most))
      return bad('HUB_MAP_RANGE', `must be from ${reading.options.range?.join(' to ')}`);
    return toDurationText(millis);
  });
};

function compileUnit(unit: string, field: string): (text: string) => number | Remark {
  if (unit === 'HH.NN') return parseHoursMinutes;
  const factor = MILLIS.get(unit);
  if (factor === undefined)
    throw new HubError(
      'HUB_MANIFEST_INVALID',
      `field ${field}: unit must be s, min, h, d or HH.NN, but is ${unit || 'missing'}`,
      {
        place: { field },
      },
    );
  return (text) => {
    // Whole milliseconds: what a double adds to 0.1 h is rounded away.
    const millis = NUMBER.test(text) ? Math.round(Number(text) * factor) : Number.NaN;
    return millis >= 0 && millis <= LONGEST ? millis : bad('HUB_MAP_NUMBER', 'must be a number of 0 or more');
  };
}

// 1.30 is an hour and a half; a database that dropped the last zero gives 1.3 for the same. 1.75 is nothing.
function parseHoursMinutes(text: string): number | Remark {
  const parts = HOURS_MINUTES.exec(text);
  const minutes = Number((parts?.[2] ?? '').padEnd(2, '0'));
  if (parts === null || minutes > 59)
    return bad('HUB_MAP_NUMBER', 'must be hours, a point, and minutes from 00 to 59');
  return Number(parts[1]) * HOUR + minutes * MINUTE;
}
