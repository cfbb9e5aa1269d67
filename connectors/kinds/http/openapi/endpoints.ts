// The endpoints of an OpenAPI document: which request of a manifest each of them answers, and which two are one. Pure.
import type { RawValue } from '../../../kit/contract.ts';
import { isRecord } from '../../../kit/mapping/columns.ts';
import { findAt, isList } from '../../../kit/web/paths.ts';
import { resolveReference } from './schema-fields.ts';

export type Endpoint = {
  /** `GET /sites/{id}`, as people read it. */
  readonly name: string;
  /** Equal for two that no request could tell apart. */
  readonly mark: string;
  /** The schema of its answer; null where it declares none. */
  readonly answer: RawValue;
  answers(method: string, path: string): boolean;
};

const METHODS = ['get', 'post', 'put', 'patch'];

export function toEndpoints(document: RawValue, base: URL): readonly Endpoint[] {
  const paths = isRecord(document) && isRecord(document.paths) ? document.paths : {};
  return Object.entries(paths).flatMap(([path, given]) => {
    const item = resolveReference(given, document);
    if (!isRecord(item)) return [];
    return METHODS.flatMap((method) => {
      const operation = item[method];
      if (!isRecord(operation)) return [];
      const mark = `${method.toUpperCase()} ${path.replace(/\{[^}]*\}/g, '{}').replace(/(.)\/+$/, '$1')}`;
      return [
        {
          name: `${method.toUpperCase()} ${path}`,
          mark,
          answer: toAnswer(operation, document),
          answers: (asked: string, own: string) =>
            asked.toLowerCase() === method && isPath(toPrefix(document, base), path, base, own),
        },
      ];
    });
  });
}

/** Two endpoints that differ in the names of their variables alone. */
export function findTwin(endpoints: readonly Endpoint[]): readonly [Endpoint, Endpoint] | null {
  const seen = new Map<string, Endpoint>();
  for (const endpoint of endpoints) {
    const other = seen.get(endpoint.mark);
    if (other !== undefined) return [other, endpoint];
    seen.set(endpoint.mark, endpoint);
  }
  return null;
}

function toAnswer(operation: RawValue, document: RawValue): RawValue {
  const responses = isRecord(operation) && isRecord(operation.responses) ? operation.responses : {};
  const found = responses['200'] ?? responses['2XX'] ?? responses.default ?? null;
  const content = findAt(resolveReference(found, document), 'content');
  const types = isRecord(content) ? Object.entries(content) : [];
  const [, media = null] = types.find(([type]) => /json/i.test(type)) ?? types[0] ?? [];
  return isRecord(media) ? (media.schema ?? null) : null;
}

/** The path of the first server, which stands before all paths of the document. */
function toPrefix(document: RawValue, base: URL): string {
  const servers = isRecord(document) ? document.servers : null;
  const url = isList(servers) ? findAt(servers[0] ?? null, 'url') : '/';
  const at = typeof url === 'string' && URL.canParse(url, base.origin) ? new URL(url, base.origin) : base;
  return at.pathname.replace(/\/+$/, '');
}

/** A manifest's path stands behind the source's address; the document's behind its server's, or just as it is. */
function isPath(prefix: string, path: string, base: URL, own: string): boolean {
  const pattern = (whole: string) =>
    new RegExp(
      `^${whole
        .split(/\{[^}]*\}/)
        .map(toLiteral)
        .join('[^/]+')}$`,
    );
  const [plain = own] = own.split('?');
  return pattern(path).test(plain) || pattern(prefix + path).test(base.pathname.replace(/\/+$/, '') + plain);
}

function toLiteral(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
