// The WSDL of a service and what it imports from the same host, as one list of definitions and one of schemas. Document types
// are refused by the codec: there is nothing to expand and nothing outside to be read.
import type { RawValue, SourceRecord } from '../../../kit/contract.ts';
import { isRecord } from '../../../kit/mapping/columns.ts';
import { askContract } from '../../../kit/web/ask-contract.ts';
import type { Line, Reader, WebSource } from '../../../kit/web/contract.ts';
import { toFault } from '../../../kit/web/faults.ts';
import { findAt, isList } from '../../../kit/web/paths.ts';

/** Elements without their prefixes, attributes as `$name`, as the codec xml gives them. */
export type Wsdl = {
  readonly definitions: readonly SourceRecord[];
  readonly schemas: readonly SourceRecord[];
};

const MOST_PARTS = 16;

/** Null where the manifest names none and there is none at the usual place: then a page says what there is. */
export async function readWsdl(source: WebSource, reader: Reader, line: Line): Promise<Wsdl | null> {
  const queue = [source.contract ?? '?wsdl'];
  const asked = new Set(queue);
  const wsdl = { definitions: [] as SourceRecord[], schemas: [] as SourceRecord[] };
  for (let reference = queue.shift(); reference !== undefined; reference = queue.shift()) {
    const isGuess = source.contract === null && asked.size === 1;
    const heard = await askContract(source, line, { reference, reader, what: 'WSDL', isGuess });
    if (heard === null) return null;
    const { tree } = heard;
    const definitions = findAt(tree.value, 'definitions');
    const own = findAt(tree.value, 'schema');
    if (isRecord(definitions)) wsdl.definitions.push(definitions);
    const schemas = [...toElements(own), ...toElements(findAt(definitions ?? null, 'types.schema'))].filter(
      isRecord,
    );
    wsdl.schemas.push(...schemas);
    if (!isRecord(definitions) && schemas.length === 0)
      throw toFault(
        'HUB_SOURCE_CONTRACT',
        source.place,
        'what stands where its WSDL should be is none (WSDL 1.1)',
      );
    for (const next of toImports(definitions, schemas)) {
      if (asked.has(next)) continue;
      if (asked.size >= MOST_PARTS)
        throw toFault('HUB_SOURCE_CONTRACT', source.place, `its WSDL has more than ${MOST_PARTS} parts`);
      asked.add(next);
      queue.push(next);
    }
  }
  return wsdl;
}

/** All elements of a name: one, several, or none. */
export function toElements(value: RawValue | undefined): readonly RawValue[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

function toImports(definitions: RawValue | undefined, schemas: readonly SourceRecord[]): readonly string[] {
  const places = [
    ...toElements(isRecord(definitions) ? definitions.import : null).map((one) => findAt(one, '$location')),
    ...schemas
      .flatMap((schema) => [...toElements(schema.import), ...toElements(schema.include)])
      .map((one) => findAt(one, '$schemaLocation')),
  ];
  return places.filter((place): place is string => typeof place === 'string' && place !== '');
}
