// A body in the ASCII coding (SL 651-2014 6.6.2): the serial number and the time of sending without a blank between them, then
// words and values, each with a blank behind it: `ST 0010100001 H TT 2007241723 PJ 13.0 Z 0.550 `.
import type { RawValue } from '../../kit/contract.ts';
import { type Fault, toFault } from '../frames/frame-codec.ts';
import { fromBytewise, fromHex, toBytewise } from '../frames/read-bytes.ts';
import { type BodyParser, isReport, isUniform } from './body.ts';
import { PICTURE, SERIES, STATION, TEXT, TIME, toElementCode } from './elements.ts';
import { toStation } from './envelope.ts';
import { FIVE_MINUTES, type Gatherer, toGatherer, toStepMs } from './observations.ts';
import { toSeriesValue } from './values.ts';

const HEAD = /^([0-9a-f]{4})(\d{12}) ?/i;
const STEP_WORD = /^DR([DHN])(\d\d)$/i;
const NO_VALUE = 'M';

export const parseAsciiBody: BodyParser = (body, word, sender) => {
  const text = toBytewise(body);
  const [head, serial = '', sentAt = ''] = HEAD.exec(text) ?? [];
  if (head === undefined) return toFault('FORMAT', 'the body does not begin with a serial number and a time');
  const gatherer = toGatherer(sender);
  const fault = isReport(word) ? takeWords(text.slice(head.length), isUniform(word), gatherer) : null;
  return fault ?? { kind: 'body', serial: serial.toUpperCase(), sentAt, observations: gatherer.end() };
};

function takeWords(text: string, isEven: boolean, gatherer: Gatherer): Fault | null {
  let rest = text;
  /** The next word, null at the end. */
  const take = (): string | null => {
    const [whole, word = ''] = /^ *([^ ]+) ?/.exec(rest) ?? [];
    if (whole === undefined) return null;
    rest = rest.slice(whole.length);
    return word;
  };
  for (let word = take(); word !== null; word = take()) {
    const step = STEP_WORD.exec(word);
    if (step !== null) {
      if (isEven && Number(step[2]) > 0) return takeUniform(step, rest, gatherer);
      continue;
    }
    const code = toElementCode(word);
    if (code === TEXT || code === PICTURE) {
      gatherer.take(code, code === TEXT ? rest.trimEnd() : fromBytewise(rest.replace(/ $/, '')));
      return null;
    }
    const value = take();
    if (value === null) return toFault('LENGTH', 'the body ends behind the word of an element');
    const fault = takeElement(code, value, gatherer, take);
    if (fault !== null) return fault;
  }
  return null;
}

function takeElement(
  code: string,
  value: string,
  gatherer: Gatherer,
  take: () => string | null,
): Fault | null {
  const series = SERIES.get(code);
  if (code === TIME) gatherer.takeTime(value);
  else if (code === STATION) {
    if (!/^[0-9a-f]{10}$/i.test(value)) return toFault('FORMAT', 'a station is not ten digits');
    gatherer.takeStation(toStation(fromHex(value)), take());
  } else if (series === undefined) gatherer.take(code, toValue(value));
  else {
    const width = series.bytes * 2;
    if (value.length % width !== 0 || !/^[0-9a-f]*$/i.test(value))
      return toFault('FORMAT', `element ${code} is no row of hexadecimal values`);
    const rounds = (value.match(new RegExp(`.{${width}}`, 'g')) ?? []).map((digits) => ({
      [code]: toSeriesValue(Number.parseInt(digits, 16), series.bytes, series.places),
    }));
    if (!gatherer.takeSeries(rounds, FIVE_MINUTES))
      return toFault('FORMAT', `element ${code} without a time of its first value`);
  }
  return null;
}

function toValue(text: string): RawValue {
  return text === NO_VALUE ? null : text;
}

/** The words of one or more elements, then their values, round after round, to the end of the body. */
function takeUniform(
  [, unit = '', count = '']: RegExpExecArray,
  text: string,
  gatherer: Gatherer,
): Fault | null {
  const words = text.split(' ').filter((word) => word !== '');
  const firstValue = words.findIndex((word) => word === NO_VALUE || !/^[a-z]/i.test(word));
  const codes = words.slice(0, Math.max(firstValue, 0)).map(toElementCode);
  const values = words.slice(codes.length);
  if (codes.length === 0) return toFault('FORMAT', 'values at intervals without an element');
  if (values.length % codes.length !== 0)
    return toFault('LENGTH', `${values.length} values are no whole number of rounds of ${codes.length}`);
  const rounds = Array.from({ length: values.length / codes.length }, (_, round) =>
    Object.fromEntries(
      codes.map((code, at): [string, RawValue] => [code, toValue(values[round * codes.length + at] ?? '')]),
    ),
  );
  const steps = { D: [1, 0, 0], H: [0, 1, 0], N: [0, 0, 1] }[unit.toUpperCase()] ?? [0, 0, 0];
  const [days = 0, hours = 0, minutes = 0] = steps.map((one) => one * Number(count));
  const stepMs = toStepMs(days, hours, minutes);
  return stepMs !== null && gatherer.takeSeries(rounds, stepMs)
    ? null
    : toFault('FORMAT', 'values at intervals without a time');
}
