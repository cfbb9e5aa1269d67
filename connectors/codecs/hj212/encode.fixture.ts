// A station that speaks HJ 212: packets written from the text of the standard (HJ 212-2017 6.3), for tests only. Shares nothing
// with the codec.

export type Upload = {
  /** Names of the head and their values, in order: QN, ST, CN, PW, MN, Flag, PNUM, PNO. */
  readonly head: { readonly [name: string]: string };
  readonly dataTime: string;
  /** Code of what was measured → its values: `{ w01018: { Rtd: '12.5', Flag: 'N' } }`. */
  readonly items: { readonly [code: string]: { readonly [name: string]: string } };
};

export function encodeUpload({ head, dataTime, items }: Upload): Uint8Array {
  const groups = Object.entries(items).map(([code, values]) =>
    Object.entries(values)
      .map(([name, value]) => `${code}-${name}=${value}`)
      .join(','),
  );
  const names = Object.entries(head).map(([name, value]) => `${name}=${value};`);
  return encodePacket(`${names.join('')}CP=&&${[`DataTime=${dataTime}`, ...groups].join(';')}&&`);
}

/** Any data within `##`, length, check value and line break. */
export function encodePacket(data: string, { end = '\r\n' }: { readonly end?: string } = {}): Uint8Array {
  const check = cyclicCheck(data).toString(16).toUpperCase().padStart(4, '0');
  return Uint8Array.from(
    Buffer.from(`##${String(data.length).padStart(4, '0')}${data}${check}${end}`, 'latin1'),
  );
}

/** HJ 212-2017 Appendix A, step by step. */
function cyclicCheck(data: string): number {
  let register = 0xffff;
  for (const byte of Buffer.from(data, 'latin1')) {
    register = (register >>> 8) ^ byte;
    for (let bit = 0; bit < 8; bit++) {
      const carry = register & 1;
      register >>>= 1;
      if (carry === 1) register ^= 0xa001;
    }
  }
  return register;
}
