// The fire brigade as a system of its own: a broker to which the devices of its key units report, and its registers over REST,
// each behind its front. From the hub's first subscription on, all that is due by the clock is published: first the history.
import { type Instant, openClock, type SandboxClock } from '../clock/sandbox-clock.ts';
import type { Fault, FaultCount, FaultCounters } from '../front/fault.ts';
import { openHttpSystem, type ServiceOptions } from '../http/http-system.ts';
import { type KeptSecrets, openKeptSecrets } from '../process/kept-secrets.ts';
import { openTicks } from '../process/ticks.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import { toReports } from './alarm.ts';
import { toEngines, toStations, toTeams } from './brigade.ts';
import { openBroker } from './broker.ts';
import { type Ledger, toLedger } from './ledger.ts';
import { openPublishing } from './publishing.ts';
import { toService } from './service.ts';
import { toRegistered, toSites } from './site.ts';

export const USER = 'yz-emergency-hub';

export type FireSystem = {
  /** Of the registers, through their front. */
  readonly url: string;
  readonly port: number;
  readonly brokerUrl: string;
  readonly brokerPort: number;
  readonly credentials: KeptSecrets<'token' | 'password'>;
  readonly clock: SandboxClock;
  /** The first time of the history. */
  readonly since: Instant;
  /** Moves a frozen clock and publishes what is due; complete when it resolves. */
  tick(to?: Instant): Promise<void>;
  ledger(): Ledger;
  /** Of both doors. */
  setFault(fault: Fault): Promise<void>;
  /** Of both doors together; `activations` of either. */
  faultCounters(): FaultCounters;
  close(): Promise<void>;
};

/** A device gives a sign of life every ten minutes; the city has so many that one comes every few seconds. */
const ALIVE = 10 * MINUTE;
const TICK_MS = 1000;

export async function openFireSystem(options: ServiceOptions): Promise<FireSystem> {
  const { folder, port, seed, days, log, slowMs } = options;
  const clock = openClock(options.clock);
  const began = clock.now();
  const since = began - days * 24 * HOUR;
  const sites = toSites(seed);
  const [stations, engines, teams] = [toStations(seed), toEngines(seed), toTeams(seed)];
  const registers = () => {
    const now = clock.now();
    return { seed, now, stations, engines, teams, sites: toRegistered(sites, began, now) };
  };
  const credentials = await openKeptSecrets(folder, 'fire-rescue', ['token', 'password']);
  const broker = await openBroker({
    ...{ port, slowMs, user: USER, password: credentials.password },
    onSubscribed: () => publishing.begin(),
    onAcknowledged: (topic, payload) => publishing.acknowledged(topic, payload),
  });
  const publishing = openPublishing({
    ...{ sites, clock, since, aliveMs: ALIVE, publish: broker.publish, log },
    reports: (from, to) => toReports(seed, sites, from, to),
  });
  // What the broker keeps of each device stands there before anybody comes.
  await publishing.tick();
  const service = toService({ token: credentials.token, registers });
  const rest = await openHttpSystem({ port: port === 0 ? 0 : port + 1, slowMs, reply: service, log }).catch(
    async (error: unknown) => {
      await broker.close();
      throw error;
    },
  );
  const ticks = openTicks({
    waitMs: () => (clock.frozen ? null : TICK_MS),
    tick: () => publishing.tick().catch(() => undefined),
  });
  return {
    ...{ url: rest.url, port: rest.port, credentials, clock, since },
    ...{ brokerUrl: `mqtt://127.0.0.1:${broker.port}`, brokerPort: broker.port },
    tick: publishing.tick,
    ledger: () => toLedger(registers(), publishing.published()),
    setFault: async (fault) => {
      await Promise.all([broker.setFault(fault), rest.setFault(fault)]);
    },
    faultCounters: () => toSum(broker.faultCounters(), rest.faultCounters()),
    close: async () => {
      await ticks.close();
      await publishing.close();
      await rest.close();
      await broker.close();
    },
  };
}

function toSum(one: FaultCounters, other: FaultCounters): FaultCounters {
  const names = Object.keys(one) as Fault[];
  const entries = names.map((fault): [Fault, FaultCount] => {
    const [a, b] = [one[fault], other[fault]];
    return [
      fault,
      {
        activations: a.activations,
        connections: a.connections + b.connections,
        cut: a.cut + b.cut,
        bytesFromClient: a.bytesFromClient + b.bytesFromClient,
        bytesToClient: a.bytesToClient + b.bytesToClient,
      },
    ];
  });
  return Object.fromEntries(entries) as FaultCounters;
}
