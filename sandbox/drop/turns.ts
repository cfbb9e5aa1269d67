// Takes what a system is asked to do one after the other.

/** Does one thing at a time, in the order they were asked for. */
export function toTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
