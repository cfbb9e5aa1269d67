// The mappings of one of the hub's own units, by object: for the tests of what its legacy tables become.
import { readFile } from 'node:fs/promises';
import type { SourceRecord } from '../contract.ts';
import { parseManifest } from '../manifest/parse-manifest.ts';
import { compileMappings } from './compile-mappings.ts';
import { CONTEXT, DIVISIONS } from './mapping.fixture.ts';
import type { MappedRow, Outcome } from './outcome.ts';

const UNITS = new URL('../../units/', import.meta.url);

export type UnitMappings = {
  /** What the object makes of a record, for every type that it feeds. */
  map(object: string, record: SourceRecord): readonly Outcome[];
  /** The row of its first type; throws where the record ends otherwise. */
  toRow(object: string, record: SourceRecord): MappedRow;
};

export async function openUnitMappings(name: string): Promise<UnitMappings> {
  const text = await readFile(new URL(`${name}/unit.yaml`, UNITS), 'utf8');
  const { unit } = parseManifest(text, { file: `${name}/unit.yaml`, folder: name });
  if (unit === null) throw new Error(`${name}/unit.yaml must be a manifest`);
  const mappings = compileMappings(unit, { divisions: DIVISIONS });
  const map: UnitMappings['map'] = (object, record) => {
    const found = mappings.find((mapping) => mapping.object === object);
    if (found === undefined) throw new Error(`no mapping for ${object}`);
    return found.map(record, CONTEXT);
  };
  return {
    map,
    toRow(object, record) {
      const [outcome] = map(object, record);
      if (outcome?.kind !== 'row') throw new Error(`must be a row, but is: ${JSON.stringify(outcome)}`);
      return outcome.row;
    },
  };
}
