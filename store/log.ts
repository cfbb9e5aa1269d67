// What the store says while it works, in the shape of pino's methods; the composition root gives the real one.

/** Fields hold names and counts, never a value of a record. */
export type StoreLog = {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
};

export const SILENT: StoreLog = { info: () => undefined, warn: () => undefined };
