// A packet of HJ 212 (HJ 212-2017 6.3, Appendix A): `##`, four digits of length, the data, four hexadecimal digits of check value.
// Written from the standard's text; ASCII only.

export type PacketOptions = {
  readonly isLower?: boolean;
  readonly hasBreak?: boolean;
  /** What a careless programmer adds to the length. */
  readonly tooLong?: number;
  /** The check value of something else. */
  readonly isMischecked?: boolean;
};

export function toPacket(data: string, options: PacketOptions = {}): Uint8Array {
  const { isLower = false, hasBreak = true, tooLong = 0, isMischecked = false } = options;
  const value = toCheck(data) ^ (isMischecked ? 0x00ff : 0);
  const check = value.toString(16).toUpperCase().padStart(4, '0');
  const length = String(data.length + tooLong).padStart(4, '0');
  return Buffer.from(
    `##${length}${data}${isLower ? check.toLowerCase() : check}${hasBreak ? '\r\n' : ''}`,
    'latin1',
  );
}

/** The standard's own way: the register's high byte is laid over each character, its low one is lost. */
export function toCheck(data: string): number {
  let register = 0xffff;
  for (const character of Buffer.from(data, 'latin1')) {
    register = (register >>> 8) ^ character;
    for (let bit = 0; bit < 8; bit += 1)
      register = register % 2 === 1 ? (register >>> 1) ^ 0xa001 : register >>> 1;
  }
  return register;
}

/**
 * For each connection: the QN of what was answered (9013, 9014), once all `partsOf` that message's parts were. The form of 2005
 * tells it in the content, that of 2017 in its place: one search finds either.
 */
export function openAnswerReader(
  partsOf: (qn: string) => number,
): (bytes: Uint8Array) => readonly { readonly key: string; readonly bytes: Uint8Array }[] {
  const heard = new Map<string, number>();
  let rest = '';
  return (bytes) => {
    const lines = (rest + Buffer.from(bytes).toString('latin1')).split('\r\n');
    rest = lines.pop() ?? '';
    return lines.flatMap((line) => {
      const data = line.slice(6, -4);
      const qn = /\bQN=(\d{17})/.exec(data)?.[1];
      const isAnswer = /\bCN=901[34];/.test(data) && toCheck(data) === Number.parseInt(line.slice(-4), 16);
      if (qn === undefined || !isAnswer) return [];
      const count = (heard.get(qn) ?? 0) + 1;
      heard.set(qn, count);
      if (count < partsOf(qn)) return [];
      heard.delete(qn);
      return [{ key: qn, bytes: Buffer.from(line, 'latin1') }];
    });
  };
}
