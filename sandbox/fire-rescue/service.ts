// The brigade's registers over REST, behind a bearer token: positions in GCJ-02, 祁阳 by its code before 2021, codes and plates
// as clerks write them.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { Call, Reply } from '../http/http-system.ts';
import { type Position, toGcj02 } from '../map/shift.ts';
import { toWrittenPhone } from '../people/person.ts';
import { type Engine, type EngineState, type Station, type Team, toEngineState } from './brigade.ts';
import { type Site, toWrittenCode } from './site.ts';

export type Registers = {
  readonly seed: number;
  readonly now: Instant;
  readonly stations: readonly Station[];
  readonly engines: readonly Engine[];
  readonly teams: readonly Team[];
  readonly sites: readonly Site[];
};

type Row = Readonly<Record<string, string | number | null>>;

const STATES: Readonly<Record<EngineState, readonly [word: string, code: string]>> = {
  READY: ['待命', '1'],
  OUT: ['出动', '2'],
  REPAIR: ['检修', '3'],
  TRAINING: ['训练', '4'],
};
const LARGEST_PAGE = 100;

const ROADS: Readonly<Record<string, (registers: Registers) => readonly Row[]>> = {
  '/stations': ({ stations }) => stations.map(toStationRow),
  '/engines': ({ engines, seed, now }) =>
    engines.map((engine) => toEngineRow(engine, toEngineState(seed, engine, now))),
  '/teams': ({ teams }) => teams.map(toTeamRow),
  '/keyUnits': ({ sites }) => sites.map(toSiteRow),
};

export function toService({
  token,
  registers,
}: {
  readonly token: string;
  registers(): Registers;
}): (call: Call) => Reply {
  return ({ path, method, headers, query }) => {
    const road = ROADS[path];
    if (road === undefined || method !== 'GET') return { status: 404, type: 'text/plain', text: 'Not found' };
    if (headers.authorization !== `Bearer ${token}`) return toJson(401, { code: '401', msg: '令牌无效' });
    const rows = road(registers());
    const [offset, limit] = [
      parseNumber(query.get('offset'), 0),
      parseNumber(query.get('limit'), LARGEST_PAGE),
    ];
    if (offset === null || limit === null || limit < 1 || limit > LARGEST_PAGE)
      return toJson(200, { code: '400', msg: '分页参数错误' });
    return toJson(200, {
      code: '200',
      msg: '成功',
      total: rows.length,
      data: rows.slice(offset, offset + limit),
    });
  };
}

const toStatedCounty = (county: string) => (county === '431181' ? '431121' : county);

function toMap(position: Position) {
  const { lon, lat } = toGcj02(position);
  return { lng: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)) };
}

function toStationRow({ code, name, position, phone, crew, county, number }: Station): Row {
  return {
    ...{ stationCode: code, stationName: name, ...toMap(position), crew, xzqhdm: toStatedCounty(county) },
    // 0746-7119000, 07467119000 or the local number alone.
    dutyPhone: [`${phone.slice(0, 4)}-${phone.slice(4)}`, phone, phone.slice(4)][number % 3] ?? phone,
  };
}

function toEngineRow({ plate, number, name, station, water, foam }: Engine, state: EngineState): Row {
  return {
    ...{ name, water, foam: String(foam), stationCode: station },
    plateNo:
      number % 4 === 0
        ? `${plate.slice(0, 2)}·${plate.slice(2)}`
        : number % 4 === 1
          ? ` ${plate.toLowerCase()}`
          : plate,
    status: STATES[state][number % 2] ?? '',
  };
}

function toTeamRow({ code, name, people, leader, leaderPhone, skills, county }: Team): Row {
  return {
    ...{ teamCode: code, teamName: name, people, leader, xzqhdm: toStatedCounty(county) },
    leaderPhone: toWrittenPhone(leaderPhone, people),
    skills: skills.join(','),
  };
}

function toSiteRow(site: Site): Row {
  const { name, position, county, creditCode } = site;
  return {
    ...{ siteCode: toWrittenCode(site, 'register'), siteName: name, ...toMap(position) },
    ...{ uscc: creditCode ?? '办理中', xzqhdm: toStatedCounty(county) },
  };
}

function parseNumber(text: string | null, absent: number): number | null {
  if (text === null) return absent;
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
}

function toJson(status: number, body: object): Reply {
  return { status, type: 'application/json', text: JSON.stringify(body) };
}
