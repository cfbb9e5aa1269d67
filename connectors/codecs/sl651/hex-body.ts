// A body in the HEX/BCD coding (SL 651-2014 6.6.3): an element's byte, a byte that packs its length (high five bits) and its
// places behind the point (low three), its value. Time and station have a length of their own.
import type { RawValue } from '../../kit/contract.ts';
import { type Fault, toFault } from '../frames/frame-codec.ts';
import { toBytewise, toHex } from '../frames/read-bytes.ts';
import { type BodyParser, isReport, isUniform } from './body.ts';
import { PICTURE, SERIES, STATION, STATUS, STEP, TEXT, TIME } from './elements.ts';
import { toStation } from './envelope.ts';
import { FIVE_MINUTES, type Gatherer, toGatherer, toStepMs } from './observations.ts';
import { toDecimal, toSeriesValue } from './values.ts';

/** Serial number and time of sending. */
const HEAD = 8;
/** Without a length: all that follows is theirs. */
const REST = new Set([TEXT, PICTURE, 'FD']);

export const parseHexBody: BodyParser = (body, word, sender) => {
  if (body.length < HEAD) return toFault('LENGTH', `a body of ${body.length} bytes has no serial and time`);
  const gatherer = toGatherer(sender);
  const fault = isReport(word) ? takeElements(body, isUniform(word), gatherer) : null;
  const serial = toHex(body.subarray(0, 2));
  const sentAt = toHex(body.subarray(2, HEAD));
  return fault ?? { kind: 'body', serial, sentAt, observations: gatherer.end() };
};

function takeElements(body: Uint8Array, isEven: boolean, gatherer: Gatherer): Fault | null {
  let at = HEAD;
  while (at < body.length) {
    const element = readElement(body, at);
    const value = body.subarray(element.from, element.end);
    if (element.end > body.length || element.from > body.length)
      return toFault('LENGTH', `element ${element.code} is longer than what is left of the body`);
    at = element.end;
    if (element.code === STEP && isEven && value.some((byte) => byte !== 0))
      return takeUniform(body, at, value, gatherer);
    const fault = takeElement(element, value, gatherer);
    if (fault !== null) return fault;
  }
  return null;
}

type Element = {
  readonly code: string;
  readonly places: number;
  /** Of its value. */
  readonly from: number;
  readonly end: number;
};

function readElement(body: Uint8Array, at: number): Element {
  // FF: a byte more says which of the user's own elements.
  const idLength = body[at] === 0xff ? 2 : 1;
  const code = toHex(body.subarray(at, at + idLength));
  const packed = body[at + idLength] ?? 0;
  const from = at + idLength + 1;
  const places = packed & 7;
  if (REST.has(code)) return { code, places, from, end: Math.max(from, body.length) };
  if (code === TIME) return { code, places, from, end: from + 5 };
  // Address and kind of station are one group; the kind has no byte of its own to announce it.
  if (code === STATION) return { code, places, from, end: from + 6 };
  return { code, places, from, end: from + (packed >> 3) };
}

function takeElement({ code, places }: Element, value: Uint8Array, gatherer: Gatherer): Fault | null {
  const series = SERIES.get(code);
  if (code === TIME) gatherer.takeTime(toHex(value));
  else if (code === STATION)
    gatherer.takeStation(toStation(value.subarray(0, 5)), toBytewise(value.subarray(5)));
  else if (series === undefined) gatherer.take(code, toValue(code, value, places));
  else {
    const rounds = toSlices(value, series.bytes).map((slice) => ({
      [code]: toSeriesValue(Number.parseInt(toHex(slice), 16), series.bytes, series.places),
    }));
    if (!gatherer.takeSeries(rounds, FIVE_MINUTES))
      return toFault('FORMAT', `element ${code} without a time of its first value`);
  }
  return null;
}

function toValue(code: string, value: Uint8Array, places: number): RawValue {
  if (code === STATUS) return toHex(value);
  if (code === TEXT) return toBytewise(value);
  return REST.has(code) ? value.slice() : toDecimal(value, places);
}

/** One element, then its values to the end of the body, all of one length. */
function takeUniform(body: Uint8Array, at: number, step: Uint8Array, gatherer: Gatherer): Fault | null {
  const [days, hours, minutes] = [...step].map((byte) => Number(toHex(Uint8Array.of(byte))));
  const stepMs = toStepMs(days ?? Number.NaN, hours ?? Number.NaN, minutes ?? Number.NaN);
  const { code, places, from, end } = readElement(body, at);
  const [each, left] = [end - from, body.length - from];
  if (stepMs === null || each === 0) return toFault('FORMAT', 'values at intervals without a step or length');
  if (left < 0 || left % each !== 0)
    return toFault('LENGTH', `${Math.max(left, 0)} bytes are no whole number of values of ${each}`);
  const rounds = toSlices(body.subarray(from), each).map((slice) => ({
    [code]: toValue(code, slice, places),
  }));
  return gatherer.takeSeries(rounds, stepMs) ? null : toFault('FORMAT', 'values at intervals without a time');
}

function toSlices(bytes: Uint8Array, each: number): readonly Uint8Array[] {
  return Array.from({ length: Math.floor(bytes.length / each) }, (_, at) =>
    bytes.subarray(at * each, (at + 1) * each),
  );
}
