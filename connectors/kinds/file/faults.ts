// What the file system threw, as coded errors. Files are called by their names; where the folder lies is a secret.
import { type ErrorCode, type ErrorPlace, HubError } from '../../../schema/errors.ts';

export type FilePlace = ErrorPlace & { readonly unit: string; readonly source: string };

/** `look`: at the folder as a whole · `put`: into archive/ or reject/. */
export type Doing = 'look' | 'put';

const NO_RIGHTS = new Set(['EACCES', 'EPERM', 'EROFS']);
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export function toFileFault(error: unknown, place: FilePlace, doing: Doing): HubError {
  if (error instanceof HubError) return error;
  const mark = toMark(error);
  const [code, words] = doing === 'look' ? toLookFault(mark) : toPutFault(mark);
  return new HubError(code, `${toWhere(place)}: ${words} [${mark}]`, { place });
}

export function refuse(code: ErrorCode, place: FilePlace, words: string): HubError {
  return new HubError(code, `${toWhere(place)}: ${words}`, { place });
}

/** `unit.source (object hotspots): 热点.csv`, as far as it is known. */
function toWhere({ unit, source, object, file }: FilePlace): string {
  const where = object === undefined ? `${unit}.${source}` : `${unit}.${source} (object ${object})`;
  return file === undefined ? where : `${where}: ${file}`;
}

/** The system's own code (`ENOENT`); its message would show the path. */
export function toMark(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : 'unknown';
}

function toLookFault(mark: string): readonly [ErrorCode, string] {
  const words = NO_RIGHTS.has(mark)
    ? "the folder cannot be read: give the hub's user rights to read it"
    : mark === 'ENOENT' || mark === 'ENOTDIR'
      ? 'the folder is not there: make it, or mount it'
      : 'the folder does not answer';
  return ['HUB_SOURCE_UNREACHABLE', words];
}

function toPutFault(mark: string): readonly [ErrorCode, string] {
  if (NO_RIGHTS.has(mark))
    return [
      'HUB_SOURCE_REFUSED',
      "cannot be put away: give the hub's user rights to write in the folder, its archive/ and its reject/",
    ];
  if (mark === 'EEXIST' || mark === 'ENOTDIR')
    return [
      'HUB_SOURCE_REFUSED',
      'cannot be put away: archive/ or reject/ is no folder; remove what is there',
    ];
  if (FULL.has(mark)) return ['HUB_SOURCE_QUERY', "cannot be put away: the folder's disk is full"];
  return ['HUB_SOURCE_UNREACHABLE', 'cannot be put away: the folder does not answer'];
}
