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
  const ended = runFollowing(options, ending.signal);
  let closing: Promise<void> | null = null;
  return {
    close: () => {
      ending.abort();
      closing ??= ended.then(() => options.registry.leave(options.id)).catch(() => undefined);
      return closing;
    },
  };
}

async function runFollowing(options: FollowOptions, signal: AbortSignal): Promise<void> {
  const { registry, id, role, log, now = Date.now, everyMs = EVERY_MS, retryMs = RETRY_MS } = options;
  const { generation, ...taken } = options.first;
  let state: ProcessState = { id, role, generation, ...taken };
  let signAt = Number.NEGATIVE_INFINITY;
  let tryAt = now() + retryMs;
  let isLost = false;
  while (!signal.aborted) {
    try {
      const present = await registry.generation();
      const isOpen = role === 'WORKER' && state.units.some((unit) => unit.state === 'LEFT_OUT');
      if (present !== state.generation || (isOpen && now() >= tryAt)) {
        const next = await registry.read();
        state = { id, role, generation: next.generation, ...(await takeOver(options, next, state)) };
        tryAt = now() + retryMs;
        signAt = Number.NEGATIVE_INFINITY;
      }
      if (now() - signAt >= SIGN_MS) {
        await registry.report(state);
        signAt = now();
      }
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
