// A legacy system as a process: a parent gets its secrets over IPC, switches faults, asks for counters and stops it; alone it
// runs until a signal. Each system's main.ts calls this once.
import { FAULTS, type Fault, type FaultCounters } from '../front/fault.ts';
import { parseSettings, type Settings } from './settings.ts';

/** A system that is open: what the process can do with it. */
export type RunningSystem = {
  /** What the hub's environment is given, by the names that the unit's manifest asks for. */
  readonly secrets: Readonly<Record<string, string>>;
  /** One line for people, without a secret: where it listens. */
  readonly note: string;
  setFault(fault: Fault): Promise<void>;
  /** Counts that prove to a test that a fault was met. */
  faultCounters(): FaultCounters;
  close(): Promise<void>;
};

export type OpenSystem = (
  options: Settings & {
    readonly log: (line: string) => void;
    /** How late a slow system answers; 2 s when absent. */
    readonly slowMs?: number;
  },
) => Promise<RunningSystem>;

/** Nothing is told to a parent that has gone. */
const tell = (message: object) => {
  if (process.connected) process.send?.(message, () => undefined);
};
/** Plain numbers only, and text that holds no secret. */
const log = (line: string) => process.stdout.write(`${line}\n`);

/** Opens the system with the settings of the environment, and ends the process when it is told to. */
export async function runProcess(name: string, open: OpenSystem): Promise<void> {
  const opening = (async () => open({ ...parseSettings(process.env), log }))();
  const runStop = toStop(name, opening);
  listen(name, opening, runStop);
  try {
    const { secrets, note } = await opening;
    tell({ type: 'ready', name, secrets, note });
    log(`${name}: ${note}`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${name} did not start: ${message}\n`);
    tell({ type: 'failed', name, message });
    await runStop(1);
  }
}

function toStop(name: string, opening: Promise<RunningSystem>): (code: number) => Promise<void> {
  let stopping = false;
  return async (code) => {
    if (stopping) return;
    stopping = true;
    // A stop during the start waits for it: nothing half open can be closed.
    const system = await opening.catch(() => null);
    let ended = code;
    try {
      await system?.close();
    } catch (error) {
      process.stderr.write(`${name} did not stop in order: ${String(error)}\n`);
      ended ||= 1;
    }
    process.exit(ended);
  };
}

function listen(
  name: string,
  opening: Promise<RunningSystem>,
  runStop: (code: number) => Promise<void>,
): void {
  // The reader of our lines may be gone before us: that is no reason to leave anything behind.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('SIGTERM', () => void runStop(0));
  // Ctrl-C reaches the whole group: the parent stops its children in order, alone it is ours.
  process.on('SIGINT', () => {
    if (!process.connected) void runStop(0);
  });
  if (process.send === undefined) return;
  process.on('message', (message) => {
    runMessage(name, message, opening, runStop).catch((error) =>
      tell({ type: 'refused', name, message: String(error) }),
    );
  });
  process.on('disconnect', () => void runStop(0));
  // A parent may be gone before this line is reached.
  if (!process.connected) void runStop(0);
}

async function runMessage(
  name: string,
  message: unknown,
  opening: Promise<RunningSystem>,
  runStop: (code: number) => Promise<void>,
): Promise<void> {
  const { type, fault } = (message ?? {}) as { type?: unknown; fault?: unknown };
  if (type === 'stop') return runStop(0);
  const system = await opening.catch(() => null);
  if (system === null) return;
  const isFault = (value: unknown): value is Fault => FAULTS.includes(value as Fault);
  if (type === 'fault' && isFault(fault)) {
    await system.setFault(fault);
    // Sent once the fault is active, so that a test need not wait and hope.
    tell({ type: 'fault', name, fault });
  } else if (type === 'counters') tell({ type: 'counters', name, counters: system.faultCounters() });
  else
    tell({
      type: 'refused',
      name,
      message: `Must be fault, counters or stop, but got: ${[type, fault].filter((part) => part !== undefined).join(' ')}`,
    });
}
