// The housing bureau as a system of its own: its GraphQL endpoint with the simulated sites, and the front on its port.
import { type ClockOptions, type Instant, openClock, type SandboxClock } from '../clock/sandbox-clock.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import { openHttpSystem } from '../http/http-system.ts';
import { type KeptSecrets, openKeptSecrets } from '../process/kept-secrets.ts';
import { HOUR } from '../storm/storm.ts';
import { type Ledger, toLedger } from './ledger.ts';
import type { Facts } from './schema.ts';
import { toService } from './service.ts';
import { toSites } from './site.ts';

export type SystemOptions = {
  /** Keeps the credentials; made if missing. */
  readonly folder: string;
  /** Of the front; the next free one is taken if it is in use, 0 is any. */
  readonly port: number;
  readonly seed: number;
  readonly clock: ClockOptions;
  /** Days of alarms before the clock's start. */
  readonly days: number;
  readonly log: (line: string) => void;
  /** How late a slow system answers. */
  readonly slowMs?: number;
  /** Asked at every question: whether the personnel system is away; once in twenty questions when absent. */
  readonly isPersonnelAway?: () => boolean;
};

export type HousingSystem = {
  /** Of the endpoint. */
  readonly url: string;
  readonly port: number;
  readonly credentials: KeptSecrets<'token'>;
  readonly clock: SandboxClock;
  /** The first time of the history. */
  readonly since: Instant;
  /** When one site is finished and leaves the list. */
  readonly finishedAt: Instant;
  /** True values as far as the service shows them by now. */
  ledger(): Ledger;
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
  close(): Promise<void>;
};

const AWAY_EVERY = 20;

export async function openHousingSystem(options: SystemOptions): Promise<HousingSystem> {
  const { folder, port, seed, days, log, slowMs } = options;
  const clock = openClock(options.clock);
  const began = clock.now();
  const since = began - days * 24 * HOUR;
  const finishedAt = began + 24 * HOUR;
  const [watched, left] = [toSites(seed, false), toSites(seed, true)];
  let questions = 0;
  const isAway = () => {
    questions += 1;
    return questions % AWAY_EVERY === 0;
  };
  const { isPersonnelAway = isAway } = options;
  const toFacts = (): Omit<Facts, 'isPersonnelAway'> => {
    const now = clock.now();
    return { seed, now, since, watched, sites: now < finishedAt ? watched : left };
  };
  const credentials = await openKeptSecrets(folder, 'housing', ['token']);
  const reply = toService({
    token: credentials.token,
    facts: () => ({ ...toFacts(), isPersonnelAway: isPersonnelAway() }),
  });
  const system = await openHttpSystem({ port, slowMs, reply, log });
  return {
    ...system,
    url: `${system.url}/graphql`,
    ...{ credentials, clock, since, finishedAt },
    ledger: () => toLedger({ ...toFacts(), isPersonnelAway: false }),
  };
}
