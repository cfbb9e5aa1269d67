// Every format that this hub reads, by the manifest's word: given to the kinds and to `hub decode`.
import { csvCodec } from '../connectors/codecs/csv/csv-codec.ts';
import { jsonCodec } from '../connectors/codecs/json/json-codec.ts';
import { xmlCodec } from '../connectors/codecs/xml/xml-codec.ts';
import type { Codecs } from '../connectors/kit/codec.ts';

export const codecs: Codecs = {
  documents: new Map([jsonCodec, xmlCodec].map((codec) => [codec.name, codec])),
  tables: new Map([csvCodec].map((codec) => [codec.name, codec])),
  books: new Map(),
};
