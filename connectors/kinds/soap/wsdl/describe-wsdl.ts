// What a SOAP service says of itself (WSDL 1.1), as the columns of the manifest's objects and of the operations that it does
// not name. A WSDL that leads elsewhere is refused. Pure; read-wsdl.ts fetches it.
import type { ObjectShape, RawValue, SourceRecord } from '../../../kit/contract.ts';
import { toHint } from '../../../kit/manifest/shape/suggest.ts';
import { isRecord, parsePath } from '../../../kit/mapping/columns.ts';
import type { Contract, Described, WebObject, WebSource } from '../../../kit/web/contract.ts';
import { toFault, type WebPlace } from '../../../kit/web/faults.ts';
import { type FieldTree, findFields, toColumns, toLeafPaths } from '../../../kit/web/field-tree.ts';
import { findAt } from '../../../kit/web/paths.ts';
import type { SoapRequest } from '../words.ts';
import { toElements, type Wsdl } from './read-wsdl.ts';
import { type SchemaTypes, toLocal, toSchemaTypes } from './schema-types.ts';

/** HUB_SOURCE_CONTRACT for addresses that are not the source's; HUB_SOURCE_SHAPE for an operation that is not there. */
export function toContract(wsdl: Wsdl, { objects, base, place }: WebSource<SoapRequest>): Contract {
  judgeAddresses(wsdl, base, place);
  const operations = toOperations(wsdl, toSchemaTypes(wsdl.schemas));
  const described = new Map<string, Described>();
  const used = new Set<string>();
  for (const [name, object] of objects) {
    const { operation } = object.request;
    const answer = operations.get(operation);
    if (answer === undefined)
      throw toFault(
        'HUB_SOURCE_SHAPE',
        object.place,
        `its WSDL has no operation ${operation}${toHint(operation, operations.keys())}`,
      );
    used.add(operation);
    const shape = describeObject(object, answer);
    if (shape !== null) described.set(name, shape);
  }
  const others = [...operations].filter(([name]) => !used.has(name));
  return { objects: described, others: others.map(toOther) };
}

/** The return element's text is a document of its own where it is unwrapped: the WSDL says nothing of it. */
function describeObject(
  { records, unwrap, request, place }: WebObject<SoapRequest>,
  answer: readonly FieldTree[],
): Described | null {
  if (unwrap.length > 0 || answer.length === 0) return null;
  const fields = findFields(answer, records === null ? [] : parsePath(records));
  if (fields === null)
    throw toFault(
      'HUB_SOURCE_SHAPE',
      place,
      `its WSDL has nothing at ${records} in the answer of ${request.operation}`,
    );
  return fields.length === 0 ? null : { columns: toColumns(fields), key: [], paths: toLeafPaths(fields) };
}

function toOther([name, fields]: readonly [string, readonly FieldTree[]]): ObjectShape {
  return { name, columns: toColumns(fields), key: [], rows: null };
}

/** Requests go to the source's own address whatever stands here; a WSDL of another service describes another service. */
function judgeAddresses({ definitions }: Wsdl, base: URL, place: WebPlace): void {
  const refuse = (why: string) => toFault('HUB_SOURCE_CONTRACT', place, `the address in its WSDL ${why}`);
  const ports = definitions
    .flatMap((one) => toElements(one.service))
    .flatMap((service) => (isRecord(service) ? toElements(service.port) : []));
  for (const port of ports) {
    const location = findAt(port, 'address.$location');
    if (typeof location !== 'string' || !URL.canParse(location))
      throw refuse('(soap:address) is missing or is none');
    const url = new URL(location);
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw refuse('is not reached by http:// or https://');
    if (url.host !== base.host) throw refuse("is on another host than the source's");
  }
}

/** What the element that answers an operation holds, by operation. */
function toOperations({ definitions }: Wsdl, types: SchemaTypes): ReadonlyMap<string, readonly FieldTree[]> {
  const named = (kind: string) => definitions.flatMap((one) => toElements(one[kind])).filter(isRecord);
  const messages = new Map(named('message').map((message) => [String(message.$name), message]));
  const operations = named('portType').flatMap((port) => toElements(port.operation).filter(isRecord));
  return new Map(
    operations.map((operation) => {
      const message = messages.get(toLocal(findAt(operation, 'output.$message')));
      return [String(operation.$name), toAnswer(message, types)] as const;
    }),
  );
}

/** document/literal: the part names the answering element. rpc: each part is an element in it. */
function toAnswer(message: SourceRecord | undefined, types: SchemaTypes): readonly FieldTree[] {
  const parts = toElements(message?.part).filter(isRecord);
  const [only] = parts;
  if (only !== undefined && parts.length === 1 && only.$element !== undefined)
    return types.element(toLocal(only.$element));
  return parts.map((part) => toPart(part, types));
}

function toPart(part: { readonly [name: string]: RawValue }, types: SchemaTypes): FieldTree {
  const type = toLocal(part.$type ?? part.$element);
  const inner = part.$element === undefined ? types.type(type) : types.element(type);
  const kind = inner.length > 0 ? 'json' : 'text';
  return { name: String(part.$name), kind, native: type, nullable: true, isList: false, fields: () => inner };
}
