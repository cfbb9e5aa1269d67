// The weather bureau as a system of its own: its HTTP server with the simulated data, and the front on its port.
//   hub → front (options.port) → HTTP server: MUSIC and the archive of warnings
import { type Instant, openClock, type SandboxClock } from '../clock/sandbox-clock.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import { openHttpSystem, type ServiceOptions } from '../http/http-system.ts';
import { HOUR } from '../storm/storm.ts';
import { type Credentials, openCredentials } from './credentials.ts';
import { type Ledger, toLedger } from './ledger.ts';
import { toService } from './service.ts';
import { parseStations } from './station.ts';
import { toWarnings } from './warnings.ts';
import { ALL_TRAPS, type Traps } from './world.ts';

export type SystemOptions = ServiceOptions & {
  /** When absent made once and kept in the folder. */
  readonly credentials?: Credentials;
  /** All of them when absent. */
  readonly traps?: Partial<Traps>;
  /** MUSIC refuses to answer with more; 3,000 when absent. */
  readonly rowLimit?: number;
};

export type WeatherSystem = {
  /** Both services' origin, through the front. */
  readonly url: string;
  readonly port: number;
  readonly credentials: Credentials;
  readonly clock: SandboxClock;
  /** The first time of the history. */
  readonly since: Instant;
  /** True values of [from, to] as far as the services show them by now; the whole history when absent. */
  ledger(from?: Instant, to?: Instant): Ledger;
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
  close(): Promise<void>;
};

const ROW_LIMIT = 3000;
/** The shape of another service of the same bureau. */
const FORECAST = { type: 'application/json', text: '{"service":"forecast","items":[]}' };

export async function openWeatherSystem(options: SystemOptions): Promise<WeatherSystem> {
  const { folder, port, seed, days, log, rowLimit = ROW_LIMIT } = options;
  const clock = openClock(options.clock);
  const since = clock.now() - days * 24 * HOUR;
  const world = { seed, stations: parseStations(), traps: { ...ALL_TRAPS, ...options.traps } };
  const warnings = toWarnings(world);
  const credentials = options.credentials ?? (await openCredentials(folder));
  const reply = toService({
    music: { world, credentials, since, rowLimit },
    archive: { world, key: credentials.capKey, since, warnings },
    now: clock.now,
  });
  const system = await openHttpSystem({ port, slowMs: options.slowMs, strange: FORECAST, reply, log });
  return {
    ...system,
    ...{ credentials, clock, since },
    ledger: (from = since, to = clock.now()) => {
      const now = clock.now();
      return toLedger(world, warnings, Math.max(from, since), Math.min(to, now), now);
    },
  };
}
