// The additional items of a location (JT/T 808-2019, table 27; 2011, table 20): id, length, content, until the body ends.
import type { RawValue, SourceRecord } from '../../kit/contract.ts';

type Item = {
  readonly name: string;
  readonly bytes: readonly number[];
  readonly read: (view: DataView) => RawValue;
};

const byte: Item['read'] = (view) => view.getUint8(0);
const word: Item['read'] = (view) => view.getUint16(0);
const double: Item['read'] = (view) => view.getUint32(0);
const NO_PRESSURE = 0xff;
const NEGATIVE = 0x8000;

/**
 * In the standard's units: mileage 0.1 km, fuel 0.1 l, speed 0.1 km/h, temperature degrees, times seconds, pressures Pa as
 * coded (null: not valid). `place`: 0 none, 1 circle, 2 rectangle, 3 polygon, 4 road · `direction`: 0 in, 1 out.
 */
const ITEMS: ReadonlyMap<number, Item> = new Map([
  [0x01, { name: 'mileage', bytes: [4], read: double }],
  [0x02, { name: 'fuel', bytes: [2], read: word }],
  [0x03, { name: 'recordedSpeed', bytes: [2], read: word }],
  [0x04, { name: 'alarmEvent', bytes: [2], read: word }],
  [0x05, { name: 'tirePressure', bytes: [30], read: toPressures }],
  [0x06, { name: 'temperature', bytes: [2], read: toTemperature }],
  [0x11, { name: 'overspeed', bytes: [1, 5], read: toOverspeed }],
  [
    0x12,
    {
      name: 'area',
      bytes: [6],
      read: (view) => ({ place: view.getUint8(0), id: view.getUint32(1), direction: view.getUint8(5) }),
    },
  ],
  [
    0x13,
    {
      name: 'roadTime',
      bytes: [7],
      read: (view) => ({ id: view.getUint32(0), seconds: view.getUint16(4), result: view.getUint8(6) }),
    },
  ],
  [0x25, { name: 'signalBits', bytes: [4], read: (view) => toBits(view.getUint32(0)) }],
  [0x2a, { name: 'ioBits', bytes: [2], read: (view) => toBits(view.getUint16(0)) }],
  [0x2b, { name: 'analog', bytes: [4], read: (view) => [view.getUint16(2), view.getUint16(0)] }],
  [0x30, { name: 'networkSignal', bytes: [1], read: byte }],
  [0x31, { name: 'satellites', bytes: [1], read: byte }],
]);

/**
 * By name; what the standard leaves to makers, or has another length than it says, as hex by its id (`E3`). Of an id that
 * comes twice the last counts. Null where an item runs beyond the end.
 */
export function parseItems(bytes: Uint8Array): SourceRecord | null {
  const items: { [name: string]: RawValue } = {};
  for (let at = 0; at < bytes.length; ) {
    const [id = 0, length] = bytes.subarray(at, at + 2);
    at += 2;
    if (length === undefined || at + length > bytes.length) return null;
    const content = bytes.subarray(at, at + length);
    const item = ITEMS.get(id);
    if (item?.bytes.includes(length) === true)
      items[item.name] = item.read(new DataView(content.buffer, content.byteOffset, length));
    else items[toHex(Uint8Array.of(id))] = toHex(content);
    at += length;
  }
  return items;
}

/** The numbers of the bits that are set, from 0. */
export function toBits(value: number): readonly number[] {
  return Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => ((value >>> bit) & 1) === 1);
}

function toPressures(view: DataView): RawValue {
  return Array.from({ length: view.byteLength }, (_, at) => view.getUint8(at)).map((value) =>
    value === NO_PRESSURE ? null : value,
  );
}

// The standard says ±32767 with the highest bit as the sign: no two's complement.
function toTemperature(view: DataView): RawValue {
  const coded = view.getUint16(0);
  return coded >= NEGATIVE ? 0 - (coded - NEGATIVE) : coded;
}

function toOverspeed(view: DataView): RawValue {
  const place = view.getUint8(0);
  return view.byteLength === 1 ? { place } : { place, id: view.getUint32(1) };
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
