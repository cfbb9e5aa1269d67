// The natural resources bureau as a system of its own: its SOAP service with the simulated slopes, and the front on its port.
import { type ClockOptions, type Instant, openClock, type SandboxClock } from '../clock/sandbox-clock.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import { openHttpSystem } from '../http/http-system.ts';
import { type KeptSecrets, openKeptSecrets } from '../process/kept-secrets.ts';
import { HOUR } from '../storm/storm.ts';
import { toHazards } from './hazard.ts';
import { type Ledger, toLedger } from './ledger.ts';
import { PATH, toService } from './service.ts';

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
};

export type ResourcesSystem = {
  /** Of the service itself; `?wsdl` describes it. */
  readonly url: string;
  readonly port: number;
  readonly credentials: KeptSecrets<'password'>;
  readonly clock: SandboxClock;
  /** The first time of the history. */
  readonly since: Instant;
  /** When the second issue of the register replaces the first. */
  readonly secondIssueAt: Instant;
  /** True values as far as the service shows them by now. */
  ledger(): Ledger;
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
  close(): Promise<void>;
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
