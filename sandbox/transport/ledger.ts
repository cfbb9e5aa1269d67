// The ledger: what the vehicles are and where they truly were, in UTC and WGS84. Tests compare the hub's store with it by plain SQL;
// the hub's own role cannot read it. Terminals write into it what they sent, and when it was answered.
import pg from 'pg';
import { toUtc } from '../clock/time-text.ts';
import type { Row } from '../database/copy.ts';
import type { Fix } from './drive.ts';
import type { SentPosition } from './terminal.ts';
import type { Vehicle } from './vehicle.ts';

/** Columns are described in sandbox/README.md. */
export const LEDGER_DDL = `
create table ledger.vehicle (
  plate text, colour integer, kind text not null, hazmat boolean not null, sim_no text not null, company text not null, cargo text,
  county_code text not null, primary key (plate, colour));
create table ledger.position (
  plate text, colour integer, observed_at timestamptz, source text, lon numeric(9,6), lat numeric(8,6), speed_kmh numeric(5,1) not null,
  heading integer not null, altitude_m integer not null, mileage_km numeric(10,1) not null, alarms integer[] not null,
  sent_at timestamptz, acknowledged_at timestamptz, primary key (plate, colour, observed_at, source));
`;

/** What terminals sent is kept for so long; the record for ever. */
const KEPT = '2 days';
const FLUSH_MS = 500;
const PRUNE_EVERY = 3_600_000;

export function toVehicleEntry(vehicle: Vehicle): Row {
  const { plate, colour, kind, isHazmat, simNo, company, cargo, county } = vehicle;
  return [plate, colour, kind, String(isHazmat), simNo, company, cargo === '' ? null : cargo, county];
}

/** As the bureau's record has it: whole kilometres, and the alarms of its columns. */
export function toRecordEntry(vehicle: Vehicle, fix: Fix): Row {
  const { place, heading, altitude, alarms } = fix;
  return [
    ...[vehicle.plate, vehicle.colour, toUtc(fix.at), 'record', place?.lon ?? null, place?.lat ?? null],
    ...[Math.round(fix.speed), heading, altitude, Math.round(fix.mileage), `{${alarms.join()}}`, null, null],
  ];
}

export type TerminalLedger = {
  /** Sent, or answered: the row as it stands now. */
  note(position: SentPosition): void;
  /** Resolves when everything noted so far is in the database. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

/** Writes twice a second. What cannot be written is written later; `log` hears of it. */
export function openTerminalLedger(adminUrl: string, log: (line: string) => void): TerminalLedger {
  const pool = new pg.Pool({ connectionString: adminUrl, max: 1, allowExitOnIdle: true });
  pool.on('error', (error) => log(`transport ledger: ${error.message}`));
  let rows = new Map<string, object>();
  let last: Promise<unknown> = Promise.resolve();
  let prunedMs = 0;
  const write = async () => {
    const taken = rows;
    rows = new Map();
    if (taken.size === 0) return;
    try {
      await pool.query(UPSERT, [JSON.stringify([...taken.values()])]);
      if (Date.now() - prunedMs > PRUNE_EVERY) {
        await pool.query(PRUNE);
        prunedMs = Date.now();
      }
    } catch (error) {
      rows = new Map([...taken, ...rows]);
      throw error;
    }
  };
  const flush = () => {
    const done = last.then(write);
    last = done.catch((error: Error) => log(`transport ledger: ${error.message}`));
    return done;
  };
  const timer = setInterval(() => void flush().catch(() => undefined), FLUSH_MS).unref();
  return {
    note: (position) => {
      const row = toTerminalEntry(position);
      rows.set(`${row.plate} ${row.observed_at}`, row);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush().catch(() => undefined);
      await pool.end();
    },
  };
}

function toTerminalEntry({ vehicle, fix, sentAt, answeredAt }: SentPosition) {
  const { at, place, speed, heading, altitude, mileage, alarms } = fix;
  return {
    ...{ plate: vehicle.plate, colour: vehicle.colour, observed_at: toUtc(at), source: 'terminal' },
    ...{ lon: place?.lon ?? null, lat: place?.lat ?? null, speed_kmh: speed, heading, altitude_m: altitude },
    ...{ mileage_km: mileage, alarms, sent_at: toUtc(sentAt) },
    acknowledged_at: answeredAt === null ? null : toUtc(answeredAt),
  };
}

const UPSERT = `insert into ledger.position select * from json_populate_recordset(null::ledger.position, $1)
  on conflict (plate, colour, observed_at, source)
  do update set acknowledged_at = coalesce(ledger.position.acknowledged_at, excluded.acknowledged_at)`;
const PRUNE = `delete from ledger.position where source = 'terminal' and sent_at < now() - interval '${KEPT}'`;
