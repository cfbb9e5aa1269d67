// Who holds a lease, and whether that process still lives: a worker that is started again after a SIGKILL goes on at
// once with what its predecessor held, instead of waiting for the lease's time to run out.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export type Holder = {
  /** Written beside the lease: `<words for people> @host|namespace|pid|start`. */
  readonly name: string;
  /**
   * True only when that process is known to be gone: it ran on this host, among the processes that are seen from here,
   * and its number is free or another process's. Of other hosts nothing is known. A wrong answer costs a run, never
   * data: the lease's token still keeps its former holder from writing.
   */
  isGone(name: string): boolean;
};

const STAMP = / @([^|]*\|[^|]*)\|(\d+)\|(\d*)$/;

/** `words`: what people read, of this process. */
export function openHolder(words: string): Holder {
  const here = `${hostname()}|${readNamespace()}`;
  return {
    name: `${words} @${here}|${process.pid}|${readStart(process.pid)}`,
    isGone: (name) => {
      const [, there, pid = '', start = ''] = STAMP.exec(name) ?? [];
      if (there !== here) return false;
      if (!isAlive(Number(pid))) return true;
      const now = readStart(Number(pid));
      return start !== '' && now !== '' && start !== now;
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and another user's.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

// Two containers may share a host's name and not its processes. Empty where the system has no such thing.
function readNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

// When the process began, in the kernel's own count; numbers of processes are used again. Empty where it is not known.
function readStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in brackets and may hold anything; the 22nd is the start.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
