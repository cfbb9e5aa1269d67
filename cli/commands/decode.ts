// `hub decode <codec> [file]`: what the hub would read from a file, an answer or a stream of frames, as JSON lines on stdout;
// faults go to stderr as `file:line  CODE  message`. For people who look at a department's data before its manifest is written.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type {
  BookReader,
  Codecs,
  DocumentCodec,
  TableOptions,
  TableStep,
} from '../../connectors/kit/codec.ts';
import type { RawValue } from '../../connectors/kit/contract.ts';
import { type Decoder, type EncodingWord, toDecoder } from '../../connectors/kit/encoding.ts';
import { compileColumnList, isRecord } from '../../connectors/kit/mapping/columns.ts';
import { type ErrorCode, HubError } from '../../schema/errors.ts';
import { decodeFrames } from '../decode/decode-frames.ts';
import type { DecodeStreams } from '../decode/decode-streams.ts';

export type DecodeOptions = {
  readonly encoding: EncodingWord;
  /** Where the records of a document lie. */
  readonly records?: string;
  /** The header rows of a table; the first row when absent. */
  readonly header?: readonly number[];
  /** A workbook's sheet, by its name; the first when absent. */
  readonly sheet?: string;
  /** Bytes as they are, though they look like hexadecimal digits; of frames only. */
  readonly raw?: boolean;
};

/** A document's `records`: the first path that leads to something. */
type DocumentForm = {
  readonly codec: string;
  readonly repair: readonly string[];
  readonly records: readonly string[];
};
const DOCUMENTS: { readonly [word: string]: DocumentForm } = {
  music: { codec: 'json', repair: ['musicFieldNames', 'jsonp'], records: ['DS'] },
  cap: { codec: 'xml', repair: [], records: ['alerts.alert', 'alert'] },
};

export async function runDecode(
  word: string,
  file: string | undefined,
  options: DecodeOptions,
  codecs: Codecs,
): Promise<void> {
  // A reader that has seen enough (`| head`) is no fault.
  process.stdout.on('error', (error: { readonly code?: unknown }) =>
    process.exit(error.code === 'EPIPE' ? 0 : 1),
  );
  const isClean = await runDecoding(word, options, codecs, {
    input: file === undefined ? process.stdin : createReadStream(file),
    name: file === undefined ? 'stdin' : basename(file),
    now: Date.now,
    print: (line) =>
      new Promise((resolve) => {
        process.stdout.write(`${line}\n`, () => resolve());
      }),
    complain: (line) => process.stderr.write(`${line}\n`),
  });
  if (!isClean) process.exitCode = 1;
}

/** True when every record could be read. Rejects with HUB_CONFIG_INVALID or HUB_SOURCE_UNSUPPORTED before it reads. */
export async function runDecoding(
  word: string,
  options: DecodeOptions,
  codecs: Codecs,
  streams: DecodeStreams,
): Promise<boolean> {
  const decode = planDecode(word, options, codecs);
  const decoder = toDecoder(options.encoding);
  try {
    const isClean = await decode(decoder, streams);
    const used = decoder.used();
    if (options.encoding === 'detect' && used?.encoding === 'gb18030')
      streams.complain(`${streams.name}  read as gb18030, found in its ${used.by}`);
    return isClean;
  } catch (error) {
    complainOf(error, streams);
    return false;
  }
}

type Decode = (decoder: Decoder, streams: DecodeStreams) => Promise<boolean>;

