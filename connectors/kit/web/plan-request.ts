// From a request of a manifest to what goes over the wire: address, query, body and the credentials that need no login. Pure.
import type { WebRequest } from './contract.ts';
import { type Fill, toFilledMap } from './slots.ts';
import type { Auth, RestRequest } from './words.ts';

const FIXED = { accept: '*/*', 'accept-encoding': 'gzip, deflate, br', 'user-agent': 'one-network-hub' };

/** The request of a REST service, and of every login. */
export function planRequest(
  base: URL,
  { method, path, query, body }: RestRequest,
  fill: Fill,
  auth: Auth,
): WebRequest {
  return {
    method,
    url: toAddress(base, path, toFilledMap(query, fill), auth),
    headers: toHeaders(auth),
    body:
      body === null
        ? null
        : { type: 'application/json; charset=utf-8', text: JSON.stringify(toFilledMap(body, fill)) },
  };
}

/** The source's address with a path of the manifest behind it; without one, just as the source gives it. */
export function toAddress(
  base: URL,
  path: string | null,
  query: { readonly [name: string]: unknown },
  auth: Auth,
): URL {
  // Joined as text: a path that begins with // must not become another host.
  const url = new URL(
    base.origin + (path === null ? base.pathname : base.pathname.replace(/\/+$/, '') + path),
  );
  for (const [name, value] of base.searchParams) url.searchParams.append(name, value);
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, toQueryText(one));
  for (const [name, secret] of Object.entries(auth.query)) url.searchParams.append(name, secret.reveal());
  // Not every legacy server takes + for a blank.
  url.search = url.search.replaceAll('+', '%20');
  return url;
}

/** What every request carries, credentials included. */
export function toHeaders(auth: Auth): { readonly [name: string]: string } {
  return { ...FIXED, ...toAuthHeaders(auth) };
}

function toQueryText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

function toAuthHeaders({ basic, bearer, header }: Auth): { readonly [name: string]: string } {
  const headers: Record<string, string> = {};
  if (basic !== undefined) {
    const both = `${basic.user.reveal()}:${basic.password.reveal()}`;
    headers.authorization = `Basic ${Buffer.from(both).toString('base64')}`;
  }
  if (bearer !== undefined) headers.authorization = `Bearer ${bearer.reveal()}`;
  for (const [name, secret] of Object.entries(header)) headers[name] = secret.reveal();
  return headers;
}
