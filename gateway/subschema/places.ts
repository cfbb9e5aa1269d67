// How much of the store one operation may use at once: a question with hundreds of root fields must not take every session
// from everybody else's.
import type { OperationContext } from './contract.ts';

/** Statements of one operation under way at once; the reader has some more sessions than that. */
const PLACES = 4;

type Places = { free: number; readonly queue: (() => void)[] };

const places = new WeakMap<OperationContext, Places>();

/** Runs `work`, one statement, as soon as its operation has a place; first come, first served. The place comes back however it ends. */
export async function runInPlace<T>(context: OperationContext, work: () => Promise<T>): Promise<T> {
  const own = places.get(context) ?? { free: PLACES, queue: [] };
  places.set(context, own);
  if (own.free > 0) own.free -= 1;
  else await new Promise<void>((resolve) => own.queue.push(resolve));
  try {
    if (context.spent !== undefined) context.spent.statements += 1;
    return await work();
  } finally {
    // The place passes on without becoming free: nobody overtakes.
    const next = own.queue.shift();
    if (next === undefined) own.free += 1;
    else next();
  }
}
