// What a REST service says of itself (OpenAPI 3.0 and 3.1, as JSON), as the columns of the manifest's objects and of the
// endpoints that it does not name. Pure; asked by http-kind.ts.
import type { HubError } from '../../../../schema/errors.ts';
import type { RawValue } from '../../../kit/contract.ts';
import { isRecord, parsePath } from '../../../kit/mapping/columns.ts';
import type { Contract, Described, Heard, WebSource } from '../../../kit/web/contract.ts';
import { toFault } from '../../../kit/web/faults.ts';
import { findFields, toColumns, toLeafPaths } from '../../../kit/web/field-tree.ts';
import { findText, isList } from '../../../kit/web/paths.ts';
import type { RestRequest } from '../../../kit/web/words.ts';
import { findDoubledKey } from './doubled-key.ts';
import { type Endpoint, findTwin, toEndpoints } from './endpoints.ts';
import { toSchemaFields } from './schema-fields.ts';

/** HUB_SOURCE_CONTRACT with the reason for a document that is refused. */
export function toContract({ text, tree }: Heard, source: WebSource<RestRequest>): Contract {
  const { place, objects, base } = source;
  const refuse = (why: string): HubError =>
    toFault('HUB_SOURCE_CONTRACT', place, `its OpenAPI document ${why}`);
  const document = tree.value;
  if (!isRecord(document) || !/^3\.[01](\.|$)/.test(findText(document, 'openapi') ?? ''))
    throw refuse('is none of version 3.0 or 3.1; as JSON it would begin with "openapi": "3…"');
  const doubled = findDoubledKey(text);
  if (doubled !== null) throw refuse(`says ${doubled.join(' ')} twice; which of both holds?`);
  if (hasForeignReference(document))
    throw refuse('refers to another document ($ref); have it bundled into one: nothing else is fetched');
  const endpoints = toEndpoints(document, base);
  const twin = findTwin(endpoints);
  if (twin !== null) throw refuse(`has ${twin[0].name} and ${twin[1].name}, which are one endpoint`);
  const described = new Map<string, Described>();
  const used = new Set<string>();
  for (const [name, { request, records, place: at }] of objects) {
    const endpoint = endpoints.find((one) => one.answers(request.method, request.path));
    if (endpoint === undefined)
      throw toFault('HUB_SOURCE_SHAPE', at, `its OpenAPI document has no ${request.method} ${request.path}`);
    used.add(endpoint.name);
    const shape = toDescribed(endpoint, records, document);
    if (shape === null)
      throw toFault(
        'HUB_SOURCE_SHAPE',
        at,
        `its OpenAPI document has nothing at ${records} in the answer of ${endpoint.name}`,
      );
    if (shape.columns.length > 0) described.set(name, shape);
  }
  const others = endpoints
    .filter(({ name }) => !used.has(name))
    .flatMap((endpoint) => {
      const shape = toDescribed(endpoint, null, document);
      return shape === null ? [] : [{ name: endpoint.name, columns: shape.columns, key: [], rows: null }];
    });
  return { objects: described, others };
}

/** No columns where the answer declares none at all; null where it does and has nothing at the path. */
function toDescribed(endpoint: Endpoint, records: string | null, document: RawValue): Described | null {
  const all = toSchemaFields(endpoint.answer, document);
  if (all.length === 0) return { columns: [], key: [], paths: [] };
  const fields = findFields(all, records === null ? [] : parsePath(records));
  return fields === null ? null : { columns: toColumns(fields), key: [], paths: toLeafPaths(fields) };
}

function hasForeignReference(value: RawValue): boolean {
  if (isList(value)) return value.some(hasForeignReference);
  if (!isRecord(value)) return false;
  if (typeof value.$ref === 'string' && !value.$ref.startsWith('#/')) return true;
  return Object.values(value).some(hasForeignReference);
}
