// Which styles of a workbook show a number as a date or as a time of day: nothing else tells a date from a number.
import type { Bounds } from './bounds.ts';
import { toLimit } from './fault.ts';
import { type Attributes, readXml, type XmlPart } from './xml.ts';

export type Shown = 'number' | 'date' | 'time';

/** By the number of a style, as cells name it. */
export async function readStyles(part: XmlPart, bounds: Bounds): Promise<readonly Shown[]> {
  const own = new Map<number, string>();
  const formats: number[] = [];
  let isCell = false;
  const open = (element: string, attributes: Attributes) => {
    if (element === 'cellXfs') isCell = true;
    else if (element === 'xf' && isCell) formats.push(Number(attributes.numFmtId ?? 0));
    else if (element === 'numFmt') own.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
    if (formats.length > bounds.styles || own.size > bounds.styles)
      throw toLimit(`has more than ${bounds.styles} styles`);
  };
  const close = (element: string) => {
    if (element === 'cellXfs') isCell = false;
  };
  for await (const _ of readXml(part, () => ({ open, close })));
  return formats.map((id) => toShown(own.get(id) ?? BUILT_IN.get(id) ?? 'General'));
}

/** A format with a day or a year shows a date; one with hours or seconds and neither of them a time of day. */
export function toShown(format: string): Shown {
  const [first = ''] = format.split(';');
  const tokens = first
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    // Colours, conditions and languages; a duration ([h]:mm) is a number.
    .replace(/\[(?![hms]+\])[^\]]*\]/gi, '')
    .replace(/上午|下午|AM\/PM|A\/P/gi, 'h')
    .toLowerCase();
  if (tokens === 'general' || /\[[hms]+\]/.test(tokens)) return 'number';
  if (/[yd年月日]/.test(tokens)) return 'date';
  return /[hs时]/.test(tokens) ? 'time' : 'number';
}

/** Formats that no workbook spells out (ECMA-376 §18.8.30), those of Chinese Excel among them. */
const BUILT_IN: ReadonlyMap<number, string> = new Map([
  ...[14, 15, 16, 17, 22].map((id) => [id, 'yyyy-m-d'] as const),
  ...[27, 28, 29, 30, 31, 36].map((id) => [id, 'yyyy-m-d'] as const),
  ...[50, 51, 52, 53, 54, 57, 58].map((id) => [id, 'yyyy-m-d'] as const),
  ...[18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56].map((id) => [id, 'h:mm:ss'] as const),
]);
