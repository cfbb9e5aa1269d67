// Every format that this hub reads, by the manifest's word: given to the kinds and to `hub decode`.
import { aisCodec } from '../connectors/codecs/ais/ais-codec.ts';
import { csvCodec } from '../connectors/codecs/csv/csv-codec.ts';
import { gb26875Codec } from '../connectors/codecs/gb26875/gb26875-codec.ts';
import { toGb28181Codec } from '../connectors/codecs/gb28181/gb28181-codec.ts';
import { hj212Codec } from '../connectors/codecs/hj212/hj212-codec.ts';
import { jsonCodec } from '../connectors/codecs/json/json-codec.ts';
import { jt808Codec } from '../connectors/codecs/jt808/jt808-codec.ts';
import { sl651Codec } from '../connectors/codecs/sl651/sl651-codec.ts';
import { xlsxCodec } from '../connectors/codecs/xlsx/xlsx-codec.ts';
import { xmlCodec } from '../connectors/codecs/xml/xml-codec.ts';
import type { Codecs } from '../connectors/kit/codec.ts';
import type { FrameCodec } from '../connectors/kit/frame-codec.ts';

const FRAMES: readonly FrameCodec[] = [
  ...[aisCodec, gb26875Codec, hj212Codec, jt808Codec, sl651Codec],
  toGb28181Codec(xmlCodec),
];

export const codecs: Codecs = {
  documents: new Map([jsonCodec, xmlCodec].map((codec) => [codec.name, codec])),
  tables: new Map([csvCodec].map((codec) => [codec.name, codec])),
  books: new Map([xlsxCodec].map((codec) => [codec.name, codec])),
  frames: new Map(FRAMES.map((codec) => [codec.name, codec])),
};
