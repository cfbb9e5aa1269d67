// The ecology bureau as a system of its own: its loggers that send HJ 212 to the hub, and the folder with the list of its
// monitoring points.
import { join } from 'node:path';
import { type ClockOptions, type Instant, openClock, type SandboxClock } from '../clock/sandbox-clock.ts';
import { openFolders } from '../drop/folders.ts';
import { type Fault, type FaultCounters, toCounters } from '../front/fault.ts';
import { openTicks } from '../process/ticks.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import { type Ledger, openBook } from './ledger.ts';
import { openLoggers } from './loggers.ts';
import { HALF_MINUTE } from './measure.ts';
import { toMessages } from './messages.ts';
import { toOutlets } from './outlet.ts';
import { REGISTER_FILE, toRegister } from './register.ts';

export type SystemOptions = {
  /** Holds the folder of the list; made if missing. */
  readonly folder: string;
  /** Where the hub listens, and what every logger shows it: six digits. */
  readonly hubPort: number;
  readonly password: string;
  readonly seed: number;
  readonly clock: ClockOptions;
  readonly log: (line: string) => void;
  /** Real milliseconds, as the loggers'. */
  readonly patienceMs?: number;
  readonly retryMs?: number;
};

export type EcologySystem = {
  /** Where the list lies. */
  readonly registerFolder: string;
  readonly clock: SandboxClock;
  /** Sends what fell due up to the clock's now, or moves a clock to `to` first; resolves with how many messages, before they are answered. */
  tick(to?: Instant): Promise<number>;
  /** Messages that were not answered yet. */
  waiting(): number;
  isConnected(): boolean;
  /** Cuts all lines in the middle of whatever is on them. */
  cut(): void;
  ledger(): Ledger;
  /** down: no line, no folder · hang: lines, but nothing on them · garbage: noise before each message. What fell due meanwhile comes later. */
  setFault(fault: Fault): Promise<void>;
  faultCounters(): FaultCounters;
  close(): Promise<void>;
};

/** After a longer pause older messages are not made up for. */
const MEMORY = HOUR;
const SHORTEST_WAIT_MS = 1000;
const FOLDER = 'register';

/** Nothing older than the clock's start is sent. */
export async function openEcologySystem(options: SystemOptions): Promise<EcologySystem> {
  const { folder, seed, password, hubPort } = options;
  const outlets = toOutlets();
  const folders = await openFolders(folder, [FOLDER]);
  const list = toRegister(outlets);
  if (!(await folders.holds(FOLDER, REGISTER_FILE, list)))
    await folders.write(FOLDER, REGISTER_FILE, list, { renamed: false, pause: async () => undefined });
  const clock = openClock(options.clock);
  const book = openBook(outlets, clock.now);
  const loggers = openLoggers({ ...options, port: hubPort, password, outlets });
  const counters = toCounters();
  const toMark = () => Math.floor(clock.now() / HALF_MINUTE) * HALF_MINUTE;
  let [fault, sentTo]: [Fault, Instant] = ['none', toMark()];
  const tick = async (to?: Instant) => {
    if (to !== undefined) clock.moveTo(to);
    const now = toMark();
    if (now <= sentTo || fault === 'hang') return 0;
    const due = toMessages(seed, outlets, Math.max(sentTo, now - MEMORY), now);
    sentTo = now;
    if (fault === 'garbage') loggers.babble();
    if (now % MINUTE === 0) loggers.keepAlive(now);
    for (const message of due) {
      book.sent(message);
      loggers.send(message).then(
        (isAnswered) => isAnswered && book.answered(message),
        // Closed before its answer.
        () => undefined,
      );
    }
    return due.length;
  };
  const waitMs = () =>
    clock.frozen ? null : Math.max(SHORTEST_WAIT_MS, (sentTo + HALF_MINUTE - clock.now()) / clock.speed);
  const ticks = openTicks({ waitMs, tick: async () => void (await tick()) });
  return {
    ...{ registerFolder: join(folder, FOLDER), clock, tick, ledger: book.ledger },
    ...{ waiting: loggers.waiting, isConnected: loggers.isConnected, cut: loggers.cut },
    setFault: async (next) => {
      if (next === fault) return;
      if (fault === 'down') await folders.bringBack();
      if (next === 'down') await folders.takeAway();
      counters[next].activations += 1;
      counters.down.cut += next === 'down' ? outlets.length : 0;
      fault = next;
      loggers.setAway(fault === 'down');
    },
    faultCounters: () => structuredClone(counters),
    close: async () => {
      await ticks.close();
      await loggers.close();
      if (fault === 'down') await folders.bringBack();
    },
  };
}
