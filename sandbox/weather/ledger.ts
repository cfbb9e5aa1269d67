// The ledger of true values: what the simulation knows, in UTC, WGS84 and SI, before any encoding. It exists in this process
// only; the hub's tests compare their store with it. Columns are described in sandbox/README.md.
import type { Instant } from '../clock/sandbox-clock.ts';
import { type Quality, toSilences } from './fate.ts';
import { toRows } from './rows.ts';
import type { Warning } from './warnings.ts';
import { HOUR_TABLE, MINUTE_TABLE, type Quantity, type Table, type World } from './world.ts';

export type Ledger = {
  readonly stations: readonly StationEntry[];
  readonly hourly: readonly ValueEntry[];
  readonly minutes: readonly ValueEntry[];
  readonly silences: readonly SilenceEntry[];
  readonly warnings: readonly WarningEntry[];
};

export type StationEntry = {
  readonly code: string;
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
  readonly altitudeM: number;
  readonly level: string;
  readonly county: string;
  readonly statedCode: string;
  /** The stated code names another county than the point lies in, whatever year's codes are used. */
  readonly isStatedWrong: boolean;
};

export type ValueEntry = {
  readonly station: string;
  readonly observedAt: string;
  readonly arrivedAt: string;
  readonly quantity: Quantity;
  readonly truth: number | null;
  readonly trace: boolean;
  readonly quality: Quality;
  readonly correctedAt: string | null;
  /** What the service says at the ledger's time, as a number; null: a missing value or a calm. */
  readonly stated: number | null;
  readonly statedQuality: Quality;
};

export type SilenceEntry = {
  readonly station: string;
  readonly from: string;
  readonly to: string;
  readonly deliveredAt: string | null;
};

export type WarningEntry = {
  readonly identifier: string;
  readonly sentAt: string;
  readonly expiresAt: string;
  readonly status: Warning['status'];
  readonly type: Warning['type'];
  readonly eventCode: string;
  readonly colour: Warning['signal']['colour'];
  readonly counties: readonly string[];
  readonly replaces: string | null;
};

/** 祁阳县 became 祁阳市 in 2021. */
const SUCCESSORS: Readonly<Record<string, string>> = { '431121': '431181' };

/**
 * Rows and warnings of [from, to] that the services show at `now`; every station. An array is made each time it is read: a day of
 * minutes is 70,000 values.
 */
export function toLedger(
  world: World,
  warnings: (from: Instant, to: Instant) => Warning[],
  from: Instant,
  to: Instant,
  now: Instant,
): Ledger {
  return {
    stations: world.stations.map(({ code, name, lon, lat, altitude, level, county, stated }) => ({
      ...{ code, name, lon, lat, altitudeM: altitude, level, county, statedCode: stated },
      isStatedWrong: (SUCCESSORS[stated] ?? stated) !== county,
    })),
    get hourly() {
      return toValues(world, HOUR_TABLE, from, to, now);
    },
    get minutes() {
      return toValues(world, MINUTE_TABLE, from, to, now);
    },
    silences: world.stations.flatMap((station) =>
      toSilences(world, station, from, to).map((silence) => ({
        station: station.code,
        from: toUtc(silence.from),
        to: toUtc(silence.to),
        deliveredAt: silence.deliveredAt === null ? null : toUtc(silence.deliveredAt),
      })),
    ),
    get warnings() {
      return warnings(from, to).map(toWarningEntry);
    },
  };
}

function toValues(world: World, table: Table, from: Instant, to: Instant, now: Instant): ValueEntry[] {
  return toRows(world, table, from, to)
    .filter(({ arrivesAt }) => arrivesAt <= now)
    .flatMap((row) => {
      const { readings } = row;
      // Once a row: a day of minutes is half a million times to be written down otherwise.
      const [station, observedAt, arrivedAt] = [row.station.code, toUtc(row.at), toUtc(row.arrivesAt)];
      return [...readings].map(([quantity, { truth, trace, wrong, quality, correctedAt }]) => {
        const isStillWrong = correctedAt !== null && now < correctedAt;
        const isWrong = quality === 'BAD' || isStillWrong;
        return {
          station,
          observedAt,
          arrivedAt,
          quantity,
          truth,
          trace,
          quality,
          correctedAt: correctedAt === null ? null : toUtc(correctedAt),
          stated: quality === 'MISSING' ? null : isWrong ? wrong : truth,
          statedQuality: isStillWrong ? 'GOOD' : quality,
        };
      });
    });
}

function toWarningEntry(warning: Warning): WarningEntry {
  const { identifier, sentAt, expiresAt, status, type, event, signal, counties, replaces } = warning;
  return {
    ...{ identifier, sentAt: toUtc(sentAt), expiresAt: toUtc(expiresAt), status, type },
    ...{ eventCode: event.code, colour: signal.colour, counties: counties.map(({ code }) => code) },
    replaces: replaces?.identifier ?? null,
  };
}

function toUtc(at: Instant): string {
  return new Date(at).toISOString();
}
