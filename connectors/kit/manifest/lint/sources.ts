// Lint of sources (manifest §3.1–§3.3): what fits their kind, what protects the department, what must not stand there.

import { parseDuration } from '../../../../schema/duration.ts';
import type { Draft, SourceDraft } from '../draft.ts';
import type { SourceKind } from '../model.ts';
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import type { AuthWay } from '../shape/auth.ts';
import { isMapping } from '../shape/pieces.ts';
import type { Codec, SourceWords } from '../shape/source.ts';
import { areFormsKnown, type Rule, toForms } from './rule.ts';

type WholeSource = SourceDraft & { readonly kind: SourceKind; readonly words: SourceWords };

export function toWholeSources(draft: Draft): WholeSource[] {
  return [...draft.sources.values()].flatMap((source) =>
    source.kind === null || source.words === null
      ? []
      : [{ ...source, kind: source.kind, words: source.words }],
  );
}

const eachSource =
  (judge: (source: WholeSource) => readonly Finding[]): Rule =>
  (draft) =>
    toWholeSources(draft).flatMap(judge);

/** M001: where a source is reached. */
const address = eachSource(({ kind, words, path }) => {
  if (kind !== 'socket')
    return words.url === undefined ? [atValue('M001', [...path, 'url'], 'is missing')] : [];
  const ways = [words.listen, words.connect].filter((way) => way !== undefined);
  return ways.length === 1
    ? []
    : [atValue('M001', [...path, 'listen'], 'a socket has either `listen` or `connect`')];
});

/** M010 */
const unused: Rule = (draft) => {
  if (!areFormsKnown(draft)) return [];
  const used = new Set(toForms(draft).map((place) => place.form.words.source));
  return [...draft.sources.values()]
    .filter((source) => !used.has(source.name))
    .map((source) => atKey('M010', source.path, 'no form reads this source'));
};

const CEILINGS = {
  inFlight: 100,
  rows: 10_000,
  fileBytes: 1_000_000_000,
  connections: 10_000,
  frameBytes: 1_048_576,
} as const;
const MOST_TIMEOUT = 'PT5M';
const MOST_PER_SECOND = 100;

/** M013 */
const ceilings = eachSource(({ words, path }) => {
  const { limits } = words;
  if (limits === undefined) return [];
  const findings: Finding[] = [];
  for (const [name, most] of Object.entries(CEILINGS)) {
    const value = limits[name as keyof typeof CEILINGS];
    if (value !== undefined && value > most)
      findings.push(atValue('M013', [...path, 'limits', name], `must be at most ${most}, the hub's ceiling`));
  }
  if ((parseDuration(limits.timeout ?? 'PT0S') ?? 0) > (parseDuration(MOST_TIMEOUT) ?? 0))
    findings.push(
      atValue('M013', [...path, 'limits', 'timeout'], `must be at most ${MOST_TIMEOUT}, the hub's ceiling`),
    );
  const seconds = (parseDuration(limits.rate?.per ?? 'PT1S') ?? 0) / 1000;
  if (limits.rate !== undefined && limits.rate.calls > MOST_PER_SECOND * seconds)
    findings.push(
      atValue(
        'M013',
        [...path, 'limits', 'rate'],
        `must be at most ${MOST_PER_SECOND} calls a second, the hub's ceiling`,
      ),
    );
  return findings;
});

const AUTH_OF: { readonly [Kind in SourceKind]: readonly AuthWay[] } = {
  sql: ['none'],
  file: ['none'],
  http: ['none', 'basic', 'bearer', 'header', 'query', 'login'],
  soap: ['none', 'basic', 'bearer', 'header'],
  graphql: ['none', 'basic', 'bearer', 'header', 'query', 'login'],
  mqtt: ['none', 'basic'],
  socket: ['none', 'frame', 'sip'],
};

/** M014 */
const auth = eachSource(({ kind, words, path }) => {
  const way = typeof words.auth === 'object' ? (Object.keys(words.auth)[0] ?? 'none') : 'none';
  if (!(AUTH_OF[kind] as readonly string[]).includes(way)) {
    const hint =
      kind === 'sql' || kind === 'file'
        ? '; its credentials stand in the URL'
        : `, only ${AUTH_OF[kind].join(', ')}`;
    return [atValue('M014', [...path, 'auth'], `a source of kind ${kind} has no ${way}${hint}`)];
  }
  if (kind !== 'socket') return [];
  const sip = words.framing === 'sip';
  if ((way === 'sip' && !sip) || (way === 'frame' && sip))
    return [atValue('M014', [...path, 'auth'], `${way} does not fit framing ${sip ? 'sip' : 'codec'}`)];
  return [];
});

const CODECS_OF: { readonly [Kind in SourceKind]: readonly Codec[] } = {
  sql: [],
  http: ['json', 'xml', 'csv', 'xlsx'],
  soap: ['xml'],
  graphql: ['json'],
  file: ['csv', 'xlsx', 'json', 'xml'],
  mqtt: ['json', 'xml', 'csv', 'gb26875', 'hj212', 'sl651', 'jt808'],
  socket: ['jt808', 'hj212', 'sl651', 'ais', 'gb26875', 'xml', 'json'],
};
const DEFAULT_CODEC: { readonly [Kind in SourceKind]: Codec | null } = {
  sql: null,
  http: 'json',
  soap: 'xml',
  graphql: 'json',
  file: 'csv',
  mqtt: 'json',
  socket: null,
};
const TEXT_CODECS: readonly Codec[] = ['json', 'xml', 'csv'];

