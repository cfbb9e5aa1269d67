// The body of a location (0200), and of many kept while there was no network (0704).
import type { SourceRecord } from '../../kit/contract.ts';
import { parseItems, toBits } from './additional-items.ts';
import { toDigits } from './envelope.ts';

const FIXED = 28;
const SOUTH = 2;
const WEST = 3;

/** What a body says; or, as text, which length does not fit. */
export type Parsed = SourceRecord | string;

/**
 * `lat` and `lon` in 10⁻⁶ degrees, south and west negative; `altitude` m; `speed` 0.1 km/h; `direction` degrees from north;
 * `time` yyMMddHHmmss, GMT+8; `alarmBits` and `statusBits` numbers of bits; `extra` the additional items.
 */
export function parseLocation(body: Uint8Array): Parsed {
  if (body.length < FIXED) return `a location of ${body.length} bytes, it has ${FIXED} at least`;
  const extra = parseItems(body.subarray(FIXED));
  if (extra === null) return 'an additional item is longer than the location';
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const alarmBits = toBits(view.getUint32(0));
  const statusBits = toBits(view.getUint32(4));
  const signed = (value: number, bit: number) => (statusBits.includes(bit) && value !== 0 ? -value : value);
  return {
    alarmBits,
    statusBits,
    lat: signed(view.getUint32(8), SOUTH),
    lon: signed(view.getUint32(12), WEST),
    altitude: view.getUint16(16),
    speed: view.getUint16(18),
    direction: view.getUint16(20),
    time: toDigits(body.subarray(22, FIXED)),
    extra,
  };
}

/** `kind`: 0 as they came, 1 after a time without network · `items`: the locations, in the order sent. */
export function parseBatch(body: Uint8Array): Parsed {
  if (body.length < 3) return `a batch of ${body.length} bytes, it has 3 at least`;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const count = view.getUint16(0);
  const items: SourceRecord[] = [];
  for (let at = 3; at < body.length; ) {
    const length = at + 2 > body.length ? body.length : view.getUint16(at);
    if (at + 2 + length > body.length) return `location ${items.length + 1} is longer than the batch`;
    const item = parseLocation(body.subarray(at + 2, at + 2 + length));
    if (typeof item === 'string') return `location ${items.length + 1}: ${item}`;
    items.push(item);
    at += 2 + length;
  }
  if (items.length !== count) return `${items.length} locations, the batch says ${count}`;
  return { kind: view.getUint8(2), items };
}
