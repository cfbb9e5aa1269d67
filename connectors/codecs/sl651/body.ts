// What the body of a report says, whichever its coding: the serial number, when it was sent, and the observations.
import type { Fault } from '../frames/frame-codec.ts';
import type { Observation } from './observations.ts';

export type Body = {
  readonly kind: 'body';
  /** Four hexadecimal digits. */
  readonly serial: string;
  /** yyMMddHHmmss, Beijing time. */
  readonly sentAt: string;
  readonly observations: readonly Observation[];
};

/** `sender`: the station of the header, for bodies that name none. */
export type BodyParser = (body: Uint8Array, word: string, sender: string) => Body | Fault;

/** Functions whose bodies are elements (SL 651-2014 Appendix B); the others' bodies are parameters and states of the station. */
const REPORTS = new Set(['30', '31', '32', '33', '34', '35', '36', '37', '38', '39', '3A', '44']);
/** Reports of values at equal intervals (6.6.4.4, 6.6.4.11). */
const UNIFORM = new Set(['31', '38']);

export function isReport(word: string): boolean {
  return REPORTS.has(word);
}

export function isUniform(word: string): boolean {
  return UNIFORM.has(word);
}
