// The shape of a source and of its objects, by kind (manifest §3): keys that a kind does not have are unknown keys.
import { z } from 'zod';
import type { SourceKind } from '../model.ts';
import { auth } from './auth.ts';
import {
  assemble,
  graphqlRequest,
  header,
  httpRequest,
  messages,
  paging,
  sheet,
  sipRequest,
  soapRequest,
  stop,
  success,
} from './request.ts';
import { columns, iso, positive, SECRET_NAME, secret, sourceName, span, text, zone } from './words.ts';

export const CODECS = ['json', 'xml', 'csv', 'xlsx', 'jt808', 'hj212', 'sl651', 'ais', 'gb26875'] as const;
export type Codec = (typeof CODECS)[number];
export const SCHEMES: { readonly [Kind in SourceKind]: readonly string[] } = {
  sql: ['postgres', 'postgresql', 'mysql', 'mariadb', 'mssql', 'oracle'],
  http: ['http', 'https'],
  soap: ['http', 'https'],
  graphql: ['http', 'https'],
  file: ['file', 'sftp'],
  mqtt: ['mqtt', 'mqtts'],
  socket: [],
};
export const SOURCE_KINDS = Object.keys(SCHEMES) as readonly SourceKind[];

/** Whether a URL's scheme can be spoken by sources of this kind (M011; also asked when a secret is resolved). */
export function isUrlOfKind(kind: SourceKind, url: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  return scheme !== undefined && SCHEMES[kind].includes(scheme);
}

const limits = z.strictObject({
  inFlight: positive.optional(),
  timeout: span.optional(),
  rate: z.strictObject({ calls: positive, per: span }).optional(),
  rows: positive.optional(),
  fileBytes: positive.optional(),
  connections: positive.optional(),
  frameBytes: positive.optional(),
});

const every = {
  zone: zone.optional(),
  crs: z.enum(['WGS84', 'CGCS2000', 'GCJ02', 'BD09', 'EPSG:4546']).optional(),
  auth: auth.optional(),
  limits: limits.optional(),
  codec: z.enum(CODECS).optional(),
  repair: z.array(z.enum(['musicFieldNames', 'jsonp'])).optional(),
  encoding: z.enum(['utf-8', 'gb18030', 'detect']).optional(),
  columnCase: z.enum(['exact', 'ignore']).optional(),
  ack: z.enum(['durable', 'none']).optional(),
};
const port = z.union([z.int().min(1).max(65_535), secret], { error: 'must be a port or { secret: NAME }' });
const proto = z.enum(['tcp', 'udp']);
const table = { header: header.optional(), fillDown: columns.optional(), stop: stop.optional() };
const answer = { records: text.optional(), codec: every.codec };
const unwrap = z.array(z.strictObject({ path: text, codec: z.enum(CODECS) })).optional();
const asked = {
  window: z.strictObject({ most: span }).optional(),
  paging: paging.optional(),
  unwrap,
  ...answer,
};
const use = z.enum(['records', 'heartbeat', 'ignore']).optional();

/** The keys of an object, by the kind of its source. sql has none: its forms name tables. */
const OBJECT_SHAPES = {
  http: { request: httpRequest, ...asked, ...table },
  soap: { request: soapRequest, ...asked },
  graphql: { request: graphqlRequest, ...asked },
  file: { files: text, sheet: sheet.optional(), ...table, ...answer },
  mqtt: {
    topics: z.array(text).min(1),
    payload: z.enum(['raw', 'hex', 'base64']).optional(),
    message: messages.optional(),
    use,
    assemble: assemble.optional(),
    unwrap,
    ...answer,
  },
  socket: {
    message: messages.optional(),
    use,
    request: sipRequest.optional(),
    assemble: assemble.optional(),
    ...answer,
  },
} as const;

