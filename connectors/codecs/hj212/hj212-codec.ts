// The codec `hj212`: environmental monitoring over HJ 212-2017 and HJ/T 212-2005, whole packets and parts (PNUM, PNO).
import type { Frame } from '../../kit/frame-codec.ts';
import { type Fault, type Saying, toFault, toFrameCodec } from '../frames/frame-codec.ts';
import { CHECK, framing, HEAD } from './framing.ts';
import { type Data, parseData } from './parse-data.ts';
import { toRecords } from './records.ts';
import { toReply } from './reply.ts';

/** 9011–9014 answers, 9015 a sign of life. */
const CONVERSATION = '9';

export const hj212Codec = toFrameCodec({
  name: 'hj212',
  framing,
  read(raw): Saying {
    const data = parsePacket(raw);
    if (data.kind === 'fault') return data;
    const { head } = data;
    const total = toNumber(head.get('PNUM') ?? '1');
    if (total === 1) return toFrame(head, [data]);
    const number = toNumber(head.get('PNO') ?? '');
    if (total === null || number === null || number > total)
      return toFault('FORMAT', 'PNUM and PNO are no numbers of a part');
    const key = ['MN', 'ST', 'CN', 'QN', 'PW', 'PNUM'].map((name) => head.get(name) ?? '').join(';');
    // A sender waits for the answer to each part before it sends the next.
    const receipt = { ...toFrame(head, []), records: [] };
    return { kind: 'part', key, total, number, receipt };
  },
  readParts(raws) {
    const parts = raws.map(parsePacket).filter((data) => data.kind === 'data');
    const last = parts.at(-1);
    return last === undefined ? toFault('FORMAT', 'no parts') : toFrame(last.head, parts);
  },
});

function parsePacket(raw: Uint8Array): Data | Fault {
  return parseData(raw.subarray(HEAD, raw.length - CHECK));
}

function toFrame(head: Data['head'], parts: readonly Data[]): Omit<Frame, 'raw'> {
  const message = head.get('CN') ?? '';
  const contents = parts.map(({ content }) => content);
  return {
    kind: 'frame',
    message,
    device: head.get('MN') ?? null,
    records: message.startsWith(CONVERSATION) ? [] : toRecords(head, contents),
    ...(head.has('PW') ? { credentials: { PW: head.get('PW') ?? '' } } : {}),
    reply: toReply(head),
  };
}

function toNumber(text: string): number | null {
  return /^\d{1,4}$/.test(text) && Number(text) > 0 ? Number(text) : null;
}
