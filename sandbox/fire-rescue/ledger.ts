// The ledger of true values: what the simulation knows, in UTC and WGS84, before any encoding. It exists in this process only.
// Columns are described in sandbox/README.md.
import type { Position } from '../map/shift.ts';
import type { Report, Signal } from './alarm.ts';
import { type EngineState, type Team, toEngineState } from './brigade.ts';
import type { Registers } from './service.ts';

export type Ledger = {
  readonly stations: readonly {
    readonly code: string;
    readonly name: string;
    readonly county: string;
    readonly position: Position;
    readonly phone: string;
    readonly crew: number;
  }[];
  readonly engines: readonly {
    readonly plate: string;
    readonly name: string;
    readonly station: string;
    readonly state: EngineState;
    readonly waterT: number;
    readonly foamT: number;
  }[];
  readonly teams: readonly Team[];
  readonly sites: readonly {
    readonly code: string;
    readonly name: string;
    readonly county: string;
    readonly position: Position;
    readonly creditCode: string | null;
  }[];
  readonly alarms: readonly AlarmEntry[];
  readonly lost: readonly LostEntry[];
};

/** One signal of one part. */
export type AlarmEntry = {
  readonly site: string;
  readonly system: number;
  readonly part: string;
  readonly signal: Signal;
  readonly observedAt: string;
  readonly text: string;
  readonly acknowledged: boolean;
};

/** What no reader can make a row of: a frame that was damaged, a state that no document names. */
export type LostEntry = {
  readonly why: 'DAMAGED' | 'UNKNOWN';
  readonly site: string;
  readonly at: string;
  readonly acknowledged: boolean;
};

/** `isTaken`: all of its messages were acknowledged. */
export type Published = { readonly report: Report; readonly isTaken: boolean };

/** 31 bytes hold fifteen characters of GBK. */
const TEXT_OF_A_FRAME = 15;

export function toLedger(registers: Registers, published: readonly Published[]): Ledger {
  const { seed, now, stations, engines, teams, sites } = registers;
  return {
    stations: stations.map(({ code, name, county, position, phone, crew }) => ({
      ...{ code, name, county, position, phone, crew },
    })),
    engines: engines.map((engine) => {
      const { plate, name, station, water, foam } = engine;
      return { plate, name, station, state: toEngineState(seed, engine, now), waterT: water, foamT: foam };
    }),
    teams,
    sites: sites.map(({ code, name, county, position, creditCode }) => ({
      ...{ code, name, county, position, creditCode },
    })),
    alarms: published.flatMap(toAlarms),
    lost: published.flatMap(toLost),
  };
}

function toAlarms({ report, isTaken }: Published): AlarmEntry[] {
  const { site, parts, isDamaged } = report;
  if (isDamaged) return [];
  return parts.flatMap(({ system, address, signals, text, at }) =>
    signals.map((signal) => ({
      ...{ site: site.code, system, part: String(address), signal, acknowledged: isTaken },
      observedAt: new Date(at).toISOString(),
      text: site.speaks === 'frame' ? text.slice(0, TEXT_OF_A_FRAME) : text,
    })),
  );
}

function toLost({ report, isTaken }: Published): LostEntry[] {
  const { site, parts, isDamaged, at } = report;
  const toEntry = (why: LostEntry['why'], when: number) => ({
    ...{ why, site: site.code, at: new Date(when).toISOString(), acknowledged: isTaken },
  });
  if (isDamaged) return [toEntry('DAMAGED', at)];
  return parts.filter(({ hasUnknown }) => hasUnknown).map((part) => toEntry('UNKNOWN', part.at));
}
