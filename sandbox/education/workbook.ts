// Sheets as a workbook's bytes (ECMA-376): shared texts, one style for dates, merged ranges. As much of the format as a clerk's
// program writes, and nothing of the hub's.
import { type Part, toZip } from './zip.ts';

/** A day is a serial of 1900 that is shown as a date; `error` a cell whose formula failed. */
export type CellValue = string | number | null | { readonly day: number } | { readonly error: string };
export type Sheet = {
  readonly name: string;
  /** From row 1 on; an empty row stands nowhere in the file. */
  readonly rows: readonly (readonly CellValue[])[];
  /** `A1:C1` */
  readonly merges: readonly string[];
};

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export function toWorkbook(sheets: readonly Sheet[]): Buffer {
  const texts = new Map<string, number>();
  const bodies = sheets.map((sheet) => toSheetXml(sheet, texts));
  const names = sheets.map((_, at) => `worksheets/sheet${at + 1}.xml`);
  return toZip([
    toPart('[Content_Types].xml', toTypes(names)),
    toPart('_rels/.rels', toRelations([['rId1', 'officeDocument', 'xl/workbook.xml']])),
    toPart('xl/workbook.xml', toBookXml(sheets)),
    toPart(
      'xl/_rels/workbook.xml.rels',
      toRelations([
        ...names.map((name, at) => [`rId${at + 1}`, 'worksheet', name] as const),
        ['rIdStyles', 'styles', 'styles.xml'],
        ['rIdTexts', 'sharedStrings', 'sharedStrings.xml'],
      ]),
    ),
    toPart('xl/styles.xml', STYLES),
    ...bodies.map((xml, at) => toPart(`xl/${names[at]}`, xml)),
    toPart('xl/sharedStrings.xml', toTextsXml([...texts.keys()])),
  ]);
}

/** `AB12` from a column counted from 0. */
export function toPlace(column: number, row: number): string {
  const rest = Math.floor(column / 26) - 1;
  const letters = (rest < 0 ? '' : String.fromCharCode(65 + rest)) + String.fromCharCode(65 + (column % 26));
  return `${letters}${row}`;
}

function toPart(name: string, xml: string): Part {
  return { name, data: Buffer.from(HEAD + xml) };
}

function toSheetXml({ rows, merges }: Sheet, texts: Map<string, number>): string {
  const lines = rows.flatMap((cells, at) => {
    const row = at + 1;
    const xml = cells.map((value, column) => toCellXml(value, toPlace(column, row), texts)).join('');
    return xml === '' ? [] : [`<row r="${row}">${xml}</row>`];
  });
  const merged = merges.map((range) => `<mergeCell ref="${range}"/>`).join('');
  const tail = merged === '' ? '' : `<mergeCells count="${merges.length}">${merged}</mergeCells>`;
  return `<worksheet xmlns="${MAIN}"><sheetData>${lines.join('')}</sheetData>${tail}</worksheet>`;
}

function toCellXml(value: CellValue, place: string, texts: Map<string, number>): string {
  if (value === null) return '';
  if (typeof value === 'number') return `<c r="${place}"><v>${value}</v></c>`;
  if (typeof value === 'object')
    return 'day' in value
      ? `<c r="${place}" s="1"><v>${value.day}</v></c>`
      : `<c r="${place}" t="e"><f>VLOOKUP(A1,$A$1:$B$9,2,FALSE)</f><v>${value.error}</v></c>`;
  const at = texts.get(value) ?? texts.size;
  texts.set(value, at);
  return `<c r="${place}" t="s"><v>${at}</v></c>`;
}

function toTextsXml(texts: readonly string[]): string {
  const items = texts.map((text) => `<si><t xml:space="preserve">${toEscaped(text)}</t></si>`);
  return `<sst xmlns="${MAIN}" count="${texts.length}" uniqueCount="${texts.length}">${items.join('')}</sst>`;
}

function toBookXml(sheets: readonly Sheet[]): string {
  const tabs = sheets.map(
    ({ name }, at) => `<sheet name="${toEscaped(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
  );
  return `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${tabs.join('')}</sheets></workbook>`;
}

function toRelations(relations: readonly (readonly [id: string, type: string, target: string])[]): string {
  const lines = relations.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${PACKAGE}/relationships">${lines.join('')}</Relationships>`;
}

function toTypes(sheets: readonly string[]): string {
  const parts = [
    ['/xl/workbook.xml', 'sheet.main'],
    ['/xl/styles.xml', 'styles'],
    ['/xl/sharedStrings.xml', 'sharedStrings'],
    ...sheets.map((name) => [`/xl/${name}`, 'worksheet']),
  ].map(([name, type]) => `<Override PartName="${name}" ContentType="${SHEET_TYPE}.${type}+xml"/>`);
  return `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${parts.join('')}</Types>`;
}

/** Style 1 is the day that Excel shows as 2019/9/1 or as the machine's own form. */
const STYLES = `<styleSheet xmlns="${MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`;

function toEscaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
