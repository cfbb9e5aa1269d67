// What the manifest says of a folder, read once at open: where it is, when a file is complete, and for each object which
// files are its own and how they are read.
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { toMillis } from '../../../schema/duration.ts';
import type { Codecs, SheetChoice, TableOptions } from '../../kit/codec.ts';
import type { SourceSettings } from '../../kit/contract.ts';
import type { EncodingWord } from '../../kit/encoding.ts';
import { TABLE_WORDS } from '../../kit/table-words.ts';
import { type FilePlace, refuse } from './faults.ts';
import { type FileMatcher, toFileMatcher } from './pattern.ts';
import type { TableForm } from './table-feed.ts';

export type FolderPlan = {
  readonly place: FilePlace;
  readonly folder: string;
  readonly zone: string;
  readonly stableMs: number;
  readonly fileBytes: number;
  readonly pageRows: number;
  readonly ignoreCase: boolean;
  readonly objects: ReadonlyMap<string, ObjectPlan>;
};
export type ObjectPlan = {
  readonly place: FilePlace;
  readonly name: string;
  readonly match: FileMatcher;
  readonly form: TableForm;
  readonly table: TableOptions;
};

const STABLE = 'PT30S';
const encoding = z.enum(['utf-8', 'gb18030', 'detect']);
const sourceWords = z.object({
  stable: z.string().default(STABLE),
  codec: z.string().default('csv'),
  encoding: encoding.default('utf-8'),
});
const objectWords = z.object({
  files: z.string(),
  codec: z.string().optional(),
  encoding: encoding.optional(),
  sheet: z.union([z.object({ name: z.string() }), z.object({ index: z.int() })]).default({ index: 1 }),
  ...TABLE_WORDS,
});

/**
 * Throws HUB_SOURCE_UNSUPPORTED for sftp and for codecs that this kind cannot read, HUB_CONFIG_INVALID when the URL names
 * no folder of this machine. No message shows the URL.
 */
export function toFolderPlan(settings: SourceSettings, codecs: Codecs): FolderPlan {
  const place = { unit: settings.unit, source: settings.name };
  const words = sourceWords.parse(settings.options);
  const objects = settings.objects.map(({ name, options }) => {
    const own = objectWords.parse(options);
    const at = { ...place, object: name };
    const { header, fillDown, stop, sheet } = own;
    const word = own.codec ?? words.codec;
    const form = toForm(codecs, word, { sheet, encoding: own.encoding ?? words.encoding });
    if (form === null)
      throw refuse('HUB_SOURCE_UNSUPPORTED', at, `files of codec ${word} cannot be read by this hub yet`);
    return {
      name,
      place: at,
      form,
      match: toFileMatcher(own.files),
      table: { header, fillDown, stop },
    };
  });
  return {
    place,
    folder: toFolder(settings.url, place),
    zone: settings.zone,
    stableMs: toMillis(words.stable),
    fileBytes: settings.fileBytes,
    pageRows: settings.pageRows,
    ignoreCase: settings.columnCase === 'ignore',
    objects: new Map(objects.map((object) => [object.name, object])),
  };
}

function toForm(
  codecs: Codecs,
  word: string,
  { sheet, encoding }: { readonly sheet: SheetChoice; readonly encoding: EncodingWord },
): TableForm | null {
  const [table, book] = [codecs.tables.get(word), codecs.books.get(word)];
  if (table !== undefined) return { codec: table, encoding };
  return book === undefined ? null : { codec: book, sheet };
}

function toFolder(url: string, place: FilePlace): string {
  if (/^sftp:/i.test(url))
    throw refuse(
      'HUB_SOURCE_UNSUPPORTED',
      place,
      'sftp:// is not read by this hub yet: mount the folder on this machine and give its file:// address',
    );
  try {
    return fileURLToPath(url);
  } catch {
    throw refuse('HUB_CONFIG_INVALID', place, 'the URL must be file:///path/of/a/folder on this machine');
  }
}
