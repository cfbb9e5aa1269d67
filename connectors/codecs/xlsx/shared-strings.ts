// The texts that a workbook's cells share, in memory for as long as it is read: bounded in number and length.
import type { Bounds } from './bounds.ts';
import { toLimit } from './fault.ts';
import { toPlainText } from './plain-text.ts';
import { type Attributes, readXml, type XmlPart } from './xml.ts';

/** In their order, piece by piece; at times none. */
export async function* readSharedStrings(part: XmlPart, bounds: Bounds): AsyncGenerator<readonly string[]> {
  let [count, units] = [0, 0];
  for await (const found of readXml(part, toItems)) {
    count += found.length;
    for (const text of found) units += text.length;
    if (count > bounds.strings || units > bounds.stringUnits)
      throw toLimit(
        `has more than ${bounds.strings} texts, or more than ${bounds.stringUnits} characters in them`,
      );
    yield found;
  }
}

/** Rich text is its runs one after the other; how it is pronounced (`rPh`) is no part of it. */
function toItems(emit: (text: string) => void) {
  let [text, isText, isSpoken] = ['', false, false];
  return {
    open: (name: string, _attributes: Attributes) => {
      if (name === 'si') text = '';
      else if (name === 'rPh') isSpoken = true;
      else if (name === 't') isText = !isSpoken;
    },
    close: (name: string) => {
      if (name === 'si') emit(toPlainText(text));
      else if (name === 'rPh') isSpoken = false;
      else if (name === 't') isText = false;
    },
    text: (more: string) => {
      if (isText) text += more;
    },
  };
}
