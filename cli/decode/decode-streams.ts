// The rim of `hub decode`: all that it reads and says goes through here.

/** Where bytes come from and lines go to: the process's own streams, or a test's. */
export type DecodeStreams = {
  readonly input: AsyncIterable<Uint8Array>;
  readonly name: string;
  /** Milliseconds: formats that tell less than a whole time take the rest from it. */
  now(): number;
  print(line: string): Promise<void>;
  complain(line: string): void;
};
