// The workbook part: which sheets there are, where they lie, and from which day dates count. Links to other files are no
// sheets of this one.
import { HubError } from '../../../schema/errors.ts';
import type { SheetChoice } from '../../kit/codec.ts';
import type { Bounds } from './bounds.ts';
import { toDamaged, toFormat } from './fault.ts';
import type { Package } from './package.ts';
import { type Attributes, attributeOf, readXml } from './xml.ts';

export type Workbook = {
  /** Worksheets that people see, in the order of their tabs. */
  readonly sheets: readonly { readonly name: string; readonly part: string }[];
  readonly sharedStrings: string | null;
  readonly styles: string | null;
  /** Days count from 1904-01-01, as Excel for the Macintosh once did. */
  readonly from1904: boolean;
};

type Relation = { readonly id: string; readonly type: string; readonly target: string };
type Element = { readonly name: string; readonly attributes: Attributes };

export async function readWorkbook(zip: Package, bounds: Bounds): Promise<Workbook> {
  const part = await findMain(zip, bounds);
  const relations = await readRelations(zip, part, bounds);
  const elements = await readElements(zip, part, bounds);
  if (elements[0]?.name !== 'workbook') throw toFormat('is no workbook, but another document of Office');
  const worksheets = new Map(
    relations.flatMap(({ id, type, target }) => (type === 'worksheet' ? [[id, target] as const] : [])),
  );
  const sheets = elements.flatMap(({ name, attributes }) => {
    const target = name === 'sheet' ? worksheets.get(attributeOf(attributes, 'id') ?? '') : undefined;
    const isHidden = (attributes.state ?? 'visible') !== 'visible';
    return target === undefined || isHidden ? [] : [{ name: attributes.name ?? '', part: target }];
  });
  const properties = elements.find(({ name }) => name === 'workbookPr');
  const targetOf = (type: string) => relations.find((one) => one.type === type)?.target ?? null;
  return {
    sheets,
    sharedStrings: targetOf('sharedStrings'),
    styles: targetOf('styles'),
    from1904: isTrue(properties?.attributes.date1904),
  };
}

/** HUB_MAP_SHAPE when it is not there. */
export function findSheet({ sheets }: Workbook, choice: SheetChoice): Workbook['sheets'][number] {
  const wanted = 'name' in choice ? toKey(choice.name) : null;
  const found =
    'name' in choice ? sheets.find(({ name }) => toKey(name) === wanted) : sheets[choice.index - 1];
  if (found !== undefined) return found;
  const what = 'name' in choice ? `sheet ${choice.name}` : `sheet number ${choice.index}`;
  const has = sheets.map(({ name }) => name).join(', ');
  throw new HubError('HUB_MAP_SHAPE', `has no ${what}; it has ${has === '' ? 'none that can be seen' : has}`);
}

export function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

const toKey = (name: string) => name.normalize('NFC').trim();

async function findMain(zip: Package, bounds: Bounds): Promise<string> {
  if (!zip.has('_rels/.rels')) throw toFormat('is a zip, but no workbook (.xlsx)');
  const main = (await readRelations(zip, '', bounds)).find(({ type }) => type === 'officeDocument');
  if (main === undefined) throw toFormat('is a zip, but no workbook (.xlsx)');
  if (/\.bin$/i.test(main.target)) throw toFormat('is a binary workbook (.xlsb): save it as .xlsx');
  return main.target;
}

/** Of a part, or of the whole where it is `''`; those to places outside the file are left out. */
async function readRelations(zip: Package, part: string, bounds: Bounds): Promise<readonly Relation[]> {
  const at = part.lastIndexOf('/') + 1;
  const elements = await readElements(zip, `${part.slice(0, at)}_rels/${part.slice(at)}.rels`, bounds);
  return elements.flatMap(({ name, attributes }) => {
    const { Id: id, Type: type, Target: target, TargetMode: mode } = attributes;
    if (name !== 'Relationship' || mode === 'External') return [];
    if (id === undefined || type === undefined || target === undefined) return [];
    return [{ id, type: type.slice(type.lastIndexOf('/') + 1), target: toPath(part.slice(0, at), target) }];
  });
}

/** `worksheets/sheet1.xml` and `../xl/worksheets/sheet1.xml` beside `xl/`, `/xl/worksheets/sheet1.xml` anywhere. */
function toPath(folder: string, target: string): string {
  return new URL(target, `http://part/${folder}`).pathname.slice(1);
}

const MOST_ELEMENTS = 20_000;

async function readElements(zip: Package, name: string, bounds: Bounds): Promise<readonly Element[]> {
  const elements: Element[] = [];
  const part = { name, pieces: zip.read(name), runUnits: bounds.runUnits };
  const plan = (emit: (element: Element) => void) => ({
    open: (own: string, attributes: Attributes) => emit({ name: own, attributes }),
  });
  for await (const found of readXml(part, plan)) {
    elements.push(...found);
    if (elements.length > MOST_ELEMENTS) throw toDamaged(name, `has more than ${MOST_ELEMENTS} elements`);
  }
  return elements;
}
