// The one error of this folder: why an embedded PostgreSQL could not be had, and what to do about it.

/** binary: none for this platform · start: it did not come up · data: its folder is in use or of another version · port: the port asked for is taken. */
export type StartFault = 'binary' | 'start' | 'data' | 'port';

/** Thrown while PostgreSQL is prepared or started; the message names the place and the fix. */
export class PostgresStartError extends Error {
  readonly reason: StartFault;

  constructor(reason: StartFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'PostgresStartError';
    this.reason = reason;
  }
}
