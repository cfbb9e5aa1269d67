// What the gateway says while it works, in the shape of pino's methods; the composition root gives the real one.

/** Fields hold names, codes, counts and the original error of a hidden fault; never a query's text or its variables. */
export type GatewayLog = {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
};
