// From the answer of a GraphQL service to the value of its root field, in which the manifest's paths begin. A page with an
// error in it is no page: what is missing there would look like what is not there. Pure.
import type { HubError } from '../../../schema/errors.ts';
import type { RawValue } from '../../kit/contract.ts';
import { isRecord, parsePath } from '../../kit/mapping/columns.ts';
import { toUnwrapped } from '../../kit/web/answer.ts';
import type { Heard, Told, WebObject, WebSource } from '../../kit/web/contract.ts';
import { toFault, toStatusFault, type WebPlace } from '../../kit/web/faults.ts';
import { findAt, isList } from '../../kit/web/paths.ts';
import type { GraphqlRequest } from './words.ts';

/** `toAsked`: the names in the document, the only words of a service's message that are repeated. */
export function judgeAnswer(
  told: Told,
  object: WebObject<GraphqlRequest>,
  source: Pick<WebSource, 'repair'>,
  toAsked: () => ReadonlySet<string>,
): Heard {
  const { place, request, records } = object;
  const status = toStatusFault(told.status, place);
  const heard = readAnswer(told, status);
  const { value } = heard.tree;
  const data = isRecord(value) ? value.data : undefined;
  const errors = isRecord(value) && isList(value.errors) ? value.errors : [];
  if (errors.length > 0)
    throw toErrorFault(errors, data === undefined, { status: told.status, asked: toAsked(), place });
  if (status !== null) throw status;
  const root = isRecord(data) ? data[request.root] : undefined;
  const path = records === null ? [] : parsePath(records);
  // Null without a word is not an empty list: that is [].
  if (!isThere(root, path)) {
    const where = records === null ? request.root : `${request.root}, ${records}`;
    throw toFault('HUB_SOURCE_FORMAT', place, `its answer has nothing at ${where}, and no error says why`);
  }
  return { ...heard, tree: toUnwrapped({ ...heard.tree, value: root ?? null }, object, source) };
}

/** Whether what was asked for came; in every element of a list on the way. */
function isThere(value: RawValue | undefined, segments: readonly string[]): boolean {
  if (value === undefined || value === null) return false;
  const [segment, ...rest] = segments;
  if (segment === undefined) return true;
  if (isList(value))
    return /^\d+$/.test(segment)
      ? isThere(value[Number(segment)], rest)
      : value.every((element) => isThere(element, segments));
  return isRecord(value) && isThere(value[segment], rest);
}

/** Statuses of the network and of whoever stands before the service say enough; else the body says why. */
function readAnswer(told: Told, status: HubError | null): Heard {
  if (status !== null && (told.status < 400 || [401, 403, 429, 503].includes(told.status))) throw status;
  try {
    return told.read();
  } catch (error) {
    throw status ?? error;
  }
}

const REFUSED = /UNAUTH|FORBIDDEN|ACCESS_DENIED|PERMISSION|TOKEN/i;
const BUSY = /RATE|THROTTL|TOO_MANY|QUOTA/i;
const WRONG = /PARSE|VALIDATION|BAD_USER_INPUT|BAD_REQUEST|OPERATION_RESOLUTION|PERSISTED|COMPLEX|DEPTH/i;

/** `isWhole`: nothing was executed at all (§7.1: an answer without `data`). */
function toErrorFault(
  errors: readonly RawValue[],
  isWhole: boolean,
  { status, asked, place }: { status: number; asked: ReadonlySet<string>; place: WebPlace },
): HubError {
  const [first = null] = errors;
  const given = findAt(first, 'extensions.code');
  const code = typeof given === 'string' && /^[A-Za-z][\w.-]{0,40}$/.test(given) ? given : '';
  const at = toPathText(first, asked);
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors, the first`;
  const said = `it answers with ${count}${code === '' ? '' : ` ${code}`}${at === '' ? '' : ` at ${at}`}`;
  if (REFUSED.test(code))
    return toFault('HUB_SOURCE_REFUSED', place, `${said}: the credentials or the rights are refused`);
  if (BUSY.test(code))
    return toFault('HUB_SOURCE_BUSY', place, `${said}: it wants to be asked less, or later`);
  const name = toNamed(first, asked);
  const isWrong = WRONG.test(code) || (code === '' && (status === 400 || name !== null));
  if (isWhole && isWrong && name !== null)
    return toFault(
      'HUB_SOURCE_SHAPE',
      { ...place, column: name },
      `${said}: it does not know ${name} as it is asked`,
    );
  if (isWhole && isWrong)
    return toFault('HUB_SOURCE_REQUEST', place, `${said}: it does not understand the request`);
  return toFault('HUB_SOURCE_QUERY', place, `${said}: a page with an error in it is not taken`);
}

/** Only names of the document and indexes. */
function toPathText(error: RawValue, asked: ReadonlySet<string>): string {
  const path = isRecord(error) && isList(error.path) ? error.path : [];
  const isOurs = (one: RawValue) => (typeof one === 'string' ? asked.has(one) : Number.isInteger(one));
  return path.every(isOurs) ? path.join('.') : '';
}

/** The first name in quotes that stands in the document too. */
function toNamed(error: RawValue, asked: ReadonlySet<string>): string | null {
  const message = isRecord(error) && typeof error.message === 'string' ? error.message : '';
  for (const [, name = ''] of message.matchAll(/["'`](\w+)["'`]/g)) if (asked.has(name)) return name;
  return null;
}
