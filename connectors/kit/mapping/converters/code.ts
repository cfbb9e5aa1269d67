// `code`: raw codes onto the values of an enum; `const`: what a source does not say but is known of it.

import { toDurationText, toMillis } from '../../../../schema/duration.ts';
import type { CodeReader } from '../code-list.ts';
import type { MappedValue } from '../outcome.ts';
import { compileSingle, compileTexts } from '../read-value.ts';
import { bad, noted, Remark } from '../remark.ts';
import type { CompileConverter } from './converter.ts';

export const compileCode: CompileConverter = (reading, field, tools) => {
  const list = tools.codeList(reading.options.list ?? field.graphql.name);
  if (!field.graphql.list && reading.options.many !== true)
    return compileSingle(reading, (text) => toCode(list, text));
  const read = compileTexts(reading, ',');
  return (frame) => {
    const texts = read(frame);
    return texts === null || texts instanceof Remark ? texts : toCodes(list, texts);
  };
};

const UNKNOWN = 'is not in the code list: add it there, or give the list an `other`';

/** One code; an unknown one lands as the list's `other`, noted so that it is counted. */
export function toCode(list: CodeReader, text: string): string | Remark {
  const name = list.read(text);
  if (name !== null) return name;
  return list.other === null
    ? bad('HUB_MAP_CODE', UNKNOWN)
    : noted(list.other, 'HUB_MAP_CODE', `is not in the code list and landed as ${list.other}`);
}

function toCodes(list: CodeReader, texts: readonly string[]): MappedValue | Remark {
  const names: string[] = [];
  let unknown: Remark | null = null;
  for (const text of texts) {
    const name = toCode(list, text);
    if (typeof name === 'string') names.push(name);
    else if (name.value === undefined) return name;
    else {
      unknown = name;
      names.push(list.other ?? '');
    }
  }
  const distinct = [...new Set(names)];
  return unknown === null ? distinct : noted(distinct, unknown.code, unknown.message);
}

export const compileConst: CompileConverter = (reading, field) => {
  const value = toConst(reading.options.const ?? null, field.graphql.name);
  return () => value;
};

function toConst(value: string | number | boolean | null, graphql: string): string | number | boolean | null {
  if (value === null) return null;
  if (graphql === 'Duration') return toDurationText(toMillis(String(value)));
  if (graphql === 'Float' || graphql === 'Int') return Number(value);
  return graphql === 'Boolean' ? value === true || value === 'true' : String(value);
}
