// The traffic police as a system of its own: its REST service with the simulated roads, and the front on its port.
import { openClock } from '../clock/sandbox-clock.ts';
import { openHttpSystem, type Service, type ServiceOptions } from '../http/http-system.ts';
import { openKeptSecrets } from '../process/kept-secrets.ts';
import { HOUR } from '../storm/storm.ts';
import { type Ledger, toLedger } from './ledger.ts';
import { toSections } from './section.ts';
import { type Met, toService } from './service.ts';
import { ALL_TRAPS, type Traps } from './world.ts';

export type SystemOptions = ServiceOptions & {
  /** All of them when absent. */
  readonly traps?: Partial<Traps>;
  /** Told of each call that has a good token, before it is answered. */
  readonly onCall?: (path: string) => void;
};

export type TrafficSystem = Service<Ledger, 'clientSecret'> & {
  met(): Met;
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
