// Lint of a source's objects (manifest §3.4, §3.5): who reads them, how they are cut, joined and told apart.
import type { Draft, ObjectDraft, SourceDraft } from '../draft.ts';
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import type { ObjectWords } from '../shape/source.ts';
import { canBothMatch, toPattern } from './patterns.ts';
import { areFormsKnown, type FormPlace, type Rule, toColumnUses, toForms, toSync } from './rule.ts';
import { toCodec, toWholeSources } from './sources.ts';

export type WholeObject = ObjectDraft & {
  readonly name: string;
  readonly words: ObjectWords;
  readonly source: ReturnType<typeof toWholeSources>[number];
};

export function toObjects(draft: Draft): WholeObject[] {
  return toWholeSources(draft).flatMap((source) =>
    [...source.objects].flatMap(([name, object]) =>
      object.words === null ? [] : [{ ...object, name, words: object.words, source }],
    ),
  );
}

const eachObject =
  (judge: (object: WholeObject, draft: Draft) => readonly Finding[]): Rule =>
  (draft) =>
    toObjects(draft).flatMap((object) => judge(object, draft));

/** Codecs whose messages number their parts. */
const NUMBERED: ReadonlySet<string> = new Set(['ais', 'jt808', 'sl651', 'hj212']);

/** M018 */
const assembly: Rule = (draft) => {
  const places = [
    ...toWholeSources(draft).map((source) => ({
      words: source.words.assemble,
      path: [...source.path, 'assemble'],
      codec: toCodec(source),
    })),
    ...toObjects(draft).map(({ words, path, source }) => ({
      words: words.assemble,
      path: [...path, 'assemble'],
      codec: toCodec(source, words.codec),
    })),
  ];
  return places.flatMap(({ words, path, codec }): Finding[] => {
    if (words === undefined) return [];
    const wanted = [words.by, words.total, words.count];
    const findings: Finding[] = [];
    if (words.within === undefined)
      findings.push(atValue('M018', path, 'needs `within`: how long to wait for the rest'));
    const given = wanted.filter((one) => one !== undefined).length;
    if (given < 3 && (given > 0 || codec === null || !NUMBERED.has(codec)))
      findings.push(atValue('M018', path, 'needs `by`, `total` and `count`: how the parts belong together'));
    return findings;
  });
};

/** M021 */
const unread: Rule = (draft) => {
  if (!areFormsKnown(draft)) return [];
  const read = new Set(toForms(draft).map(({ form }) => `${form.words.source}.${form.words.object}`));
  return toObjects(draft)
    .filter(({ words }) => (words.use ?? 'records') === 'records')
    .filter(({ source, name }) => !read.has(`${source.name}.${name}`))
    .map(({ path, source }) => {
      const listens = source.kind === 'socket' || source.kind === 'mqtt';
      return atKey(
        'M021',
        path,
        `no form reads this object${listens ? '; say use: ignore or heartbeat' : ''}`,
      );
    });
};

/** M025 */
const records: Rule = (draft) => {
  const findings: Finding[] = [];
  for (const place of toForms(draft)) {
    const { source, object } = place;
    const asked = source?.kind === 'http' || source?.kind === 'soap' || source?.kind === 'graphql';
    const words = object?.words;
    if (!asked || object == null || words == null || words.records !== undefined) continue;
    if (toSync(place)?.sync.strategy === undefined || words.codec === 'csv' || words.codec === 'xlsx')
      continue;
    findings.push(
      atValue('M025', [...object.path, 'records'], 'the whole answer is taken as one record; name its list'),
    );
  }
  return findings;
};

/** M026 */
const patterns = eachObject(({ words, path }) => {
  const written: [string, Path][] = [];
  if (words.files !== undefined) written.push([words.files, [...path, 'files']]);
  for (const [index, topic] of (words.topics ?? []).entries())
    written.push([topic, [...path, 'topics', index]]);
  return written.flatMap(([text, at]) => {
    const pattern = toPattern(text, words.topics === undefined ? 'file' : 'topic');
    return 'fault' in pattern ? [atValue('M026', at, pattern.fault)] : [];
  });
});

/** M026: a file is read once and put away, so only one object may have it. */
const claims: Rule = (draft) =>
  toWholeSources(draft).flatMap(({ objects }) => {
    const owners: [string, string][] = [];
    return [...objects].flatMap(([name, { words, path }]) => {
      if (words?.files === undefined) return [];
      const { files } = words;
      const rival = owners.find(([, pattern]) => canBothMatch(pattern, files));
      owners.push([name, files]);
      if (rival === undefined) return [];
      return [atValue('M026', [...path, 'files'], `${rival[0]} takes files of such names too`)];
    });
  });