/** The codec of a source or of one of its objects; null for sql and for what does not say. */
export function toCodec(source: WholeSource, own?: Codec): Codec | null {
  return own ?? source.words.codec ?? DEFAULT_CODEC[source.kind];
}

/** M015 */
const codecs = eachSource((source) => {
  const { kind, words, path, objects } = source;
  const findings: Finding[] = [];
  const judgeCodec = (codec: Codec | undefined, at: Path): void => {
    if (codec !== undefined && !CODECS_OF[kind].includes(codec))
      findings.push(atValue('M015', at, `a source of kind ${kind} does not speak ${codec}`));
  };
  judgeCodec(words.codec, [...path, 'codec']);
  for (const object of objects.values()) {
    judgeCodec(object.words?.codec, [...object.path, 'codec']);
    const own = toCodec(source, object.words?.codec);
    if (kind === 'mqtt' && object.words?.message !== undefined && own !== null && TEXT_CODECS.includes(own))
      findings.push(
        atValue('M015', [...object.path, 'message'], `${own} has no messages; its topics tell them apart`),
      );
  }
  const codec = toCodec(source);
  if (kind === 'socket' && codec === null)
    findings.push(atValue('M015', [...path, 'codec'], 'a socket needs a codec'));
  if ((words.repair ?? []).length > 0 && codec !== 'json')
    findings.push(atValue('M015', [...path, 'repair'], 'only JSON is repaired'));
  if (words.encoding !== undefined && (codec === null || !TEXT_CODECS.includes(codec)))
    findings.push(atValue('M015', [...path, 'encoding'], `${codec ?? kind} has an encoding of its own`));
  if (words.framing === 'sip' && codec !== 'xml')
    findings.push(atValue('M015', [...path, 'framing'], 'sip carries xml'));
  if (kind === 'socket' && words.framing !== 'sip' && (codec === 'xml' || codec === 'json'))
    findings.push(
      atValue(
        'M015',
        [...path, 'framing'],
        `${codec} on a socket has no frames of its own; state framing: sip`,
      ),
    );
  return findings;
});

// M016. The root of an XML document says what it is: where an error stands, there are no `records`.
const success = eachSource(({ kind, words, path }) =>
  kind === 'http' && words.codec !== 'xml' && words.success === undefined
    ? [atValue('M016', [...path, 'success'], 'an HTTP 200 alone is no success; state which body code is')]
    : [],
);

const CANNOT_ACK: readonly SourceKind[] = ['sql', 'http', 'soap', 'graphql', 'file'];

/** M017 */
const acks = eachSource((source) => {
  const { kind, words, path } = source;
  const findings: Finding[] = [];
  if (words.ack === 'durable' && (CANNOT_ACK.includes(kind) || toCodec(source) === 'ais'))
    findings.push(atValue('M017', [...path, 'ack'], 'this protocol has no answer to what it sends'));
  if (words.ack === 'durable' && kind === 'mqtt' && words.qos === 0)
    findings.push(atValue('M017', [...path, 'ack'], 'qos 0 is never answered'));
  if (kind === 'mqtt' && (words.qos ?? 1) >= 1 && words.session === undefined)
    findings.push(atValue('M017', [...path, 'session'], 'qos 1 and 2 need a session that the broker keeps'));
  return findings;
});

const SECRET_KEY = /(password|passwd|pwd|secret|apikey|accesstoken|authtoken|^token)$/;

/** M012: literals in a request under the name of a secret, and URLs with credentials anywhere. */
const literals: Rule = (draft) => {
  const findings: Finding[] = [];
  const walk = (value: unknown, path: Path, request: boolean): void => {
    const key = path.at(-1);
    if (typeof value === 'string' || typeof value === 'number') {
      const name = typeof key === 'string' ? key.toLowerCase().replaceAll(/[-_]/g, '') : '';
      const credentials = /[a-z]:\/\/[^/@\s:]*:[^/@\s]*@/i.test(String(value)) && key !== 'url';
      if (credentials || (request && SECRET_KEY.test(name)))
        findings.push(atValue('M012', path, 'must be { secret: NAME }; a secret is never written out'));
    } else if (Array.isArray(value))
      for (const [index, item] of value.entries()) walk(item, [...path, index], request);
    else if (isMapping(value) && !('secret' in value) && !('slot' in value))
      for (const [name, item] of Object.entries(value))
        walk(item, [...path, name], request || name === 'request');
  };
  if (isMapping(draft.written)) walk(draft.written, [], false);
  return findings;
};

export const SOURCE_RULES: readonly Rule[] = [
  address,
  unused,
  ceilings,
  auth,
  codecs,
  success,
  acks,
  literals,
];
