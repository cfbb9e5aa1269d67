// What goes wrong around a socket, as coded errors. Addresses of the hub's own ports may be shown; passwords never reach a message.
import { type ErrorCode, type ErrorPlace, HubError } from '../../../schema/errors.ts';

export type SocketPlace = ErrorPlace & { readonly unit: string; readonly source: string };

export function refuse(code: ErrorCode, place: SocketPlace, words: string): HubError {
  return new HubError(code, `${place.unit}.${place.source}: ${words}`, { place });
}

/** A port that cannot be had is refused; a system that is connected to and does not take it cannot be reached. */
export function toSocketFault(
  error: unknown,
  place: SocketPlace,
  way: { readonly kind: 'listen' | 'connect'; readonly port: number },
): HubError {
  if (error instanceof HubError) return error;
  const mark = toMark(error);
  return way.kind === 'listen'
    ? refuse('HUB_SOURCE_REFUSED', place, `port ${way.port} cannot be listened to [${mark}]`)
    : refuse(
        'HUB_SOURCE_UNREACHABLE',
        place,
        `the system does not take the connection, or ended it [${mark}]`,
      );
}

/** The system's own code (`EADDRINUSE`); its message would show an address. */
function toMark(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? code : 'unknown';
}

/** Told of peers that were sent away, and why: for the hub's log. */
export type OnTurnedAway = (place: SocketPlace, peer: string, words: string) => void;

const TELL_MS = 60_000;

/** Each reason once a minute at most: whoever is sent away comes again, and a log is not there to be flooded. */
export function toSparing(onTurnedAway: OnTurnedAway, now: () => number): OnTurnedAway {
  const told = new Map<string, number>();
  return (place, peer, words) => {
    const before = told.get(words);
    if (before !== undefined && now() - before < TELL_MS) return;
    told.set(words, now());
    onTurnedAway(place, peer, words);
  };
}
