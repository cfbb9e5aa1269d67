// The hydrology centre as a process: node --import tsx sandbox/hydrology/main.ts. A parent gets the secrets over IPC, switches
// faults and stops it; alone, it runs until a signal.
import { FAULTS, type Fault } from '../front/fault.ts';
import { parseSettings } from './settings.ts';
import { openHydrologySystem } from './system.ts';

const NAME = 'hydrology';

/** Plain numbers only, and text that holds no secret. */
const log = (line: string) => process.stdout.write(`${line}\n`);
/** Nothing is told to a parent that has gone. */
const tell = (message: object) => {
  if (process.connected) process.send?.(message, () => undefined);
};

const opening = (async () => openHydrologySystem({ ...parseSettings(process.env), log }))();
let stopping = false;

async function runStop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  // A stop during the start waits for it: nothing half open can be closed.
  const system = await opening.catch(() => null);
  try {
    await system?.close();
  } catch (error) {
    process.stderr.write(`${NAME} did not stop in order: ${String(error)}\n`);
    code ||= 1;
  }
  process.exit(code);
}

async function runMessage(message: unknown): Promise<void> {
  const { type, fault } = (message ?? {}) as { type?: unknown; fault?: unknown };
  if (type === 'stop') return runStop(0);
  const system = await opening.catch(() => null);
  if (system === null) return;
  const isFault = (value: unknown): value is Fault => FAULTS.includes(value as Fault);
  if (type === 'fault' && isFault(fault)) {
    await system.setFault(fault);
    // Sent once the fault is active, so that a test need not wait and hope.
    tell({ type: 'fault', name: NAME, fault });
  } else if (type === 'counters') tell({ type: 'counters', name: NAME, counters: system.faultCounters() });
  else
    tell({
      type: 'refused',
      name: NAME,
      message: `Must be fault, counters or stop, but got: ${[type, fault].filter((part) => part !== undefined).join(' ')}`,
    });
}

// The reader of our lines may be gone before us: that is no reason to leave PostgreSQL behind.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const hasParent = process.send !== undefined;
process.on('SIGTERM', () => void runStop(0));
// Ctrl-C reaches the whole group: the parent stops its children in order, alone it is ours.
process.on('SIGINT', () => {
  if (!process.connected) void runStop(0);
});
if (hasParent) {
  process.on('message', (message) => {
    runMessage(message).catch((error) => tell({ type: 'refused', name: NAME, message: String(error) }));
  });
  process.on('disconnect', () => void runStop(0));
  // A parent may be gone before this line is reached.
  if (!process.connected) void runStop(0);
}

try {
  const system = await opening;
  if (hasParent) {
    const secrets = { HYDROLOGY_URL: system.url, HYDROLOGY_OWNER_PHONE: '13900000000' };
    tell({ type: 'ready', name: NAME, secrets });
  }
  log(
    `${NAME} listens on 127.0.0.1:${system.port}; history up to ${new Date(system.loadedTo()).toISOString()}`,
  );
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${NAME} did not start: ${message}\n`);
  tell({ type: 'failed', name: NAME, message });
  await runStop(1);
}
