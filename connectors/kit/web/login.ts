// Keeps the token of a source that wants a login: one login at a time whoever waits for it, renewed before it ends.
import type { RawValue } from '../contract.ts';
import type { Clock } from '../resilience/clock.ts';
import { orAbort } from './cut.ts';
import { findText } from './paths.ts';
import type { Login } from './words.ts';

/** Share of `lives` after which a token is not used any more. */
const RENEWED_AT = 0.8;

export type Tokens = {
  /** The token; waits for the login that is under way, or begins one. Rejects with the signal's reason when it aborts. */
  current(signal: AbortSignal): Promise<string>;
  /** The service does not take this token any more. */
  drop(token: string): void;
};

/** `logIn` asks the service, which must not end with the caller who happened to be first: others wait for it too. */
export function toTokens({ lives }: Login, clock: Clock, logIn: () => Promise<string>): Tokens {
  let held: { readonly token: string; readonly until: number } | null = null;
  let pending: Promise<string> | null = null;
  const begin = async () => {
    const began = clock.now();
    try {
      const token = await logIn();
      held = { token, until: began + lives * RENEWED_AT };
      return token;
    } finally {
      pending = null;
    }
  };
  return {
    current(signal) {
      if (held !== null && clock.now() < held.until) return Promise.resolve(held.token);
      pending ??= begin();
      return orAbort(pending, signal);
    },
    drop(token) {
      if (held?.token === token) held = null;
    },
  };
}

/** Whether an answer says that its token has ended: by its status, or by a code in its body. */
export function isExpired({ expired }: Login, status: number, tree: RawValue): boolean {
  if (expired.status.includes(status)) return true;
  const code = expired.path === null ? null : findText(tree, expired.path);
  return code !== null && expired.values.includes(code);
}
