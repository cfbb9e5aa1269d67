// The MUSIC service: a request's rows as they stand at this moment, and the text that carries them, with its faults: broken
// JSON, another case of the field names, a callback around it. service.ts hands the text over.
import type { Instant } from '../clock/sandbox-clock.ts';
import { toChance } from '../storm/noise.ts';
import type { Credentials } from './credentials.ts';
import {
  isCallback,
  MUSIC_CODES,
  MusicRefusal,
  type MusicRequest,
  parseMusicRequest,
} from './music-request.ts';
import { type Row, toRows, toTimes } from './rows.ts';
import { toText, UTC } from './time.ts';
import { MINUTE_TABLE, type World } from './world.ts';

// Bound once: a test runner's sandboxed globals are slow to look up.
const { stringify } = JSON;

export type MusicService = {
  readonly world: World;
  readonly credentials: Credentials;
  /** The first time of which the service still has rows. */
  readonly since: Instant;
  /** More rows than that are refused. */
  readonly rowLimit: number;
};

type Answer = {
  readonly code: string;
  readonly message: string;
  readonly names: readonly string[];
  readonly units: readonly string[];
  readonly records: readonly (readonly string[])[];
};

/**
 * The body of the answer. `count` numbers the requests since the service was opened: with the seed it decides which answers are
 * broken and which empty ones carry an empty DS.
 */
export function toMusicText(
  service: MusicService,
  query: URLSearchParams,
  now: Instant,
  count: number,
): string {
  const answer = toAnswer(service, query, now);
  const { seed, traps } = service.world;
  const broken = toChance(seed, 110, count) < traps.brokenJsonShare;
  const emptyList = toChance(seed, 111, count) < 0.5;
  const seconds = (0.01 + 0.2 * toChance(seed, 112, count)).toFixed(3);
  const text = toJson(answer, query, toText(now, UTC), seconds, { broken, emptyList });
  if (query.get('dataFormat') !== 'jsonp') return text;
  const callback = query.get('callback') ?? '';
  return `${isCallback(callback) ? callback : 'callback'}(${text});`;
}

function toAnswer(service: MusicService, query: URLSearchParams, now: Instant): Answer {
  const empty = { names: [], units: [], records: [] };
  try {
    const request = parseMusicRequest(query, service.credentials);
    const rows = findRows(service, request, now);
    if (rows.length === 0) return { code: MUSIC_CODES.noData, message: 'Query no data.', ...empty };
    const { columns, table } = request;
    const ownCase = service.world.traps.fieldNameCase && table === MINUTE_TABLE;
    return {
      code: MUSIC_CODES.ok,
      message: 'Query Succeed',
      names: columns.map(({ asked, element }) => (ownCase ? element.minuteName : asked)),
      units: columns.map(({ element }) => element.unit),
      records: rows.map((row) => columns.map(({ element }) => element.value(row, now))),
    };
  } catch (error) {
    if (!(error instanceof MusicRefusal)) throw error;
    return { code: error.code, message: error.message, ...empty };
  }
}

function findRows({ world, since, rowLimit }: MusicService, request: MusicRequest, now: Instant): Row[] {
  const { table, isWanted, order } = request;
  const stations = world.stations.filter(isWanted);
  const from = Math.max(request.from, since);
  const to = Math.min(request.to, now);
  if (stations.length === 0 || from > to) return [];
  // Counted as if no station were ever silent, before a single value is made.
  if (stations.length * toTimes(table, from, to).length > rowLimit)
    throw new MusicRefusal(MUSIC_CODES.tooManyRows, `More than ${rowLimit} rows: ask for less at a time`);
  const asked = new Set(request.columns.map(({ element }) => element.quantity));
  const quantities = table.quantities.filter((quantity) => asked.has(quantity));
  return toRows(world, { ...table, quantities }, from, to, stations)
    .filter(({ arrivesAt }) => arrivesAt <= now)
    .sort((a, b) => {
      for (const { by, sign } of order) {
        const difference = by === 'time' ? a.at - b.at : compare(a.station.code, b.station.code);
        if (difference !== 0) return sign * difference;
      }
      return 0;
    });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * One line, in MUSIC's order of fields. The broken kind lacks what JSON wants around one name:
 * `…,"takeTime":"0.071",fieldNames="Station_Id_C Lat Lon","fieldUnits":"- 度 度","DS":[{…},{…}]}`.
 */
function toJson(
  { code, message, names, units, records }: Answer,
  query: URLSearchParams,
  time: string,
  seconds: string,
  { broken, emptyList }: { broken: boolean; emptyList: boolean },
): string {
  const pair = (name: string, value: string) => `"${name}":${stringify(value)}`;
  const fields = [
    pair('returnCode', code),
    pair('returnMessage', message),
    pair('rowCount', String(records.length)),
    pair('colCount', String(names.length)),
    pair('requestParams', toEcho(query)),
    pair('requestTime', time),
    pair('responseTime', time),
    pair('takeTime', seconds),
  ];
  if (code === MUSIC_CODES.ok) {
    const list = stringify(names.join(' '));
    const record = (values: readonly string[]) =>
      `{${values.map((value, index) => pair(names[index] ?? '', value)).join(',')}}`;
    fields.push(broken ? `fieldNames=${list}` : `"fieldNames":${list}`);
    fields.push(pair('fieldUnits', units.join(' ')), `"DS":[${records.map(record).join(',')}]`);
  } else if (code === MUSIC_CODES.noData && emptyList) fields.push('"DS":[]');
  return `{${fields.join(',')}}`;
}

/** What was asked, without who asked. */
function toEcho(query: URLSearchParams): string {
  const shown = [...query].filter(([name]) => name !== 'userId' && name !== 'pwd');
  return shown.map(([name, value]) => `${name.toLowerCase()}=${value}`).join('&');
}
