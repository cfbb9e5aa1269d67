// After a change was written down: which of the processes that live have taken it over, and which have not in time.
import type { ProcessState, RegistryStore } from '../../store/registry/contract.ts';
import type { ProcessLine } from './report.ts';

export type WaitOptions = {
  readonly registry: RegistryStore;
  readonly generation: number;
  /** `hash` null: it has left. */
  readonly wanted: { readonly unit: string; readonly hash: string | null };
  readonly signal: AbortSignal;
  readonly withinMs?: number;
  readonly everyMs?: number;
};

const WITHIN_MS = 30_000;
const EVERY_MS = 100;

/** Ends with the last of them, or with the time. Empty: no process runs. */
export async function waitForProcesses(options: WaitOptions): Promise<readonly ProcessLine[]> {
  const { registry, generation, wanted, signal, withinMs = WITHIN_MS, everyMs = EVERY_MS } = options;
  const until = performance.now() + withinMs;
  for (;;) {
    // One that was killed falls out of those that live; one that begins meanwhile is waited for too.
    const lines = (await registry.processes()).map((state) => toLine(state, generation, wanted));
    const isSettled = lines.every(({ state }) => state !== 'SILENT');
    if (isSettled || performance.now() > until || signal.aborted) return lines;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

function toLine(state: ProcessState, generation: number, wanted: WaitOptions['wanted']): ProcessLine {
  const { id, role, refused } = state;
  const line = (end: ProcessLine['state'], reason: string | null = null): ProcessLine => {
    return { id, role, state: end, reason };
  };
  if (state.generation < generation) return line('SILENT', 'has not looked yet');
  if (refused !== null) return line('REFUSED', refused);
  const held = state.units.find(({ unit }) => unit === wanted.unit);
  if (wanted.hash === null) return held === undefined ? line('DONE') : line('SILENT', 'still has it');
  if (held === undefined) return line('SILENT', 'does not have it');
  if (held.state === 'LEFT_OUT') return line('LEFT_OUT', held.reason);
  return held.hash === wanted.hash ? line('DONE') : line('SILENT', 'has another manifest of it');
}
