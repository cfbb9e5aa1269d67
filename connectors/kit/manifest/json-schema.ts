// The JSON Schema from which editors complete a unit.yaml: printed from the same zod definition that judges it.
import { z } from 'zod';
import { toManifestSchema } from './shape/manifest.ts';

/** JSON Schema (draft 2020-12) of manifest format 1, for yaml-language-server and the like. Lint says more. */
export function toManifestJsonSchema(): object {
  const schema = z.toJSONSchema(toManifestSchema(), { io: 'input', unrepresentable: 'any', reused: 'ref' });
  return { ...schema, title: 'unit.yaml of One Network, format 1' };
}
