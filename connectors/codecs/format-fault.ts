// How every codec says where a text cannot be taken apart: line and column, never a piece of the text.
import { HubError } from '../../schema/errors.ts';

/** HUB_SOURCE_FORMAT for the place at `offset` (UTF-16 units from the start of `text`); columns count from 1. */
export function toFormatFault(codec: string, text: string, offset: number, what: string): HubError {
  return toFault('HUB_SOURCE_FORMAT', codec, text, offset, what);
}

/** HUB_SOURCE_LIMIT likewise: what is refused for its extent alone. */
export function toLimitFault(codec: string, text: string, offset: number, what: string): HubError {
  return toFault('HUB_SOURCE_LIMIT', codec, text, offset, what);
}

function toFault(
  code: 'HUB_SOURCE_FORMAT' | 'HUB_SOURCE_LIMIT',
  codec: string,
  text: string,
  offset: number,
  what: string,
): HubError {
  const { line, column } = toPosition(text, offset);
  return new HubError(code, `${codec}: line ${line}, column ${column}: ${what}`, { place: { line } });
}

function toPosition(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