const ALWAYS: ReadonlySet<string> = new Set(['@receivedAt', '@item', '@name', '@value']);
const META: { readonly [kind: string]: readonly string[] } = {
  file: ['@file', '@row'],
  mqtt: ['@topic', '@peer'],
  socket: ['@peer'],
};

/** The captures of a form's object, as columns; null when a fault hides them. */
export function toCaptures({ source, object }: FormPlace): string[] | null {
  if (source?.kind == null || (source.kind !== 'sql' && object?.words == null)) return null;
  const texts = [object?.words?.files ?? [], object?.words?.topics ?? []].flat();
  const patterns = texts.map((text) =>
    toPattern(text, object?.words?.topics === undefined ? 'file' : 'topic'),
  );
  if (patterns.some((pattern) => 'fault' in pattern)) return null;
  return patterns.flatMap((pattern) =>
    'fault' in pattern ? [] : pattern.captures.map((name) => `@${name}`),
  );
}

/** M026: `@county` where no pattern captures it. */
const captures: Rule = (draft) =>
  toForms(draft).flatMap((place) => {
    const captured = toCaptures(place);
    if (captured === null) return [];
    const known = new Set([...ALWAYS, ...(META[place.source?.kind ?? ''] ?? []), ...captured]);
    return toColumnUses(place)
      .filter(({ column }) => column.startsWith('@') && !known.has(column))
      .map(({ column, path }) =>
        atValue('M026', path, `no pattern of ${place.form.words.object} captures {${column.slice(1)}}`),
      );
  });

/** M027, and M001 for what csv and xlsx do not have. */
const headers = eachObject(({ words, path, source }) => {
  const findings: Finding[] = [];
  const { header } = words;
  const codec = toCodec(source, words.codec);
  const table = codec === 'csv' || codec === 'xlsx';
  if (table && words.records !== undefined)
    findings.push(atKey('M001', [...path, 'records'], `${codec} has no list to name`));
  if (!table && header !== undefined)
    findings.push(atKey('M001', [...path, 'header'], `${codec} has no header rows`));
  if (codec !== 'xlsx' && words.sheet !== undefined)
    findings.push(atKey('M001', [...path, 'sheet'], 'only xlsx has sheets'));
  if (header === undefined) return findings;
  const at: Path = [...path, 'header'];
  const { rows, columns } = header;
  if (rows.some((row, index) => row < 1 || row <= (rows[index - 1] ?? 0)))
    findings.push(atValue('M027', [...at, 'rows'], 'must count from 1 and ascend'));
  if ((rows.length === 0) !== (columns !== undefined))
    findings.push(atValue('M027', at, 'has either header rows, or rows: [] and the names of all columns'));
  const doubled = columns?.findIndex((column, index) => columns.indexOf(column) < index) ?? -1;
  if (doubled >= 0) findings.push(atValue('M027', [...at, 'columns', doubled], 'two columns get this name'));
  return findings;
});

/** M028 */
const tableColumns = eachObject(({ name, words, path, source }, draft) => {
  const places = toForms(draft).filter(
    ({ form }) => form.words.source === source.name && form.words.object === name,
  );
  const used = new Set(places.flatMap((place) => toColumnUses(place).map(({ column }) => column)));
  const listed = words.header?.columns;
  const findings: Finding[] = [];
  for (const [index, column] of (words.fillDown ?? []).entries())
    if (places.length > 0 && !used.has(column))
      findings.push(atValue('M028', [...path, 'fillDown', index], `no form of this object uses ${column}`));
  // Where the header is read from the file, `stop` alone may know its column.
  if (words.stop !== undefined && listed !== undefined && !listed.includes(words.stop.column))
    findings.push(
      atValue('M028', [...path, 'stop', 'column'], `the header has no column ${words.stop.column}`),
    );
  return findings;
});

/** M029 */
const messages: Rule = (draft) => toWholeSources(draft).flatMap((source) => toMessageClaims(source));

function toMessageClaims(source: SourceDraft): Finding[] {
  if (source.kind !== 'socket' && source.kind !== 'mqtt') return [];
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const [name, { words, path }] of source.objects) {
    if (words === null) continue;
    for (const topic of words.topics ?? ['']) {
      const place = topic.replaceAll(/\{[^}]*\}/g, '+');
      for (const [index, code] of (words.message ?? ['*']).entries()) {
        const rival = owners.get(`${place} ${code}`) ?? owners.get(`${place} *`);
        const at: Path = words.message === undefined ? path : [...path, 'message', index];
        if (rival !== undefined) findings.push(atValue('M029', at, `${rival} already takes this message`));
        else owners.set(`${place} ${code}`, name);
      }
    }
  }
  return findings;
}

export const OBJECT_RULES: readonly Rule[] = [
  assembly,
  unread,
  records,
  patterns,
  claims,
  captures,
  headers,
  tableColumns,
  messages,
];
