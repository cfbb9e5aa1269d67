// How a world is taken down: what was opened last is closed first, and one that cannot be closed keeps none of the others open.

export type Close = () => Promise<unknown>;

/** Empties the list, so that calling it twice is harmless. Rejects with the first fault, after everything was closed. */
export async function closeAll(opened: Close[]): Promise<void> {
  const faults: unknown[] = [];
  for (const close of opened.splice(0).reverse()) await close().catch((error: unknown) => faults.push(error));
  if (faults.length > 0) throw faults[0];
}

type World = { close(): Promise<unknown> };

/** Worlds that are still being opened. */
const openings = new Set<Promise<World>>();

/** A hook that has timed out gives up waiting, not opening: what comes about behind its back is closed by `closeWorld`. */
function toOpening<Opened extends World>(opening: Promise<Opened>): Promise<Opened> {
  openings.add(opening);
  const end = () => openings.delete(opening);
  opening.then(end, end);
  return opening;
}

/**
 * A world that is opened part by part: whoever opens one adds its close to the list, and a part that fails closes those before it.
 * See `toOpening`.
 */
export function openWorld<Opened extends World>(open: (opened: Close[]) => Promise<Opened>): Promise<Opened> {
  const opened: Close[] = [];
  const opening = open(opened).catch(async (error: unknown) => {
    await closeAll(opened).catch(() => undefined);
    throw error;
  });
  return toOpening(opening);
}

/** Closes what a test file has opened, in this order; parts that never came about are left out. */
export async function closeWorld(...parts: readonly (World | undefined)[]): Promise<void> {
  const closes = parts.flatMap((part) => (part === undefined ? [] : [() => part.close()]));
  const late = [...openings].map((opening) => async () => {
    const world = await opening.catch(() => undefined);
    await world?.close();
  });
  await closeAll([...closes.reverse(), ...late]);
}
