// A MUSIC request, read from the query of its URL and refused with MUSIC's kind of code where it is wrong. Everything but the
// road itself is answered with HTTP 200.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { Credentials } from './credentials.ts';
import { type Element, findElement } from './elements.ts';
import type { Station } from './station.ts';
import { parseCompact, UTC } from './time.ts';
import { HOUR_TABLE, MINUTE_TABLE, type Table } from './world.ts';

/** "0" and "-1" are MUSIC's own; the numbers of the other codes are this sandbox's. */
export const MUSIC_CODES = {
  ok: '0',
  noData: '-1',
  wrongUser: '-1001',
  missingParameter: '-1002',
  wrongParameter: '-1003',
  unknownElement: '-1004',
  tooManyRows: '-1005',
} as const;

export type MusicRequest = {
  readonly table: Table;
  /** As asked, each once, with what it means. */
  readonly columns: readonly { readonly asked: string; readonly element: Element }[];
  /** Both ends are wanted. */
  readonly from: Instant;
  readonly to: Instant;
  isWanted(station: Station): boolean;
  readonly order: readonly Order[];
};
export type Order = { readonly by: 'time' | 'station'; readonly sign: 1 | -1 };

export class MusicRefusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const REQUIRED = ['interfaceId', 'dataCode', 'elements', 'timeRange', 'adminCodes', 'dataFormat'];
const OPTIONAL = ['userId', 'pwd', 'staLevels', 'orderby', 'callback'];
const TABLES = [HOUR_TABLE, MINUTE_TABLE];

/** Throws a MusicRefusal: the user first, then what is missing, then what is wrong. */
export function parseMusicRequest(query: URLSearchParams, credentials: Credentials): MusicRequest {
  const cell = (name: string) => query.get(name) ?? '';
  if (cell('userId') !== credentials.musicUser || cell('pwd') !== credentials.musicPassword)
    throw new MusicRefusal(MUSIC_CODES.wrongUser, 'The user or the password is wrong');
  const missing = REQUIRED.filter((name) => cell(name) === '');
  if (missing.length > 0)
    throw new MusicRefusal(MUSIC_CODES.missingParameter, `Missing parameter: ${missing.join(',')}`);
  const known = [...REQUIRED, ...OPTIONAL];
  const unknown = [...new Set(query.keys())].filter((name) => !known.includes(name));
  if (unknown.length > 0) throw toWrong(unknown.join(','), 'no such parameter');
  if (cell('interfaceId') !== 'getSurfEleInRegionByTimeRange') throw toWrong('interfaceId', 'not offered');
  if (!['json', 'jsonp'].includes(cell('dataFormat'))) throw toWrong('dataFormat', 'json or jsonp');
  if (query.has('callback') && !isCallback(cell('callback'))) throw toWrong('callback', 'not a name');
  const table = TABLES.find(({ dataCode }) => dataCode === cell('dataCode'));
  if (table === undefined) throw toWrong('dataCode', 'not offered');
  return {
    table,
    columns: parseColumns(table, cell('elements')),
    ...parseRange(cell('timeRange')),
    isWanted: parseRegion(cell('adminCodes'), cell('staLevels')),
    order: cell('orderby') === '' ? [] : cell('orderby').split(',').map(parseOrder),
  };
}

/** A name that is safe to be called in a script. */
export function isCallback(name: string): boolean {
  return /^[A-Za-z_$][\w$.]{0,63}$/.test(name);
}

function toWrong(parameter: string, why: string): MusicRefusal {
  return new MusicRefusal(MUSIC_CODES.wrongParameter, `Wrong parameter: ${parameter} (${why})`);
}

function parseColumns(table: Table, list: string): MusicRequest['columns'] {
  return [...new Set(list.split(','))].map((asked) => {
    const element = findElement(table, asked);
    if (element === null)
      throw new MusicRefusal(
        MUSIC_CODES.unknownElement,
        `Unknown element of ${table.dataCode}: ${asked.replace(/[^\w]/g, '?').slice(0, 40)}`,
      );
    return { asked, element };
  });
}

/** [start,end], fourteen digits each, UTC. */
function parseRange(text: string): { from: Instant; to: Instant } {
  const [, start = '', end = ''] = /^\[(\d{14}),(\d{14})\]$/.exec(text) ?? [];
  const [from, to] = [parseCompact(start, UTC), parseCompact(end, UTC)];
  if (from === null || to === null || from > to)
    throw toWrong('timeRange', '[YYYYMMDDHHMISS,YYYYMMDDHHMISS], start not after end');
  return { from, to };
}

/** The codes are those that the stations state: 431181 does not find a station that still says 431121. */
function parseRegion(adminCodes: string, staLevels: string): (station: Station) => boolean {
  const codes = adminCodes.split(',');
  if (codes.some((code) => !/^\d{6}$/.test(code))) throw toWrong('adminCodes', 'six digits each');
  // 430000 is a province, 431100 a city.
  const regions = codes.map((code) => code.replace(/(00){1,2}$/, ''));
  const levels = staLevels === '' ? null : staLevels.split(',');
  return ({ stated, level }) =>
    regions.some((region) => stated.startsWith(region)) && (levels === null || levels.includes(level));
}

function parseOrder(text: string): Order {
  const [, name = '', way] = /^(datetime|station_id_c):(asc|desc)$/i.exec(text) ?? [];
  if (way === undefined) throw toWrong('orderby', 'Datetime or Station_Id_C, with :ASC or :DESC');
  return {
    by: name.toLowerCase() === 'datetime' ? 'time' : 'station',
    sign: way.toLowerCase() === 'asc' ? 1 : -1,
  };
}
