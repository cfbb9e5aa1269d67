// The bureau's graph: sites with their cranes and pits below them, alarms by time, both as Relay connections. Positions are
// BD-09, times Beijing's with their offset, half of the project codes in lower case.
import { buildSchema, GraphQLError } from 'graphql';
import type { Instant } from '../clock/sandbox-clock.ts';
import { toBd09 } from '../map/shift.ts';
import { toWrittenPhone } from '../people/person.ts';
import { HOUR } from '../storm/storm.ts';
import { ALARM_KINDS, type Alarm, toAlarms, toWorking } from './crane.ts';
import { type PageArgs, toConnection } from './page.ts';
import { type Site, STAGES } from './site.ts';

export const SCHEMA = buildSchema(`
"带时区的时间，ISO 8601"
scalar DateTime
type Query {
  "工地"
  sites(first: Int, after: String): SiteConnection!
  "塔吊报警，两端时间均包含"
  craneAlarms(from: DateTime!, to: DateTime!, first: Int, after: String): CraneAlarmConnection!
}
type PageInfo { endCursor: String hasNextPage: Boolean! }
type SiteConnection { nodes: [Site!]! pageInfo: PageInfo! totalCount: Int! }
type CraneAlarmConnection { nodes: [CraneAlarm!]! pageInfo: PageInfo! totalCount: Int! }
type Site {
  projectCode: ID!
  name: String
  stage: SiteStage
  "百度坐标"
  lng: Float
  lat: Float
  divisionCode: String
  contractor: Contractor
  manager: Person
  workersOnSite: Int
  towerCranes: [TowerCrane!]
  deepPits: [DeepPit!]
}
enum SiteStage { ${STAGES.join(' ')} }
type Contractor { name: String uscc: String }
type Person { name: String mobile: String }
type TowerCrane {
  deviceNo: ID!
  "kN·m"
  ratedMoment: Float
  moment: Float
  radius: Float
  height: Float
  windSpeed: Float
  tilt: Float
  updatedAt: DateTime
}
type DeepPit { pitNo: ID! depth: Float settlement: Float }
type CraneAlarm { id: ID! deviceNo: String alarmType: AlarmType alarmTime: DateTime value: Float }
enum AlarmType { ${ALARM_KINDS.join(' ')} }
`);

export type Facts = {
  readonly seed: number;
  readonly now: Instant;
  /** No older alarm is shown. */
  readonly since: Instant;
  readonly sites: readonly Site[];
  /** Those whose alarms are kept, finished or not. */
  readonly watched: readonly Site[];
  /** The personnel system does not answer: managers are errors, and everything else is there. */
  readonly isPersonnelAway: boolean;
};

/** The resolvers' root for one request. */
export function toRoot(facts: Facts) {
  return {
    sites: (args: PageArgs) => toConnection(facts.sites, args, (site) => toSiteNode(facts, site)),
    craneAlarms: ({ from, to, ...args }: PageArgs & { readonly from: unknown; readonly to: unknown }) => {
      const [first, last] = [parseTime(from), parseTime(to)];
      if (first > last) throw new GraphQLError('from 不得晚于 to');
      const { seed, watched, since, now } = facts;
      const alarms = toAlarms(seed, watched, Math.max(first, since), Math.min(last, now));
      return toConnection(alarms, args, toAlarmNode);
    },
  };
}

function toSiteNode({ seed, now, isPersonnelAway }: Facts, site: Site) {
  const { code, name, stage, position, county, number, builder, builderCode, manager, phone } = site;
  const { lon, lat } = toBd09(position);
  return {
    projectCode: number % 2 === 0 ? code.toLowerCase() : code,
    ...{ name, stage, lng: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)) },
    divisionCode: toStatedCounty(site, county),
    contractor: { name: builder, uscc: builderCode ?? '申办中' },
    manager: () => {
      if (isPersonnelAway && number % 10 === 3) throw new GraphQLError('人员系统无响应');
      return { name: manager, mobile: toWrittenPhone(phone, number) };
    },
    workersOnSite: toWorkers(site, now),
    // A site without any has an empty list, or none at all.
    towerCranes:
      site.cranes.length === 0 && number % 2 === 0
        ? null
        : site.cranes.map((crane) => {
            const working = toWorking(seed, site, crane, now);
            const { at, ...measured } = working ?? { at: null };
            const { code: deviceNo, ratedMoment } = crane;
            return { deviceNo, ratedMoment, ...measured, updatedAt: at === null ? null : toBeijing(at) };
          }),
    deepPits:
      site.pits.length === 0
        ? []
        : site.pits.map(({ code: pitNo, depth, settlement }) => ({ pitNo, depth, settlement })),
  };
}

function toAlarmNode({ number, crane, kind, at, value }: Alarm) {
  return { id: number, deviceNo: crane, alarmType: kind, alarmTime: toBeijing(at), value };
}

/** 祁阳 as before 2021, on every third site, and with twelve digits on some. */
function toStatedCounty({ number }: Site, county: string): string {
  if (county === '431181') return number % 3 === 0 ? '431121' : county;
  return number % 7 === 0 ? `${county}000000` : county;
}

/** By night a watchman. */
export function toWorkers({ workers }: Site, now: Instant): number {
  const hour = Math.floor(now / HOUR + 8) % 24;
  return hour >= 6 && hour < 19 ? workers : 1;
}

/** 2026-04-05T05:20:00+08:00 */
export function toBeijing(at: Instant): string {
  return `${new Date(at + 8 * HOUR).toISOString().slice(0, 19)}+08:00`;
}

function parseTime(value: unknown): Instant {
  const text = typeof value === 'string' ? value : '';
  const at = /(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new GraphQLError('时间须为带时区的 ISO 8601');
  return at;
}
