// The centre's stations beside its tables: what is due by the sandbox's clock goes out each minute, and the ledger knows what was
// sent and what was answered.
import pg from 'pg';
import type { SandboxClock } from '../clock/sandbox-clock.ts';
import { toUtc } from '../clock/time-text.ts';
import { openTicks } from '../process/ticks.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import { toWorld } from './readings.ts';
import { type Observation, toSendings, toTelemetered } from './reports.ts';
import { parseStations, type Station } from './station.ts';
import { openTelemetry, type Telemetry, type TelemetryLedger } from './telemetry.ts';

export type StationsOptions = {
  /** Owner's URL of the centre's database, made by openSimulatedDatabase. */
  readonly adminUrl: string;
  readonly clock: SandboxClock;
  readonly seed: number;
  /** The same as the tables'; all when absent. */
  readonly stations?: readonly Station[];
  /** Where the hub listens, and what every unit shows it: four hexadecimal digits. */
  readonly port: number;
  readonly password: string;
  readonly log: (line: string) => void;
  readonly patienceMs?: number;
  readonly retryMs?: number;
};

export type Stations = Pick<Telemetry, 'waiting' | 'isConnected' | 'cut' | 'setAway'> & {
  /** Sends what fell due up to the clock's now; resolves with how many reports, before they are answered. */
  tick(): Promise<number>;
  close(): Promise<void>;
};

/** Units keep no longer than this: after a sleep of the machine, older reports are not made up for. */
const MEMORY = HOUR;
const SHORTEST_WAIT_MS = 1000;
/** 2FH: one third of the stations each minute. */
const ALIVE_EVERY = 3;

/** A frozen clock sends nothing by itself. */
export function openStations(options: StationsOptions): Stations {
  const { clock, seed, log } = options;
  const world = toWorld(seed, options.stations ?? parseStations());
  const stations = toTelemetered(world.stations);
  const ledger = openLedger(options.adminUrl, clock, log);
  const telemetry = openTelemetry({ ...options, stations, now: clock.now, ledger });
  const toMinute = () => Math.floor(clock.now() / MINUTE) * MINUTE;
  let sentTo = toMinute();
  const tick = async () => {
    const now = toMinute();
    if (now <= sentTo) return 0;
    const due = toSendings(world, Math.max(sentTo, now - MEMORY), now);
    sentTo = now;
    telemetry.keepAlive(stations.filter((_, index) => index % ALIVE_EVERY === (now / MINUTE) % ALIVE_EVERY));
    // What is closed before its answer stays unanswered in the ledger too.
    for (const sending of due) telemetry.send(sending).catch(() => undefined);
    return due.length;
  };
  const waitMs = () =>
    clock.frozen ? null : Math.max(SHORTEST_WAIT_MS, (sentTo + MINUTE - clock.now()) / clock.speed);
  const ticks = openTicks({ waitMs, tick: async () => void (await tick()) });
  return {
    ...telemetry,
    tick,
    close: async () => {
      await ticks.close();
      await telemetry.close();
      await ledger.close();
    },
  };
}

/** One connection, so that a report stands there before its answer does. A ledger that fails says so and stops nothing. */
function openLedger(adminUrl: string, clock: SandboxClock, log: (line: string) => void) {
  const pool = new pg.Pool({ connectionString: adminUrl, max: 1, allowExitOnIdle: true });
  pool.on('error', (error) => log(`hydrology ledger: ${error.message}`));
  let last: Promise<unknown> = Promise.resolve();
  const write = (text: string, values: readonly (string | number | null)[]) => {
    last = last
      .then(() => pool.query(text, [...values]))
      .catch((error: Error) => log(`hydrology ledger: ${error.message}`));
  };
  const toKey = ({ station, at }: Observation): readonly [string, string] => [station.code, toUtc(at)];
  const toNow = () => toUtc(clock.now());
  const ledger: TelemetryLedger & { close(): Promise<void> } = {
    sent: (observation) => {
      const { stageM, flowM3s, rainMm } = observation;
      write(SENT, [...toKey(observation), stageM, flowM3s, rainMm, toNow()]);
    },
    acknowledged: (observation) => write(ACKNOWLEDGED, [...toKey(observation), toNow()]),
    close: async () => {
      await last;
      await pool.end();
    },
  };
  return ledger;
}

// A system that is started again sends its last minute once more.
const SENT = `insert into ledger.telemetry (stcd, observed_at, stage_m, flow_m3s, rain_mm, sent_at)
  values ($1, $2, $3, $4, $5, $6) on conflict (stcd, observed_at) do nothing`;
const ACKNOWLEDGED = `update ledger.telemetry set acknowledged_at = coalesce(acknowledged_at, $3)
  where stcd = $1 and observed_at = $2`;
