// From the answer of a SOAP service to the tree in which the manifest's paths begin: its envelope opened, a Fault turned into
// a coded error. What a fault says in words is never shown: it quotes what was asked, and whom it is about. Pure.
import { type HubError, isHubError } from '../../../schema/errors.ts';
import type { RawValue } from '../../kit/contract.ts';
import { isRecord } from '../../kit/mapping/columns.ts';
import { toUnwrapped } from '../../kit/web/answer.ts';
import type { Heard, Told, WebObject, WebSource } from '../../kit/web/contract.ts';
import { toFault, toStatusFault, type WebPlace } from '../../kit/web/faults.ts';
import { findAt, findText } from '../../kit/web/paths.ts';
import type { SoapRequest } from './words.ts';

/**
 * Paths begin inside the element that answers the operation; where exactly one value is unwrapped, inside that value (a
 * document in the return element).
 */
export function judgeEnvelope(
  told: Told,
  object: WebObject<SoapRequest>,
  source: Pick<WebSource, 'repair'>,
): Heard {
  const { place, request, unwrap } = object;
  const heard = readEnvelope(told, place);
  const body = findAt(heard.tree.value, 'Envelope.Body');
  if (body === undefined) throw toFault('HUB_SOURCE_FORMAT', place, 'what it answers is no SOAP envelope');
  const fault = findAt(body, 'Fault');
  if (fault !== undefined) throw toSoapFault(fault, request.operation, place);
  const status = toStatusFault(told.status, place);
  if (status !== null) throw status;
  const content = findContent(body, request.operation, place);
  const tree = toUnwrapped({ ...heard.tree, value: content }, object, source);
  const [only] = unwrap;
  if (only === undefined || unwrap.length > 1) return { ...heard, tree };
  const value = findAt(tree.value, only.path);
  // A return element that is left out is no empty list: nobody said so.
  if (value === undefined)
    throw toFault(
      'HUB_SOURCE_FORMAT',
      place,
      `its answer has nothing at ${only.path}, which \`unwrap\` names`,
    );
  return { ...heard, tree: { ...tree, value } };
}

/** Statuses under which an envelope may come: 500 carries faults (SOAP 1.1 §6.2), 400 those of the sender (1.2). */
function readEnvelope(told: Told, place: WebPlace): Heard {
  const status = toStatusFault(told.status, place);
  if (status !== null && told.status !== 500 && told.status !== 400) throw status;
  try {
    return told.read();
  } catch (error) {
    if (status !== null && isHubError(error, 'HUB_SOURCE_FORMAT', 'HUB_SOURCE_ENCODING')) throw status;
    throw error;
  }
}

function findContent(body: RawValue, operation: string, place: WebPlace): RawValue {
  const elements = isRecord(body) ? Object.entries(body).filter(([name]) => !name.startsWith('$')) : [];
  const own = elements.find(([name]) => name === `${operation}Response`) ?? elements[0];
  if (own !== undefined && (elements.length === 1 || own[0] === `${operation}Response`)) return own[1];
  const what = elements.length === 0 ? 'is an empty envelope' : `has no element ${operation}Response`;
  throw toFault('HUB_SOURCE_FORMAT', place, `its answer ${what}`);
}

/** Codes by which a service says that the request is at fault; words of its own may mean anything. */
const OURS = new Set(['Client', 'Sender', 'MustUnderstand', 'DataEncodingUnknown']);
const REFUSALS = /auth|security|credential|permission|denied|token|session/i;

/** A fault of the request needs a person, one of the service may pass; what speaks of rights is a refusal. */
function toSoapFault(fault: RawValue, operation: string, place: WebPlace): HubError {
  const code = findName(fault, 'faultcode') ?? findName(fault, 'Code.Value') ?? '';
  const inner = findName(fault, 'Code.Subcode.Value') ?? '';
  const [first = ''] = code.split('.');
  const shown = [code, inner].filter((one) => /^[\w.-]{1,40}$/.test(one)).join(' ');
  const said = `it answers ${operation} with a fault${shown === '' ? '' : ` ${shown}`}`;
  if (REFUSALS.test(`${code} ${inner}`))
    return toFault('HUB_SOURCE_REFUSED', place, `${said}: the credentials or the rights are refused`);
  if (first === 'VersionMismatch')
    return toFault(
      'HUB_SOURCE_REQUEST',
      place,
      `${said}: it speaks another version of SOAP; see \`version\``,
    );
  if (OURS.has(first))
    return toFault('HUB_SOURCE_REQUEST', place, `${said}: it does not understand the request`);
  return toFault('HUB_SOURCE_QUERY', place, `${said}: a fault of the service`);
}

/** A qualified name without its prefix, whatever attributes its element has. */
function findName(fault: RawValue, path: string): string | null {
  const text = findText(fault, path) ?? findText(fault, `${path}.$`);
  return text === null ? null : text.slice(text.indexOf(':') + 1);
}
