// The housing bureau as a system of its own: its GraphQL endpoint with the simulated sites, and the front on its port.
import { type Instant, openClock } from '../clock/sandbox-clock.ts';
import { openHttpSystem, type Service, type ServiceOptions } from '../http/http-system.ts';
import { openKeptSecrets } from '../process/kept-secrets.ts';
import { HOUR } from '../storm/storm.ts';
import { type Ledger, toLedger } from './ledger.ts';
import type { Facts } from './schema.ts';
import { toService } from './service.ts';
import { toSites } from './site.ts';

export type SystemOptions = ServiceOptions & {
  /** Asked at every question: whether the personnel system is away; once in twenty questions when absent. */
  readonly isPersonnelAway?: () => boolean;
};

export type HousingSystem = Service<Ledger, 'token'> & {
  /** When one site is finished and leaves the list. */
  readonly finishedAt: Instant;
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
