// What the jobs say while they work, in the shape of pino's methods; the composition root gives the real one.

/** Words for people who run the hub. Fields hold names and counts, never a secret or a citizen's data. */
export type Log = {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
};
