// The body of a message (MANSCDP, GB/T 28181 annex A): bytes in a declared or lying encoding, XML, one command with its values.
import { HubError } from '../../../schema/errors.ts';
import type { DocumentCodec } from '../../kit/codec.ts';
import type { RawValue, SourceRecord } from '../../kit/contract.ts';
import { parseCharset, toText } from '../../kit/encoding.ts';

/** `root`: Response, Notify, Query or Control · `values`: what stands below it. */
export type Content = { readonly root: string; readonly command: string; readonly values: SourceRecord };

/** A text: what is wrong, without a word of the body. */
export function parseContent(body: Uint8Array, xml: DocumentCodec): Content | string {
  try {
    const { value } = xml.decode(toBodyText(body), { repair: [] });
    const [root = '', below] = Object.entries(isTree(value) ? value : {})[0] ?? [];
    const values = isTree(below) ? withoutPasswords(below) : {};
    const command = values.CmdType;
    return typeof command === 'string' && /^\w{1,40}$/.test(command.trim())
      ? { root, command: command.trim(), values: withItems(values) }
      : 'the body has no CmdType';
  } catch (error) {
    if (error instanceof HubError) return error.message;
    throw error;
  }
}

function toBodyText(body: Uint8Array): string {
  const prologue = Buffer.from(body.subarray(0, 200)).toString('latin1');
  const [, name] = /^[^<]*<\?xml[^>]*?encoding\s*=\s*["']([\w-]+)["']/.exec(prologue) ?? [];
  const declared = name === undefined ? null : parseCharset(name);
  return toText(body, 'detect', { declared }).text;
}

/** A list of devices is a list, whether it has none, one or many. */
function withItems(values: SourceRecord): SourceRecord {
  const { DeviceList: list } = values;
  if (list === undefined) return values;
  const { Item: items = [] } = isTree(list) ? list : {};
  const all: readonly RawValue[] = Array.isArray(items) ? items : [items];
  return { ...values, DeviceList: { Item: all.filter(isTree) } };
}

/** Catalogues may carry the password of each camera; it goes no further. */
function withoutPasswords(values: SourceRecord): SourceRecord {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => name.toLowerCase() !== 'password')
      .map(([name, value]) => [name, toClean(value)]),
  );
}

function toClean(value: RawValue): RawValue {
  if (Array.isArray(value)) return value.map(toClean);
  return isTree(value) ? withoutPasswords(value) : value;
}

export function isTree(value: RawValue | undefined): value is SourceRecord {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}
