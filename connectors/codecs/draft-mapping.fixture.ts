// What a unit's drafted manifest makes of the records that a codec gives: the columns of one must be those of the other.
import { readFile } from 'node:fs/promises';
import type { SourceRecord } from '../kit/contract.ts';
import { parseManifest } from '../kit/manifest/parse-manifest.ts';
import { compileMappings } from '../kit/mapping/compile-mappings.ts';
import { CONTEXT, DIVISIONS } from '../kit/mapping/mapping.fixture.ts';
import type { Outcome } from '../kit/mapping/outcome.ts';

const DRAFTS = new URL('../kit/manifest/fixtures/drafts/', import.meta.url);

export async function openDraft(
  unit: string,
  object: string,
  meta: SourceRecord = {},
): Promise<(record: SourceRecord) => readonly Outcome[]> {
  const file = `${unit}.yaml`;
  const parsed = parseManifest(await readFile(new URL(file, DRAFTS), 'utf8'), { file, folder: unit });
  if (parsed.unit === null) throw new Error(`${file} must be a manifest`);
  const mappings = compileMappings(parsed.unit, { divisions: DIVISIONS });
  const mapping = mappings.find((each) => each.object === object);
  if (mapping === undefined) throw new Error(`${file} has no object ${object}`);
  return (record) => mapping.map(record, { ...CONTEXT, meta });
}
