// The maritime bureau as a system of its own: ships' messages to the hub's port as its receivers hear them, and the lists of
// crossings and ferries in a folder.
//   ships → receivers (UDP) → hub · lists (GB18030) → folder/lists → hub
import type { Instant } from '../clock/sandbox-clock.ts';
import { type DropOptions, openDropSystem } from '../drop/drop-system.ts';
import type { Fault, FaultCounters } from '../front/fault.ts';
import { openTicks } from '../process/ticks.ts';
import { openHubPort } from '../sender/hub-port.ts';
import { type FolderName, openDelivery } from './delivery.ts';
import { openFaultSwitch } from './fault-switch.ts';
import { type Ledger, toLedger } from './ledger.ts';
import { openRadio, type Radio } from './radio.ts';
import { type DroppedFile, VERSION } from './state.ts';

export type MaritimeSystem = {
  /** What the hub is given: where it is to listen, and the folder. */
  readonly aisPort: number;
  readonly listsFolder: string;
  /** Drops every list due up to the clock's now, or moves a clock to `to` first; complete when it resolves. Resolves to now. */
  tick(to?: Instant): Promise<Instant>;
  /**
   * Sends what has been on the air since the last time (the first time: in that second), half a minute at most. Where the
   * clock runs this happens every second by the wall clock, whatever the city's own time is: a message tells only its second.
   */
  send(to: Instant): Promise<void>;
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
  ledger(): Ledger;
  close(): Promise<void>;
};

const FOLDERS: readonly FolderName[] = ['lists'];

/** `folder` holds `lists/`, the state file and the port's; `port`: the first choice of where the hub listens, 0 for any. */
export async function openMaritimeSystem(
  options: DropOptions & { readonly port: number },
): Promise<MaritimeSystem> {
  const { folder, seed, clock } = options;
  const aisPort = await openHubPort({ folder, name: 'ais', first: options.port, isUdp: true });
  const radio = await openRadio(seed, aisPort);
  const drops = await openDrops(options, radio).catch(async (error: unknown) => {
    await radio.close();
    throw error;
  });
  const { folders, state, delivery: _, inTurn, whileThere: __, close, ...system } = drops;
  const wall = clock.wall ?? Date.now;
  // Just behind the turn of a second.
  const live =
    clock.frozen === true
      ? null
      : openTicks({ waitMs: () => 1010 - (wall() % 1000), tick: () => radio.send(wall()) });
  return {
    ...system,
    aisPort,
    listsFolder: folders.path('lists'),
    send: (to) => inTurn(() => radio.send(to)),
    ledger: () => toLedger(state, radio.heard()),
    close: async () => {
      await live?.close();
      await close();
      await radio.close();
    },
  };
}

function openDrops(options: DropOptions, radio: Radio) {
  return openDropSystem(
    {
      name: 'maritime',
      folders: FOLDERS,
      version: VERSION,
      pathOf: ({ name }: DroppedFile) => ['lists', name] as const,
      open: ({ folders, state, clock, save, pause, growMs }) => {
        const delivery = openDelivery({ state, save, folders, clock, pause });
        const faults = openFaultSwitch({ seed: options.seed, folders, delivery, radio, growMs });
        return { delivery, faults, runDue: delivery.runDue };
      },
    },
    options,
  );
}
