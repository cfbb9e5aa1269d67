// Workbooks for tests, from the XML that stands in their sheets.
import type { SheetChoice, TableOptions, TableStep } from '../../kit/codec.ts';
import { BOUNDS, type Bounds } from './bounds.ts';
import { toXlsxCodec } from './xlsx-codec.ts';
import { toZip, type ZipPart } from './zip.fixture.ts';

export type BookWords = {
  /** Of each sheet, by its name: rows of its `sheetData`, and what stands behind them. */
  readonly sheets?: Readonly<
    Record<string, string | { readonly rows: string; readonly rest?: string; readonly state?: string }>
  >;
  readonly strings?: string;
  /** The number formats of styles 0, 1, …: an id, or a code. */
  readonly styles?: readonly (number | string)[];
  readonly properties?: string;
  readonly more?: readonly ZipPart[];
};

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const TYPES = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export function toParts(words: BookWords): ZipPart[] {
  const sheets = Object.entries(words.sheets ?? {}).map(([name, given]) => ({
    name,
    ...(typeof given === 'string' ? { rows: given } : given),
  }));
  const relations = [
    ...sheets.map((_, at) => toRelation(`s${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`)),
    toRelation('st', 'styles', 'styles.xml'),
    ...(words.strings === undefined ? [] : [toRelation('ss', 'sharedStrings', '/xl/sharedStrings.xml')]),
  ];
  const tabs = sheets.map(
    ({ name, state }, at) =>
      `<sheet name="${name}" sheetId="${at + 1}" r:id="s${at + 1}"${state === undefined ? '' : ` state="${state}"`}/>`,
  );
  const parts: [string, string][] = [
    ['_rels/.rels', toRelations([toRelation('r1', 'officeDocument', 'xl/workbook.xml')])],
    ['xl/_rels/workbook.xml.rels', toRelations(relations)],
    [
      'xl/workbook.xml',
      `<workbook ${MAIN} xmlns:r="${TYPES}">${words.properties ?? ''}<sheets>${tabs.join('')}</sheets></workbook>`,
    ],
    ['xl/styles.xml', toStyles(words.styles ?? [0])],
    ...sheets.map(({ rows, rest = '' }, at): [string, string] => [
      `xl/worksheets/sheet${at + 1}.xml`,
      `<worksheet ${MAIN}><sheetData>${rows}</sheetData>${rest}</worksheet>`,
    ]),
  ];
  if (words.strings !== undefined)
    parts.push(['xl/sharedStrings.xml', `<sst ${MAIN}>${words.strings}</sst>`]);
  return [
    ...parts.map(([name, text]) => ({ name, data: `<?xml version="1.0" encoding="UTF-8"?>${text}` })),
    ...(words.more ?? []),
  ];
}

export const toBook = (words: BookWords): Buffer => toZip(toParts(words));

/** A row of plain cells from column A on: text inline, numbers as they are; '' and null leave the cell out. */
export function toRow(row: number, ...values: readonly (string | number | null)[]): string {
  const cells = values.map((value, at) => {
    const place = `${String.fromCharCode(65 + at)}${row}`;
    if (value === null || value === '') return '';
    return typeof value === 'number'
      ? `<c r="${place}"><v>${value}</v></c>`
      : `<c r="${place}" t="inlineStr"><is><t>${value}</t></is></c>`;
  });
  return `<row r="${row}">${cells.join('')}</row>`;
}

export const toMerges = (...ranges: readonly string[]): string =>
  `<mergeCells>${ranges.map((range) => `<mergeCell ref="${range}"/>`).join('')}</mergeCells>`;

export type ReadOptions = Partial<TableOptions> & {
  readonly sheet?: SheetChoice;
  readonly bounds?: Partial<Bounds>;
};

export async function readBook(bytes: Buffer, { bounds, ...options }: ReadOptions = {}) {
  const reader = toXlsxCodec({ ...BOUNDS, ...bounds }).open(bytes, {
    header: { rows: [1], join: '/', columns: null },
    fillDown: [],
    stop: null,
    sheet: { index: 1 },
    ...options,
  });
  const steps: TableStep[] = [];
  for (let step = await reader.step(); step !== null; step = await reader.step()) steps.push(step);
  return {
    records: steps.flatMap(({ records }) => records),
    unreadable: steps.flatMap(({ unreadable }) => unreadable),
    columns: reader.columns(),
  };
}

function toRelation(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${TYPES}/${type}" Target="${target}"/>`;
}

function toRelations(relations: readonly string[]): string {
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations.join('')}</Relationships>`;
}

function toStyles(formats: readonly (number | string)[]): string {
  const own = formats.flatMap((format, at) =>
    typeof format === 'string'
      ? [`<numFmt numFmtId="${200 + at}" formatCode="${format.replaceAll('"', '&quot;')}"/>`]
      : [],
  );
  const cells = formats.map(
    (format, at) => `<xf numFmtId="${typeof format === 'string' ? 200 + at : format}"/>`,
  );
  return `<styleSheet ${MAIN}><numFmts>${own.join('')}</numFmts><cellXfs>${cells.join('')}</cellXfs></styleSheet>`;
}