const asking = { success: success.optional() };
/** Where a service describes itself: `?wsdl`, `/v3/api-docs`. */
const contract = z
  .string()
  .regex(/^(\/(?!\/)|\?)/, "must begin with / or ?, and stay on the source's host")
  .optional();
const SOURCE_SHAPES = {
  sql: {},
  http: { ...asking, contract },
  soap: { ...asking, contract },
  graphql: asking,
  file: { stable: iso.optional() },
  mqtt: {
    qos: z.int().min(0).max(2).optional(),
    session: z.strictObject({ client: text, expires: iso }).optional(),
    assemble: assemble.optional(),
  },
  socket: {
    listen: z.strictObject({ port, proto }).optional(),
    connect: z.strictObject({ host: secret, port, proto }).optional(),
    framing: z.enum(['codec', 'sip']).optional(),
    assemble: assemble.optional(),
  },
} as const;

/** A source of one kind; with `objects` given, the whole of it (JSON Schema), else its head alone. */
export function toSourceSchema(kind: SourceKind, objects: z.ZodType): z.ZodObject {
  return z.strictObject({
    kind: z.literal(kind),
    ...(kind === 'socket' ? {} : { url: toUrl(kind) }),
    ...every,
    ...SOURCE_SHAPES[kind],
    ...(kind === 'sql' ? {} : { objects }),
  });
}

/** All objects of a source of this kind, by name. */
export function toObjectsSchema(kind: Exclude<SourceKind, 'sql'>): z.ZodType {
  return z.record(sourceName, z.strictObject(OBJECT_SHAPES[kind]));
}

function toUrl(kind: SourceKind): z.ZodType<{ readonly secret: string }> {
  return z.strictObject(
    { secret: z.string().regex(SECRET_NAME, 'must be a name in capitals, such as HYDROLOGY_URL') },
    { error: (issue) => (typeof issue.input === 'string' ? toUrlMessage(kind, issue.input) : undefined) },
  );
}

function toUrlMessage(kind: SourceKind, url: string): string {
  if (/\/\/[^/@\s:]*:[^/@\s]*@/.test(url)) return 'M012: a URL with credentials must be { secret: NAME }';
  if (!isUrlOfKind(kind, url))
    return `M011: a source of kind ${kind} is reached by ${SCHEMES[kind].map((one) => `${one}://`).join(' or ')}; name the URL as { secret: NAME }`;
  return 'must be { secret: NAME }; addresses stand in the environment';
}

/** A source's head by kind, its objects left to be judged one by one. */
export const SOURCE_HEADS = new Map<SourceKind, z.ZodType>(
  SOURCE_KINDS.map((kind) => [kind, toSourceSchema(kind, z.record(z.string(), z.unknown()))]),
);
/** One object by the kind of its source. */
export const OBJECT_SCHEMAS = new Map<string, z.ZodType>(
  Object.entries(OBJECT_SHAPES).map(([kind, shape]) => [kind, z.strictObject(shape)]),
);

// What lint and resolve read: the union of all kinds' keys, each optional. The strict schemas above decide which may stand.
const anySource = z.object({
  kind: z.enum(['sql', 'http', 'soap', 'graphql', 'file', 'mqtt', 'socket']),
  url: secret.optional(),
  ...every,
  ...SOURCE_SHAPES.http,
  ...SOURCE_SHAPES.file,
  ...SOURCE_SHAPES.mqtt,
  ...SOURCE_SHAPES.socket,
});
const anyObject = z.object({
  request: z.union([httpRequest, soapRequest, graphqlRequest, sipRequest]).optional(),
  ...asked,
  ...table,
  files: text.optional(),
  sheet: sheet.optional(),
  topics: z.array(text).optional(),
  payload: OBJECT_SHAPES.mqtt.payload,
  message: messages.optional(),
  use,
  assemble: assemble.optional(),
});
export type SourceWords = z.infer<typeof anySource>;
export type ObjectWords = z.infer<typeof anyObject>;
