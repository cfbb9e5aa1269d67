// The content of a packet as records: one for each DataTime, its values gathered by what was measured (`w01018-Rtd=…` is the
// value Rtd of the item w01018).
import type { SourceRecord } from '../../kit/contract.ts';
import type { Data } from './parse-data.ts';

/** Sent to prove who speaks, or to be set: never in a record. */
const SECRETS = new Set(['PW', 'NewPW']);
/** Of parts, which is told by their being joined. */
const NUMBERS = new Set(['PNUM', 'PNO']);
const TIME = 'DataTime';

type Gathered = {
  readonly fields: Map<string, string>;
  readonly items: Map<string, Map<string, string>>;
};

/** `contents`: of all parts of one message, in order. The names of the head are not overwritten by those of the content. */
export function toRecords(head: Data['head'], contents: readonly Data['content'][]): readonly SourceRecord[] {
  const told = new Map([...head].filter(([name]) => !SECRETS.has(name) && !NUMBERS.has(name)));
  const records: Gathered[] = [];
  let record: Gathered = { fields: new Map(), items: new Map() };
  for (const [name, value] of contents.flat()) {
    if (SECRETS.has(name)) continue;
    if (name === TIME && (record.fields.get(TIME) ?? value) !== value) {
      records.push(record);
      record = { fields: new Map(), items: new Map() };
    }
    const dash = name.lastIndexOf('-');
    if (dash < 1) record.fields.set(name, value);
    else toItem(record, name.slice(0, dash)).set(name.slice(dash + 1), value);
  }
  return [...records, record].map(({ fields, items }) => ({
    ...Object.fromEntries([...fields, ...told]),
    '@message': head.get('CN') ?? '',
    '@device': head.get('MN') ?? null,
    items: [...items].map(([code, values]) => Object.fromEntries([...values, ['code', code]])),
  }));
}

function toItem({ items }: Gathered, code: string): Map<string, string> {
  const known = items.get(code);
  if (known !== undefined) return known;
  const item = new Map<string, string>();
  items.set(code, item);
  return item;
}
