// The transport bureau for the spine: its database in a test database, its vehicles' terminals with every oddity they have, and a
// ledger that both write into. Its time stands still until a test drives on.
import { findAnyPort } from '../../postgres/ports.ts';
import { openTerminalLedger } from '../../sandbox/transport/ledger.ts';
import { toTransport } from '../../sandbox/transport/simulation.ts';
import { openTerminals, type Terminals } from '../../sandbox/transport/terminals.ts';
import { toNewcomer, toVehicles, type Vehicle } from '../../sandbox/transport/vehicle.ts';
import { eventually } from '../support/eventually.ts';
import { type Close, closeAll, openWorld } from './close-all.ts';
import { type Legacy, MINUTE, openDepartment } from './open-legacy.ts';

export type Transport = {
  readonly legacy: Legacy;
  readonly terminals: Terminals;
  /** The one that the register lacks. */
  readonly newcomer: Vehicle;
  readonly secrets: Readonly<Record<string, string>>;
  /** Time goes on by so many minutes, and every terminal sends what is due; with `answered`, ends when all of it is. */
  drive(minutes: number, options?: { readonly answered: boolean }): Promise<void>;
  /** Ends when all terminals that have a network are connected, and all that is due is answered. */
  settle(): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
};

/** Far more often than in the sandbox city, so that a quarter of an hour has them all. */
const ODDITIES = { damaged: 1 / 40, doubled: 1 / 30, offline: 1 / 4, wrongCode: 1 / 5 };
/** At most six positions of a vehicle a look: what is older is sent as a batch. */
const LOOK_MS = MINUTE;

export type TransportOptions = { readonly start?: number; readonly fleet?: number; readonly days?: number };

export function openTransport(options: TransportOptions = {}): Promise<Transport> {
  return openWorld((opened) => openParts(options, opened));
}

async function openParts(
  { fleet = 20, days = 0.25, ...when }: TransportOptions,
  opened: Close[],
): Promise<Transport> {
  const legacy = await openDepartment(toTransport(1, fleet), { days, ...when });
  opened.push(legacy.close);
  const port = await findAnyPort();
  const ledger = openTerminalLedger(legacy.database.adminUrl, () => undefined);
  opened.push(ledger.close);
  const newcomer = toNewcomer(1, fleet);
  const terminals = openTerminals({
    ...{ port, vehicles: [...toVehicles(1, fleet), newcomer], seed: 1, now: legacy.now, beatMs: null },
    ...{ oddities: ODDITIES, retryMs: 20, note: ledger.note },
  });
  opened.push(terminals.close);
  const settle = async () => {
    const isSettled = () => {
      terminals.look();
      return terminals.waiting() === 0;
    };
    await eventually(isSettled, { what: 'the answers to all that is due', withinMs: 90_000 });
  };
  return {
    ...{ legacy, terminals, newcomer, settle, flush: ledger.flush },
    secrets: {
      TRANSPORT_URL: legacy.url,
      TRANSPORT_JT808_PORT: String(port),
      TRANSPORT_JT808_AUTH: 'the tests’ own',
    },
    async drive(minutes, { answered } = { answered: true }) {
      const end = legacy.now() + minutes * MINUTE;
      for (let at = legacy.now() + LOOK_MS; at <= end; at += LOOK_MS) {
        await legacy.database.tick(at);
        terminals.look();
        if (answered) await settle();
      }
      await ledger.flush();
    },
    close: () => closeAll(opened),
  };
}
