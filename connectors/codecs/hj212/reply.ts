// What the upper computer answers where bit A of Flag asks for it: 9014 to data, 9013 to notices (HJ 212-2017 6.6.4, Appendix C).
// Answers are not answered.
import { fromBytewise, toBytewise } from '../frames/read-bytes.ts';
import { toCrc16 } from './crc16.ts';
import type { Data } from './parse-data.ts';

const ASKS_ANSWER = 1;
/** Bits 2–7: 0 for HJ/T 212-2005, 1 for HJ 212-2017. */
const VERSION = 4;

export function toReply(head: Data['head']): Uint8Array | null {
  const flag = toFlag(head);
  const answer = ANSWERS.get((head.get('CN') ?? '').slice(0, 1));
  if (flag === null || answer === undefined || (flag & ASKS_ANSWER) === 0) return null;
  const named = (...names: readonly string[]) =>
    names.filter((name) => head.has(name)).map((name) => `${name}=${head.get(name)}`);
  // 2005 repeats the request's number and command in the content, 2017 the number in its own place.
  const fields =
    flag < VERSION
      ? ['ST=91', `CN=${answer}`, ...named('PW', 'MN'), `CP=&&${named('QN', 'CN').join(';')}&&`]
      : [...named('QN'), 'ST=91', `CN=${answer}`, ...named('PW', 'MN'), `Flag=${VERSION}`, 'CP=&&&&'];
  return toPacket(fields.join(';'));
}

/** By the first digit of the command: 1 notices and parameters, 2 data and control, 3 control. */
const ANSWERS: ReadonlyMap<string, string> = new Map([
  ['1', '9013'],
  ['2', '9014'],
  ['3', '9014'],
]);

function toFlag(head: Data['head']): number | null {
  const text = head.get('Flag') ?? '';
  return /^\d{1,3}$/.test(text) ? Number(text) : null;
}

function toPacket(data: string): Uint8Array {
  const bytes = fromBytewise(data);
  const check = toCrc16(bytes).toString(16).toUpperCase().padStart(4, '0');
  return fromBytewise(`##${String(bytes.length).padStart(4, '0')}${toBytewise(bytes)}${check}\r\n`);
}
