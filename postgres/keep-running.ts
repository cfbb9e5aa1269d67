// A server that must stay: watched, and started again on the same port when it died unasked (killed by the kernel for
// memory, by a person by mistake). Who holds its URL only has to connect again.
import type { EmbeddedPostgres } from './open-embedded.ts';
import { isAlive } from './postmaster.ts';

/** What the watch tells: it died and runs again, or why it does not (told once, tried again until it does). */
export type Revival = { readonly revived: true } | { readonly revived: false; readonly reason: string };

export type KeepOptions = {
  readonly server: EmbeddedPostgres;
  /** Opens the same folder again; `port` is the one that its users know. */
  readonly reopen: (port: number) => Promise<EmbeddedPostgres>;
  readonly onRevival: (revival: Revival) => void;
  readonly everyMs?: number;
};

/** Watches until `close`, which stops the server that runs by then. */
export function keepRunning(options: KeepOptions): { close(): Promise<void> } {
  const { reopen, onRevival, everyMs = 1000 } = options;
  let { server } = options;
  let closing = false;
  let told = false;
  let timer: NodeJS.Timeout | undefined;

  const revive = async (): Promise<void> => {
    try {
      const found = await reopen(server.port);
      if (found.port !== server.port) {
        await found.close();
        throw new Error(`port ${server.port} is taken by another process`);
      }
      server = found;
      told = false;
      onRevival({ revived: true });
    } catch (error) {
      if (!told)
        onRevival({ revived: false, reason: error instanceof Error ? error.message : String(error) });
      told = true;
    }
  };
  const check = async (): Promise<void> => {
    if (!(await isAlive(server.pid)) && !closing) await revive();
  };
  let checking = Promise.resolve();
  const next = (): void => {
    timer = setTimeout(() => {
      checking = check().finally(() => {
        if (!closing) next();
      });
    }, everyMs);
  };
  next();
  return {
    async close() {
      closing = true;
      clearTimeout(timer);
      await checking;
      await server.close();
    },
  };
}
