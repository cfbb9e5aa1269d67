// What a reading says when it cannot give a value, or gives one with a reservation. Made by converters, turned into a
// Fault by forms/. Never holds the value that was read: it may be a citizen's.
import type { MapFaultCode, MappedValue } from './outcome.ts';

/** `value` undefined: bad input. Else: this value lands, and the remark beside it. */
export class Remark {
  readonly code: MapFaultCode;
  readonly message: string;
  readonly value: MappedValue | undefined;
  /** The column at fault, where a reading has several. */
  readonly column: string | null;

  constructor(code: MapFaultCode, message: string, value: MappedValue | undefined, column: string | null) {
    this.code = code;
    this.message = message;
    this.value = value;
    this.column = column;
  }
}

/** Bad input: the field is null or the row is set aside, as its `onBad` says. */
export function bad(code: MapFaultCode, message: string, column: string | null = null): Remark {
  return new Remark(code, message, undefined, column);
}

/** A value that lands with a note. */
export function noted(value: MappedValue, code: MapFaultCode, message: string): Remark {
  return new Remark(code, message, value, null);
}
