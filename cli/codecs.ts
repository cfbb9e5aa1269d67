// The codecs that this hub has, by the manifest's word: the one place where they are named. Kinds and `hub decode` get them.
import { csvCodec } from '../connectors/codecs/csv/csv-codec.ts';
import type { Codecs, DocumentCodec } from '../connectors/kit/codec.ts';

const documents: readonly DocumentCodec[] = [];

export const codecs: Codecs = {
  documents: new Map(documents.map((codec) => [codec.name, codec])),
  tables: new Map([[csvCodec.name, csvCodec]]),
};
