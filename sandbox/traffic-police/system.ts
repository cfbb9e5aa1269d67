// The traffic police as a system of its own: its REST service with the simulated roads, and the front on its port.
import { type ClockOptions, type Instant, openClock, type SandboxClock } from '../clock/sandbox-clock.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import { openHttpSystem } from '../http/http-system.ts';
import { type KeptSecrets, openKeptSecrets } from '../process/kept-secrets.ts';
import { HOUR } from '../storm/storm.ts';
import { type Ledger, toLedger } from './ledger.ts';
import { toSections } from './section.ts';
import { type Met, toService } from './service.ts';
import { ALL_TRAPS, type Traps } from './world.ts';

export type SystemOptions = {
  /** Keeps the credentials; made if missing. */
  readonly folder: string;
  /** Of the front; the next free one is taken if it is in use, 0 is any. */
  readonly port: number;
  readonly seed: number;
  readonly clock: ClockOptions;
  /** Days of history before the clock's start; no older event is answered. */
  readonly days: number;
  readonly log: (line: string) => void;
  /** All of them when absent. */
  readonly traps?: Partial<Traps>;
  /** How late a slow system answers. */
  readonly slowMs?: number;
  /** Told of each call that has a good token, before it is answered. */
  readonly onCall?: (path: string) => void;
};

export type TrafficSystem = {
  readonly url: string;
  readonly port: number;
  readonly credentials: KeptSecrets<'clientSecret'>;
  readonly clock: SandboxClock;
  /** The first time of the history. */
  readonly since: Instant;
  /** True values as far as the service shows them by now. */
  ledger(): Ledger;
  met(): Met;
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
  close(): Promise<void>;
};

export const CLIENT_ID = 'yz-emergency-hub';

export async function openTrafficSystem(options: SystemOptions): Promise<TrafficSystem> {
  const { folder, port, seed, days, log, slowMs, onCall } = options;
  const clock = openClock(options.clock);
  const since = clock.now() - days * 24 * HOUR;
  const world = { seed, sections: toSections(seed), traps: { ...ALL_TRAPS, ...options.traps } };
  const credentials = await openKeptSecrets(folder, 'traffic-police', ['clientSecret']);
  const service = toService({
    ...{ world, since, now: clock.now },
    client: { id: CLIENT_ID, secret: credentials.clientSecret },
    ...(onCall === undefined ? {} : { onCall }),
  });
  const system = await openHttpSystem({ port, slowMs, reply: service.reply, log });
  const ledger = () => toLedger(world, since, clock.now());
  return { ...system, credentials, clock, since, ledger, met: service.met };
}
