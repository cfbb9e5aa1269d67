// The ledger of true values: what the simulation knows, in UTC, WGS84 and SI, before any encoding. It exists in this process
// only. Columns are described in sandbox/README.md.
import type { Position } from '../map/shift.ts';
import { type AlarmKind, toAlarms, toWorking } from './crane.ts';
import { type Facts, toWorkers } from './schema.ts';
import type { Stage } from './site.ts';

export type Ledger = {
  readonly sites: readonly SiteEntry[];
  readonly cranes: readonly {
    readonly code: string;
    readonly site: string;
    readonly ratedMomentNm: number;
  }[];
  readonly workings: readonly WorkingEntry[];
  readonly pits: readonly PitEntry[];
  readonly alarms: readonly AlarmEntry[];
};

export type SiteEntry = {
  readonly code: string;
  readonly name: string;
  readonly stage: Stage;
  readonly position: Position;
  readonly county: string;
  readonly builder: string;
  readonly builderCode: string | null;
  readonly manager: string;
  readonly managerPhone: string;
  readonly workers: number;
};

export type WorkingEntry = {
  readonly crane: string;
  readonly observedAt: string;
  readonly momentNm: number;
  readonly radiusM: number;
  readonly heightM: number;
  readonly windMS: number;
  /** Degrees. */
  readonly tilt: number;
};

export type PitEntry = {
  readonly code: string;
  readonly site: string;
  readonly depthM: number;
  readonly settlementM: number;
};

export type AlarmEntry = {
  readonly number: string;
  readonly crane: string;
  readonly kind: AlarmKind;
  readonly observedAt: string;
  /** N·m, m/s, degrees, metres or volts, by the kind. */
  readonly value: number;
};

export function toLedger({ seed, now, since, sites, watched }: Facts): Ledger {
  const cranes = sites.flatMap((site) => site.cranes.map((crane) => ({ site, crane })));
  return {
    sites: sites.map((site) => {
      const { code, name, stage, position, county, builder, builderCode, manager, phone } = site;
      return {
        ...{ code, name, stage, position, county, builder, builderCode, manager },
        ...{ managerPhone: phone, workers: toWorkers(site, now) },
      };
    }),
    cranes: cranes.map(({ site, crane }) => ({
      ...{ code: crane.code, site: site.code, ratedMomentNm: crane.ratedMoment * 1000 },
    })),
    workings: cranes.flatMap(({ site, crane }) => {
      const working = toWorking(seed, site, crane, now);
      if (working === null) return [];
      const { at, moment, radius, height, windSpeed, tilt } = working;
      return [
        {
          ...{ crane: crane.code, observedAt: new Date(at).toISOString(), momentNm: moment * 1000 },
          ...{ radiusM: radius, heightM: height, windMS: windSpeed, tilt },
        },
      ];
    }),
    pits: sites.flatMap((site) =>
      site.pits.map(({ code, depth, settlement }) => ({
        ...{ code, site: site.code, depthM: depth, settlementM: settlement / 1000 },
      })),
    ),
    get alarms() {
      return toAlarms(seed, watched, since, now).map(({ number, crane, kind, at, value }) => ({
        ...{ number, crane, kind, observedAt: new Date(at).toISOString() },
        value: kind === 'MOMENT' ? value * 1000 : value,
      }));
    },
  };
}
