// Bodies that begin a conversation: registration (0100) and authentication (0102).
import { parseStrict } from '../../kit/encoding-bytes.ts';
import type { Parsed } from './location.ts';

/** What a vehicle has for a colour (JT/T 697.7, table of plate colours, and JT/T 415); tells the two older forms apart. */
const COLOURS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 9, 91, 92, 93, 94]);

type Layout = { readonly maker: number; readonly model: number; readonly terminal: number };
const OF_2019: Layout = { maker: 11, model: 30, terminal: 30 };
/** As amended 2013, which is what terminals called 2011 mostly send. */
const OF_2013: Layout = { maker: 5, model: 20, terminal: 7 };
const OF_2011: Layout = { maker: 5, model: 8, terminal: 7 };

/** A plate is a key only with its `plateColour`; colour 0 is a vehicle without plate, and `plate` then its frame number (VIN). */
export function parseRegistration(body: Uint8Array, is2019: boolean): Parsed {
  const layout = is2019 ? OF_2019 : isForm(body, OF_2013) ? OF_2013 : OF_2011;
  const colourAt = toColourPlace(layout);
  if (body.length <= colourAt)
    return `a registration of ${body.length} bytes, it has ${colourAt + 1} at least`;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const modelAt = 4 + layout.maker;
  const terminalAt = modelAt + layout.model;
  return {
    province: view.getUint16(0),
    county: view.getUint16(2),
    maker: toText(body.subarray(4, modelAt)),
    model: toText(body.subarray(modelAt, terminalAt)),
    terminal: toText(body.subarray(terminalAt, colourAt)),
    plateColour: view.getUint8(colourAt),
    plate: toText(body.subarray(colourAt + 1)),
  };
}

export type Authentication = {
  readonly code: string;
  readonly imei: string | null;
  readonly software: string | null;
};

/** 2011: the code alone. 2019: its length, the code, IMEI, software version. A text: which length does not fit. */
export function parseAuthentication(body: Uint8Array, is2019: boolean): Authentication | string {
  if (!is2019) return { code: toText(body), imei: null, software: null };
  const length = body[0] ?? 0;
  const imeiAt = 1 + length;
  const softwareAt = imeiAt + 15;
  if (body.length < softwareAt)
    return `an authentication of ${body.length} bytes, it has ${softwareAt} at least`;
  return {
    code: toText(body.subarray(1, imeiAt)),
    imei: toText(body.subarray(imeiAt, softwareAt)),
    software: toText(body.subarray(softwareAt)),
  };
}

function isForm(body: Uint8Array, layout: Layout): boolean {
  const colour = body[toColourPlace(layout)];
  return colour !== undefined && COLOURS.has(colour);
}

function toColourPlace({ maker, model, terminal }: Layout): number {
  return 4 + maker + model + terminal;
}

/** GBK without what fills it up; what is no text (makers put numbers here) as hex. */
function toText(bytes: Uint8Array): string {
  const text = parseStrict('gb18030', bytes)?.replace(/[\0 ]+$/, '') ?? '';
  const isText =
    /^[^\p{Cc}]*$/u.test(text) && (text !== '' || bytes.every((byte) => byte === 0 || byte === 0x20));
  return isText ? text : Buffer.from(bytes).toString('hex').toUpperCase();
}
