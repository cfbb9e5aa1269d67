// Files that a department drops by mistake: broken ones, and odd ones that are to be read all the same. All but the unknown
// header repeat the rows of a file that was dropped in order, so that the truth stays the same whatever the hub makes of them.
import { toChance } from '../storm/noise.ts';
import { type Dress, type Table, toBytes } from './csv.ts';
import type { FolderName, PlannedFile } from './schedule.ts';

/**
 * gbk-in-utf8: a domestic list in the FIRMS folder · utf8-in-gbk: the domestic list saved as UTF-8 · unknown-header: fits no
 * form · unclosed-quote: opens in the last row · bom: U+FEFF in front (FIRMS only) · crlf, lf: the line ends · empty: the header
 * alone, a sign of life · same-name: once more, name and bytes · same-bytes: once more, under another name.
 */
export type BrokenSort =
  | 'gbk-in-utf8'
  | 'utf8-in-gbk'
  | 'unknown-header'
  | 'unclosed-quote'
  | 'bom'
  | 'crlf'
  | 'lf'
  | 'empty'
  | 'same-name'
  | 'same-bytes';

export type BrokenFile = {
  readonly folder: FolderName;
  readonly name: string;
  readonly bytes: Buffer;
  readonly rows: number;
  /** Whether its rows are to be read like those of the file that it repeats. */
  readonly copy: boolean;
};

const COPIES: readonly BrokenSort[] = ['bom', 'crlf', 'lf', 'same-name', 'same-bytes'];
/** FIRMS has such rows for Landsat; the hub knows no form for them. */
const UNKNOWN = {
  firms: {
    header: 'latitude,longitude,path,row,scan,track,acq_date,acq_time,satellite,confidence,daynight',
    line: '26.10000,111.60000,124,42,30,30,2026-04-05,0300,L8,H,D',
  },
  drop: { header: '编号,X,Y,时间', line: '1,111.6000,26.1000,2026-04-05' },
};
const GARBAGE_BYTES = 4096;

/** Where the rows of a broken file come from, given the folder that was asked for. */
export function toSourceFolder(sort: BrokenSort, folder: FolderName): FolderName {
  if (sort === 'gbk-in-utf8' || sort === 'utf8-in-gbk') return 'drop';
  return sort === 'bom' ? 'firms' : folder;
}

/** `source` lies in the folder of `toSourceFolder`; `stamp` makes the name. */
export function toBroken(sort: BrokenSort, source: PlannedFile, stamp: string): BrokenFile {
  const table = sort === 'empty' ? { ...source.toTable(), lines: [] } : source.toTable();
  const folder = sort === 'gbk-in-utf8' ? 'firms' : source.folder;
  const written =
    sort === 'unknown-header' ? toUnknown(folder) : sort === 'unclosed-quote' ? toUnclosed(table) : table;
  return {
    folder,
    name: toName(sort, source, stamp),
    bytes: toBytes(written, { ...source.dress, ...toBrokenDress(sort) }),
    rows: written.lines.length,
    copy: COPIES.includes(sort),
  };
}

/** Bytes of no encoding, always the same for a seed and number. */
export function toGarbage(seed: number, number: number): Buffer {
  const bytes = Buffer.from(
    Array.from({ length: GARBAGE_BYTES }, (_, index) => Math.floor(256 * toChance(seed, 80, number, index))),
  );
  // FF begins no character in UTF-8, nor in GB 18030.
  bytes[0] = 0xff;
  return bytes;
}

/** A name that the hub's pattern for the folder takes. */
export function toHotspotName(folder: FolderName, stamp: string, word: string): string {
  return folder === 'firms' ? `fire_nrt_${stamp}_${word}.csv` : `热点_${stamp}_${word}.csv`;
}

function toName(sort: BrokenSort, source: PlannedFile, stamp: string): string {
  if (sort === 'same-name') return source.name;
  // As Windows names a copy.
  if (sort === 'same-bytes') return source.name.replace(/\.csv$/, ' - 副本.csv');
  return toHotspotName(source.folder, stamp, sort);
}

function toBrokenDress(sort: BrokenSort): Partial<Dress> {
  if (sort === 'utf8-in-gbk') return { encoding: 'utf-8', mark: false };
  if (sort === 'bom') return { mark: true };
  if (sort === 'crlf') return { newline: '\r\n' };
  return sort === 'lf' ? { newline: '\n' } : {};
}

function toUnknown(folder: FolderName): Table {
  const { header, line } = UNKNOWN[folder];
  return { header, lines: [{ text: line, of: null }] };
}

/** A quotation mark before the last cell of the last row, and none after it. */
function toUnclosed({ header, lines }: Table): Table {
  const last = lines.at(-1);
  if (last === undefined) return { header, lines };
  return {
    header,
    lines: [...lines.slice(0, -1), { ...last, text: last.text.replace(/,([^,]*)$/, ',"$1') }],
  };
}
