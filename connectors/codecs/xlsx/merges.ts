// Which cells of a sheet are merged. A sheet says so behind its rows, so it is read through for this alone first.
import type { Bounds } from './bounds.ts';
import { toDamaged, toLimit } from './fault.ts';
import { parseRange, type Range } from './ranges.ts';
import { type Attributes, readXml, type XmlPart } from './xml.ts';

/** Piece by piece; at times none. */
export async function* readMerges(part: XmlPart, bounds: Bounds): AsyncGenerator<readonly Range[]> {
  let count = 0;
  const plan = (emit: (range: Range) => void) => ({
    open: (name: string, attributes: Attributes) => {
      if (name !== 'mergeCell') return;
      const range = parseRange(attributes.ref ?? '');
      if (range === null) throw toDamaged(part.name, 'merges what is no range of cells');
      emit(range);
    },
  });
  for await (const found of readXml(part, plan)) {
    count += found.length;
    if (count > bounds.merges) throw toLimit(`has more than ${bounds.merges} merged ranges`);
    yield found;
  }
}
