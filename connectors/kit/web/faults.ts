// How everything that can go wrong between the hub and a service over HTTP becomes a coded error. Addresses, headers and bodies
// are never shown: they carry credentials and people's data.
import { type ErrorCode, type ErrorPlace, HubError } from '../../../schema/errors.ts';

export type WebPlace = ErrorPlace & { readonly unit: string; readonly source: string };

/** A HubError whose message begins with the place. */
export function toFault(code: ErrorCode, place: WebPlace, what: string): HubError {
  const object = place.object === undefined ? '' : ` (object ${place.object})`;
  return new HubError(code, `${place.unit}.${place.source}${object}: ${what}`, { place });
}

/** The same fault with the place before it: what codecs and decoders throw knows neither source nor object. */
export function toPlaced(error: unknown, place: WebPlace): unknown {
  return error instanceof HubError ? toFault(error.code, { ...place, ...error.place }, error.message) : error;
}

/** What Node threw while a request was under way. */
export function toExchangeFault(error: unknown, place: WebPlace): HubError {
  if (error instanceof HubError) return error;
  const code = toNodeCode(error);
  const mark = code === '' ? '' : ` [${code}]`;
  if (code === 'HPE_HEADER_OVERFLOW')
    return toFault('HUB_SOURCE_LIMIT', place, 'its answer has headers larger than the hub reads');
  if (code.startsWith('HPE_'))
    return toFault('HUB_SOURCE_FORMAT', place, `what it answers is no HTTP${mark}; is this the right port?`);
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR'))
    return toFault('HUB_SOURCE_FORMAT', place, `its answer says that it is compressed, but is not${mark}`);
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_INVALID_HTTP_TOKEN')
    return toFault('HUB_CONFIG_INVALID', place, 'a header of `auth` has characters that no header may have');
  if (code === 'ETIMEDOUT') return toFault('HUB_SOURCE_TIMEOUT', place, 'no connection within its time-out');
  const what = 'does not accept a connection, or dropped it';
  return toFault('HUB_SOURCE_UNREACHABLE', place, `the service ${what}${mark}`);
}

function toNodeCode(error: unknown): string {
  // Node tries all addresses of a name and throws their errors together.
  if (error instanceof AggregateError && error.errors.length > 0) return toNodeCode(error.errors[0]);
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^[\w-]{1,50}$/.test(code) ? code : '';
}

/** What a status says that is no success; null for 200–299. */
export function toStatusFault(status: number, place: WebPlace): HubError | null {
  if (status >= 200 && status < 300) return null;
  const said = `it answers with HTTP ${status}`;
  if (status === 401 || status === 403)
    return toFault('HUB_SOURCE_REFUSED', place, `${said}: the credentials or the rights are refused`);
  if (status === 429 || status === 503)
    return toFault('HUB_SOURCE_BUSY', place, `${said}: it wants to be asked less, or later`);
  // Credentials must not follow to wherever an answer points.
  if (status >= 300 && status < 400)
    return toFault('HUB_SOURCE_QUERY', place, `${said}: redirects are not followed; give the final address`);
  const whose = status < 500 ? 'it does not understand the request' : 'a fault of the service';
  return toFault('HUB_SOURCE_QUERY', place, `${said}: ${whose}`);
}
