// The natural resources bureau as a system of its own: its SOAP service with the simulated slopes, and the front on its port.
import { type Instant, openClock } from '../clock/sandbox-clock.ts';
import { openHttpSystem, type Service, type ServiceOptions } from '../http/http-system.ts';
import { openKeptSecrets } from '../process/kept-secrets.ts';
import { HOUR } from '../storm/storm.ts';
import { toHazards } from './hazard.ts';
import { type Ledger, toLedger } from './ledger.ts';
import { PATH, toService } from './service.ts';

export type SystemOptions = ServiceOptions;

export type ResourcesSystem = Service<Ledger, 'password'> & {
  /** When the second issue of the register replaces the first. */
  readonly secondIssueAt: Instant;
};

export const USER = 'yzyj';

export async function openResourcesSystem(options: SystemOptions): Promise<ResourcesSystem> {
  const { folder, port, seed, days, log, slowMs } = options;
  const clock = openClock(options.clock);
  const began = clock.now();
  const since = began - days * 24 * HOUR;
  const secondIssueAt = began + 24 * HOUR;
  const issues = [toHazards(seed, 0), toHazards(seed, 1)] as const;
  const hazards = () => issues[clock.now() < secondIssueAt ? 0 : 1];
  const credentials = await openKeptSecrets(folder, 'natural-resources', ['password']);
  const [watched] = issues;
  const reply = toService({ seed, user: USER, ...credentials, since, now: clock.now, hazards, watched });
  const system = await openHttpSystem({ port, slowMs, reply, log });
  return {
    ...system,
    url: `${system.url}${PATH}`,
    ...{ credentials, clock, since, secondIssueAt },
    ledger: () => toLedger({ seed, hazards: hazards(), watched }, since, clock.now()),
  };
}
