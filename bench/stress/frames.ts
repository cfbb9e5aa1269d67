// Sound frames of SL 651 for bench/stress.ts: reports of a stage, as the stations of the sandbox send them. Pure.
import { toHexFrame } from '../../sandbox/hydrology/sl651.ts';

/** What no station of the sandbox tells of. */
export const OBSERVED_AT = Date.UTC(2026, 0, 5, 0, 30);

/** One behind the other; their serial numbers go up from `serial`. */
export function toFrames(serial: number, count: number, address = '0099990001'): Uint8Array {
  return Buffer.concat(
    Array.from({ length: count }, (_, at) =>
      toHexFrame({
        ...{ address, password: 'A000', word: '32', serial: serial + at, sentAt: OBSERVED_AT },
        ...{ type: 'H', observedAt: OBSERVED_AT, values: new Map([['Z', 88.125]]) },
      }),
    ),
  );
}