function planDecode(word: string, options: DecodeOptions, codecs: Codecs): Decode {
  const { records, header = [1], sheet, raw = false } = options;
  const protocol = codecs.frames.get(word);
  if (protocol !== undefined) {
    if (records !== undefined)
      throw new HubError('HUB_CONFIG_INVALID', `--records: ${word} has frames, each says its own records`);
    return (_, streams) => decodeFrames(protocol, raw, streams);
  }
  if (raw)
    throw new HubError(
      'HUB_CONFIG_INVALID',
      `--raw: ${[...codecs.frames.keys()].join(', ')} have it, not ${word}`,
    );
  const [table, book] = [codecs.tables.get(word), codecs.books.get(word)];
  const words: TableOptions = {
    header: { rows: header, join: '/', columns: null },
    fillDown: [],
    stop: null,
  };
  if (records !== undefined && (table !== undefined || book !== undefined))
    throw new HubError('HUB_CONFIG_INVALID', `--records: ${word} is a table, its rows are its records`);
  if (sheet !== undefined && book === undefined)
    throw new HubError('HUB_CONFIG_INVALID', `--sheet: ${word} has no sheets`);
  if (table !== undefined)
    return (decoder, streams) => {
      const reader = table.open(words);
      return decodeTable(decoder, streams, (text) => (text === null ? reader.end() : reader.step(text)));
    };
  if (book !== undefined) {
    const choice = sheet === undefined ? { index: 1 } : { name: sheet };
    return (_decoder, streams) =>
      decodeBook(streams, (bytes) => book.open(bytes, { ...words, sheet: choice }));
  }
  const form = DOCUMENTS[word];
  const codec = form === undefined ? undefined : codecs.documents.get(form.codec);
  if (form !== undefined && codec === undefined)
    throw new HubError(
      'HUB_SOURCE_UNSUPPORTED',
      `this hub has no codec ${form.codec} yet, which ${word} needs`,
    );
  if (form === undefined || codec === undefined)
    throw new HubError(
      'HUB_CONFIG_INVALID',
      `no codec ${word}; there are ${[...codecs.tables.keys(), ...codecs.books.keys(), ...Object.keys(DOCUMENTS), ...codecs.frames.keys()].join(', ')}`,
    );
  const paths = records === undefined ? form.records : [records];
  return (decoder, streams) => decodeDocument(decoder, streams, codec, { ...form, records: paths });
}

async function decodeTable(
  decoder: Decoder,
  streams: DecodeStreams,
  read: (text: string | null) => TableStep,
): Promise<boolean> {
  const { tell, isClean } = toTeller(streams);
  for await (const bytes of streams.input) await tell(read(decoder.step(bytes)));
  await tell(read(decoder.end()));
  await tell(read(null));
  return isClean();
}

async function decodeBook(streams: DecodeStreams, open: (bytes: Uint8Array) => BookReader): Promise<boolean> {
  const { tell, isClean } = toTeller(streams);
  const pieces: Uint8Array[] = [];
  for await (const bytes of streams.input) pieces.push(bytes);
  const reader = open(Buffer.concat(pieces));
  for (let step = await reader.step(); step !== null; step = await reader.step()) await tell(step);
  return isClean();
}

/** Prints records, and complains of rows that are none. */
function toTeller(streams: DecodeStreams) {
  let isClean = true;
  return {
    isClean: () => isClean,
    async tell({ records, unreadable }: TableStep): Promise<void> {
      for (const { raw, message } of unreadable) {
        isClean = false;
        streams.complain(toLine('HUB_MAP_RECORD', message, `${streams.name}:${String(raw['@row'])}`));
      }
      for (const record of records) await streams.print(JSON.stringify(record));
    },
  };
}

async function decodeDocument(
  decoder: Decoder,
  streams: DecodeStreams,
  codec: DocumentCodec,
  form: DocumentForm,
): Promise<boolean> {
  const texts: string[] = [];
  for await (const bytes of streams.input) texts.push(decoder.step(bytes));
  const { value, repaired } = codec.decode(texts.join('') + decoder.end(), { repair: form.repair });
  const records = toRecords(value, form.records);
  if (records === null) {
    streams.complain(toLine('HUB_SOURCE_FORMAT', `nothing at ${form.records.join(' or ')}`, streams.name));
    return false;
  }
  for (const record of records) await streams.print(JSON.stringify(record));
  if (repaired.length > 0) streams.complain(`${streams.name}  repaired: ${repaired.join(', ')}`);
  return true;
}

/** A single object counts as a list of one; null where no path leads anywhere. */
function toRecords(value: RawValue, paths: readonly string[]): readonly RawValue[] | null {
  if (!isRecord(value)) return null;
  const frame = {
    record: value,
    parent: null,
    meta: undefined,
    receivedAt: '',
    item: undefined,
    name: undefined,
    value: undefined,
  };
  for (const path of paths) {
    const found = compileColumnList(path)(frame);
    if (found !== undefined) return found;
  }
  return null;
}

function complainOf(error: unknown, { name, complain }: DecodeStreams): void {
  if (error instanceof HubError) {
    const { line } = error.place;
    complain(toLine(error.code, error.message, line === undefined ? name : `${name}:${line}`));
    return;
  }
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (typeof code !== 'string') throw error;
  complain(toLine('HUB_CONFIG_INVALID', `cannot be read: ${code}`, name));
}

function toLine(code: ErrorCode, message: string, where: string): string {
  return `${where}  ${code}  ${message}`;
}
