// The vehicles' terminals, all of them: each a connection to the hub of its own, looked after by one beat. Usable by itself, for as
// many vehicles as one likes.
import type { Instant } from '../clock/sandbox-clock.ts';
import { openTicks } from '../process/ticks.ts';
import { SEND_EVERY } from './drive.ts';
import { COUNTED, type Counted, type Oddities, openTerminal, type SentPosition } from './terminal.ts';
import type { Vehicle } from './vehicle.ts';

export type TerminalsOptions = {
  /** Where the hub listens, or will. */
  readonly port: number;
  /** `toVehicles(seed, 500)` for a load. */
  readonly vehicles: readonly Vehicle[];
  readonly seed: number;
  /** From one position of a vehicle to its next, milliseconds; 10 s when absent. */
  readonly intervalMs?: number;
  /** The clock that positions tell; the wall clock when absent. */
  readonly now?: () => Instant;
  /** Real milliseconds between two looks at the clock; 500 when absent, null: none but `look`. */
  readonly beatMs?: number | null;
  /** None when absent. */
  readonly oddities?: Oddities;
  /** At each position that is sent, and again when it is answered. */
  readonly note?: (position: SentPosition) => void;
  readonly retryMs?: number;
  /** Real milliseconds that an answer is waited for before the line is given up; 5000 when absent. */
  readonly patienceMs?: number;
};

export type Terminals = {
  /** Sends what is due by now. */
  look(): void;
  /** Positions that are due and not answered yet. */
  waiting(): number;
  connected(): number;
  /** What was sent so far; `refused`: answered with a result that is not 0. */
  counts(): Readonly<Record<Counted, number>>;
  /** All lines are cut, and none is made while they are away. */
  setAway(isAway: boolean): void;
  close(): Promise<void>;
};

/** Of the sandbox city: seen within a day, and no more than people would bear. */
export const CITY_ODDITIES: Oddities = {
  damaged: 1 / 20_000,
  doubled: 1 / 500,
  offline: 1 / 50,
  wrongCode: 1 / 20,
};
const NO_ODDITIES: Oddities = { damaged: 0, doubled: 0, offline: 0, wrongCode: 0 };

export function openTerminals(options: TerminalsOptions): Terminals {
  const {
    port,
    vehicles,
    seed,
    now = Date.now,
    beatMs = 500,
    oddities = NO_ODDITIES,
    retryMs,
    patienceMs,
  } = options;
  const counts = Object.fromEntries(COUNTED.map((what) => [what, 0])) as Record<Counted, number>;
  const terminals = vehicles.map((vehicle) =>
    openTerminal(vehicle, {
      ...{ port, seed, oddities, now, retryMs, patienceMs },
      intervalMs: options.intervalMs ?? SEND_EVERY,
      note: options.note ?? (() => undefined),
      count: (what) => {
        counts[what] += 1;
      },
    }),
  );
  const look = () => {
    for (const terminal of terminals) terminal.look();
  };
  const beat = openTicks({ waitMs: () => beatMs, tick: async () => look() });
  return {
    look,
    waiting: () => terminals.reduce((sum, terminal) => sum + terminal.waiting(), 0),
    connected: () => terminals.filter((terminal) => terminal.isConnected()).length,
    counts: () => ({ ...counts }),
    setAway: (isAway) => {
      for (const terminal of terminals) terminal.setAway(isAway);
    },
    close: async () => {
      await beat.close();
      await Promise.all(terminals.map((terminal) => terminal.close()));
    },
  };
}
