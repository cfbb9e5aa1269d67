// The police's REST service: a token first, then four roads. HTTP 200 says nothing here: what became of a call stands in the
// body's `code`. A token that has ended is refused in one of two ways, by turns.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { Call, Reply } from '../http/http-system.ts';
import { toClosures } from './closure.ts';
import { toEvents, toUpdateTime } from './event.ts';
import { OPEN_API } from './open-api.ts';
import { type Row, toClosureRow, toEventRow, toSectionRow, toStateRow } from './rows.ts';
import { toStatedCounty } from './section.ts';
import { TOKEN_SECONDS, toTokens } from './token.ts';
import { toStates } from './traffic.ts';
import type { World } from './world.ts';

export type ServiceOptions = {
  readonly world: World;
  readonly client: { readonly id: string; readonly secret: string };
  /** No event that was reported before is shown. */
  readonly since: Instant;
  now(): Instant;
  /** Told of each call that has a good token, before it is answered. */
  onCall?(path: string): void;
};

/** "0" is success; the others are this sandbox's. */
const CODES = {
  ok: '0',
  wrongClient: '40001',
  wrongParameter: '40002',
  tokenEnded: '40101',
} as const;
const LARGEST_PAGE = 100;

class Refusal extends Error {}

/** What was met since the service opened. */
export type Met = {
  readonly logins: number;
  /** Calls with a token that had ended, by the status that they were refused with. */
  readonly ended: { readonly as200: number; readonly as401: number };
};
export type Service = { reply(call: Call): Reply; met(): Met };

export function toService(options: ServiceOptions): Service {
  const { world, client, now } = options;
  const tokens = toTokens(world.seed, world.traps.callsOfAToken);
  let logins = 0;
  let ended = { as200: 0, as401: 0 };
  let emptied = 0;
  const answer = (call: Call): Reply => {
    if (call.path === '/openapi.json') return toJson(200, OPEN_API);
    if (call.path === '/api/v1/token' && call.method === 'POST') return logIn(call);
    const road = ROADS[call.path];
    if (road === undefined || call.method !== 'GET')
      return { status: 404, type: 'text/plain', text: 'Not found' };
    const token = /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1] ?? '';
    if (!tokens.take(token, now())) {
      const { as200, as401 } = ended;
      const status = as401 > as200 ? 200 : 401;
      ended = status === 200 ? { as401, as200: as200 + 1 } : { as200, as401: as401 + 1 };
      return toJson(status, { code: CODES.tokenEnded, msg: '令牌已失效' });
    }
    options.onCall?.(call.path);
    const data = road(options, call.query, now());
    return toJson(200, { code: CODES.ok, msg: 'success', data: toEmptyForm(data) });
  };
  const logIn = ({ body }: Call): Reply => {
    const { clientId, clientSecret } = parseBody(body);
    if (clientId !== client.id || clientSecret !== client.secret)
      return toJson(200, { code: CODES.wrongClient, msg: '客户端标识或密钥错误' });
    logins += 1;
    const data = { accessToken: tokens.issue(now()), expiresIn: TOKEN_SECONDS };
    return toJson(200, { code: CODES.ok, msg: 'success', data });
  };
  // An empty page has an empty list or none, by turns.
  const toEmptyForm = (data: Answer): Answer => {
    if (!('list' in data) || data.list?.length !== 0) return data;
    emptied += 1;
    return emptied % 2 === 1 ? { ...data, list: null } : data;
  };
  return {
    reply(call) {
      try {
        return answer(call);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return toJson(200, { code: CODES.wrongParameter, msg: error.message });
      }
    },
    met: () => ({ logins, ended }),
  };
}

type Page = {
  readonly total: number;
  readonly pageNo: number;
  readonly pageSize: number;
  readonly list: readonly Row[] | null;
};
type Answer = Page | readonly Row[];
type Road = (options: ServiceOptions, query: URLSearchParams, now: Instant) => Answer;

const ROADS: Readonly<Record<string, Road>> = {
  // The latest change first: whatever is written to while somebody pages moves to the front, and all before it move down.
  '/api/v1/roadEvents': ({ world, since }, query, now) => {
    const updatedSince = parseNumber(query, 'updatedSince', 0);
    const rows = toEvents(world, since, now)
      .map((event) => ({ event, updated: toUpdateTime(event, now) }))
      .filter(({ updated }) => updated >= updatedSince)
      .sort((a, b) => b.updated - a.updated || (a.event.number < b.event.number ? -1 : 1));
    return toPage(
      query,
      rows.map(({ event }) => toEventRow(world, event, now)),
    );
  },
  '/api/v1/closures': ({ world }, query, now) =>
    toPage(
      query,
      toClosures(world, now).map((closure) => toClosureRow(world, closure)),
    ),
  '/api/v1/sections': ({ world }, query) => {
    const isWanted = toRegion(query);
    return world.sections
      .filter((section) => isWanted(toStatedCounty(section)))
      .map((section) => toSectionRow(world, section));
  },
  '/api/v1/congestion': ({ world }, query, now) => {
    const isWanted = toRegion(query);
    return toStates(world, now)
      .filter(({ section }) => isWanted(toStatedCounty(section)))
      .map(toStateRow);
  },
};

/** By the codes that the police write: 431181 does not find what still says 431121. */
function toRegion(query: URLSearchParams): (code: string) => boolean {
  const codes = (query.get('xzqh') ?? '').split(',');
  if (codes.some((code) => !/^\d{6}$/.test(code))) throw new Refusal('xzqh 参数错误');
  const prefixes = codes.map((code) => code.replace(/(00){1,2}$/, ''));
  return (code) => prefixes.some((prefix) => code.startsWith(prefix));
}

function toPage(query: URLSearchParams, rows: readonly Row[]): Page {
  const pageNo = parseNumber(query, 'pageNo', 1);
  const pageSize = parseNumber(query, 'pageSize', 20);
  if (pageNo < 1 || pageSize < 1 || pageSize > LARGEST_PAGE) throw new Refusal('分页参数错误');
  const list = rows.slice((pageNo - 1) * pageSize, pageNo * pageSize);
  return { total: rows.length, pageNo, pageSize, list };
}

function parseNumber(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null) return absent;
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(`${name} 参数错误`);
  return Number(text);
}

function parseBody(body: string): { readonly clientId?: unknown; readonly clientSecret?: unknown } {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

function toJson(status: number, body: object): Reply {
  return { status, type: 'application/json', text: JSON.stringify(body) };
}
