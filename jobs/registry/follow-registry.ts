// How a worker and a gateway follow what is registered: they look several times a second, take over what has changed, and
// say how far they are. Asked and not told: it works the same over every way to the database, and a sign that was lost costs
// nothing.
import type {
  HeldUnit,
  ProcessRole,
  ProcessState,
  RegistryStore,
  UnitRegistry,
} from '../../store/registry/contract.ts';
import { SIGN_MS } from '../../store/registry/contract.ts';
import type { Log } from '../log.ts';
import { toWait } from '../wait.ts';

/** What has become of a set of units in this process. `refused`: it goes on with the one before, and why. */
export type Taken = { readonly units: readonly HeldUnit[]; readonly refused: string | null };

export type FollowOptions = {
  readonly registry: RegistryStore;
  /** Unique among all processes of the store. */
  readonly id: string;
  readonly role: ProcessRole;
  /** What it has begun with. */
  readonly first: Taken & { readonly generation: number };
  readonly take: (registry: UnitRegistry) => Promise<Taken>;
  readonly log: Log;
  readonly now?: () => number;
  /** Between two looks. */
  readonly everyMs?: number;
  /** Until a unit that was left out is tried once more: its secret may have come. */
  readonly retryMs?: number;
};

export type Following = {
  /** Ends after what is being taken over. Twice is harmless. */
  close(): Promise<void>;
};

const EVERY_MS = 300;
const RETRY_MS = 15_000;

/** Never rejects: a store that does not answer is asked again. */
export function followRegistry(options: FollowOptions): Following {
  const ending = new AbortController();
  const { signal } = ending;
  const { generation, ...taken } = options.first;
  const { registry, id, role } = options;
  const own: Own = { state: { id, role, generation, ...taken } };
  // What takes long to be taken over must not look like a process that is gone.
  const ended = Promise.all([
    repeat(() => look(own, options), options.everyMs ?? EVERY_MS, options.log, signal),
    repeat(() => registry.report(own.state), SIGN_MS, options.log, signal),
  ]);
  let closing: Promise<void> | null = null;
  return {
    close: () => {
      ending.abort();
      closing ??= ended.then(() => registry.leave(id)).catch(() => undefined);
      return closing;
    },
  };
}

/** What this process says of itself. */
type Own = { state: ProcessState; triedAt?: number };

async function look(own: Own, options: FollowOptions): Promise<void> {
  const { registry, id, role, now = Date.now, retryMs = RETRY_MS } = options;
  own.triedAt ??= now();
  const present = await registry.generation();
  const isOpen = role === 'WORKER' && own.state.units.some((unit) => unit.state === 'LEFT_OUT');
  if (present === own.state.generation && !(isOpen && now() >= own.triedAt + retryMs)) return;
  const next = await registry.read();
  const taken = await takeOver(options, next, own.state);
  own.state = { id, role, generation: next.generation, ...taken };
  own.triedAt = now();
  await registry.report(own.state);
}

/** A fault is told once, until the work succeeds again. */
async function repeat(
  work: () => Promise<void>,
  everyMs: number,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  let isLost = false;
  while (!signal.aborted) {
    try {
      await work();
      isLost = false;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!isLost && !signal.aborted) log.warn({ reason }, 'what is registered cannot be looked at for now');
      isLost = true;
    }
    await toWait(everyMs, signal);
  }
}

/** Whatever goes wrong, what runs goes on. */
async function takeOver({ take, log }: FollowOptions, next: UnitRegistry, before: Taken): Promise<Taken> {
  try {
    const taken = await take(next);
    if (taken.refused !== null)
      log.error({ generation: next.generation, reason: taken.refused }, 'units not taken over');
    return taken;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error({ generation: next.generation, reason }, 'units not taken over');
    return { units: before.units, refused: reason };
  }
}
