// Bytes that came as hexadecimal digits. What begins with anything but a digit of them is no such text: its bytes are meant.
import { HubError } from '../../schema/errors.ts';

export type HexReader = {
  /** Throws HUB_SOURCE_FORMAT with the line. */
  step(bytes: Uint8Array): Uint8Array;
  end(): void;
};

const LF = 0x0a;

export function toHexReader(isRaw: boolean): HexReader {
  let isText = isRaw ? false : null;
  let [line, pending] = [1, ''];
  const readDigits = (bytes: Uint8Array): Uint8Array => {
    const digits: string[] = [pending];
    for (const byte of bytes) {
      if (byte === LF) line += 1;
      if (isBlank(byte)) continue;
      if (!isHexDigit(byte)) throw toFault(line, 'is no hexadecimal digit; for bytes as they are say --raw');
      digits.push(String.fromCharCode(byte));
    }
    const text = digits.join('');
    pending = text.length % 2 === 0 ? '' : text.slice(-1);
    return new Uint8Array(Buffer.from(text.slice(0, text.length - pending.length), 'hex'));
  };
  return {
    step(bytes) {
      const first = bytes.find((byte) => !isBlank(byte));
      if (isText === null && first !== undefined) isText = isHexDigit(first);
      return isText === false ? bytes : readDigits(bytes);
    },
    end() {
      if (pending !== '') throw toFault(line, 'ends in the middle of a byte');
    },
  };
}

function toFault(line: number, what: string): HubError {
  return new HubError('HUB_SOURCE_FORMAT', `line ${line}: ${what}`, { place: { line } });
}

function isBlank(byte: number): boolean {
  return byte === LF || byte === 0x0d || byte === 0x09 || byte === 0x20;
}

function isHexDigit(byte: number): boolean {
  return /[0-9a-f]/i.test(String.fromCharCode(byte));
}
