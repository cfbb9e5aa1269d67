// What goes wrong around a broker, as coded errors. No address, no password and no payload reaches a message.
import { type ErrorCode, type ErrorPlace, HubError } from '../../../schema/errors.ts';

export type MqttPlace = ErrorPlace & { readonly unit: string; readonly source: string };

/** The MQTT versions that are spoken, by the number that stands in CONNECT. */
export type Version = 4 | 5;

export function refuse(code: ErrorCode, place: MqttPlace, words: string): HubError {
  return new HubError(code, `${place.unit}.${place.source}: ${words}`, { place });
}

/** What Node threw while the connection was made or stood. */
export function toLineFault(error: unknown, place: MqttPlace): HubError {
  if (error instanceof HubError) return error;
  const mark = toMark(error);
  const isOfTls = /^(ERR_TLS|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|ERR_SSL)/.test(mark);
  return isOfTls
    ? refuse('HUB_SOURCE_REFUSED', place, `no TLS with the broker: its certificate does not hold [${mark}]`)
    : refuse(
        'HUB_SOURCE_UNREACHABLE',
        place,
        `the broker does not take the connection, or dropped it [${mark}]`,
      );
}

/** CONNACK: 2 to 5 are MQTT 3.1.1 (3.2.2.3), 128 and above MQTT 5 (3.2.2.2). */
const CREDENTIALS: ReadonlySet<number> = new Set([4, 5, 134, 135, 138, 140]);
const CLIENT: ReadonlySet<number> = new Set([2, 133]);
const LATER: ReadonlySet<number> = new Set([3, 136, 137, 151, 159]);

/** Why the broker lets nobody in. */
export function toRefusal(code: number, place: MqttPlace): HubError {
  if (CREDENTIALS.has(code))
    return refuse('HUB_SOURCE_REFUSED', place, `the broker refuses user, password or rights [code ${code}]`);
  if (CLIENT.has(code))
    return refuse('HUB_SOURCE_REFUSED', place, `the broker refuses the session's client [code ${code}]`);
  if (LATER.has(code))
    return refuse('HUB_SOURCE_UNREACHABLE', place, `the broker takes nobody at the moment [code ${code}]`);
  return refuse('HUB_SOURCE_QUERY', place, `the broker refuses the connection [code ${code}]`);
}

/** DISCONNECT of MQTT 5 (3.14.2.1). */
const TAKEN_OVER = 142;

export function toFarewell(code: number, place: MqttPlace): HubError {
  return code === TAKEN_OVER
    ? refuse(
        'HUB_SOURCE_REFUSED',
        place,
        'somebody else uses the session: another hub with the same `session.client`? [code 142]',
      )
    : refuse('HUB_SOURCE_UNREACHABLE', place, `the broker ended the connection [code ${code}]`);
}

/** The system's own code (`ECONNREFUSED`); its message would show an address. */
function toMark(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return toMark(error.errors[0]);
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : 'closed';
}
