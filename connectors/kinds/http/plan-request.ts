// From an object's request to what goes over the wire: address, query, body and the credentials that do not need a login. Pure.
import type { HttpRequest } from './exchange.ts';
import type { Auth, Request } from './settings.ts';
import { type Fill, toFilledMap } from './slots.ts';

const FIXED = { accept: '*/*', 'accept-encoding': 'gzip, deflate, br', 'user-agent': 'one-network-hub' };

export function planRequest(
  base: URL,
  { method, path, query, body }: Request,
  fill: Fill,
  auth: Auth,
): HttpRequest {
  // Joined as text: a path that begins with // must not become another host.
  const url = new URL(`${base.origin}${base.pathname.replace(/\/$/, '')}${path}`);
  for (const [name, value] of base.searchParams) url.searchParams.append(name, value);
  for (const [name, value] of Object.entries(toFilledMap(query, fill)))
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, toQueryText(one));
  for (const [name, secret] of Object.entries(auth.query)) url.searchParams.append(name, secret.reveal());
  // Not every legacy server takes + for a blank.
  url.search = url.search.replaceAll('+', '%20');
  return {
    method,
    url,
    headers: { ...FIXED, ...toAuthHeaders(auth) },
    body: body === null ? null : JSON.stringify(toFilledMap(body, fill)),
  };
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
