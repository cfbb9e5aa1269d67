// Lint of how rows come, go and stay (manifest §10): strategy, interval, cursor, deletes, silence, freshness.
import { parseDuration } from '../../../../schema/duration.ts';
import { atKey, atValue, type Finding, type Path } from '../path.ts';
import { DEFAULT_BACKFILL } from '../resolve/defaults.ts';
import { isSortedFormat, NAMED_FORMATS } from '../shape/time-format.ts';
import type { SyncWords } from '../shape/type.ts';
import { toCaptures } from './objects.ts';
import { toSlots } from './requests.ts';
import { type FormPlace, formsOf, type Rule, toDistinct, toForms, toSync, toWholeTypes } from './rule.ts';

export type SyncPlace = FormPlace & { readonly sync: SyncWords; readonly path: Path };

const eachSync =
  (judge: (place: SyncPlace) => readonly Finding[]): Rule =>
  (draft) =>
    toDistinct(
      toForms(draft).flatMap((place) => {
        const found = toSync(place);
        return found === null ? [] : judge({ ...place, ...found });
      }),
    );

const millis = (duration: string | undefined): number => parseDuration(duration ?? 'PT0S') ?? 0;

/** M060 */
const strategy: Rule = (draft) =>
  toDistinct(
    toForms(draft).flatMap((place) => {
      const found = toSync(place);
      if (found === null)
        return [atKey('M060', place.form.path, 'neither this form nor its type says `sync`')];
      const fault = toStrategyFault({ ...place, ...found });
      return fault === null ? [] : [atValue('M060', [...found.path, 'strategy'], fault)];
    }),
  );

function toStrategyFault({ type, source, object, sync }: SyncPlace): string | null {
  if (source?.kind == null || (source.kind !== 'sql' && object?.words == null)) return null;
  const { kind } = source;
  const own = sync.strategy;
  if (kind === 'sql') {
    if (own === 'push') return 'a database does not push';
    return own === 'window' && type.words.time === undefined ? 'a window needs the `time` of the type' : null;
  }
  if (kind === 'file')
    return own === 'push' || own === 'snapshot' ? null : 'files come whole: push or snapshot';
  const request = object?.words?.request;
  if (kind === 'mqtt' || kind === 'socket') {
    if (own === 'push') return null;
    return own === 'snapshot' && request !== undefined
      ? null
      : `${own} needs an object with a request; this one is pushed`;
  }
  if (own === 'push') return `a source of kind ${kind} does not push`;
  const slots = toSlots(request, []).map(({ slot }) => slot);
  if (own === 'window' && !slots.some((slot) => slot === 'window' || slot.startsWith('window.')))
    return 'the request has no window slot';
  return own === 'cursor' && !slots.includes('cursor') ? 'the request has no cursor slot' : null;
}

/** M061 */
const every = eachSync(({ sync, path, source }) => {
  if (source?.kind == null || sync.strategy === 'push' || source.kind === 'file') return [];
  if (sync.every === undefined)
    return [atValue('M061', [...path, 'every'], 'is missing: the interval between runs')];
  const rate = source.words?.limits?.rate;
  if (rate === undefined || millis(sync.every) >= millis(rate.per) / rate.calls) return [];
  return [atValue('M061', [...path, 'every'], 'is shorter than one request at the allowed rate')];
});

/** M062 */
const overlap = eachSync(({ sync, path }) =>
  sync.strategy === 'window' && millis(sync.overlap) === 0
    ? [atValue('M062', [...path, 'overlap'], 'without overlap, rows that come late are never read')]
    : [],
);

/** M063 */
const cursor = eachSync(({ sync, path }) => {
  if (sync.strategy !== 'cursor') return [];
  if (sync.cursor === undefined)
    return [atValue('M063', [...path, 'cursor'], 'is missing: the column of the mark')];
  const { format } = sync.cursor;
  if (format === undefined || isNamed(format) || isSortedFormat(format)) return [];
  return [atValue('M063', [...path, 'cursor', 'format'], 'texts of this format do not sort by time')];
});

const isNamed = (format: string) => (NAMED_FORMATS as readonly string[]).includes(format);

/** M064 */
const extended = eachSync(({ sync, form }) =>
  (form.words.extend ?? []).length > 0 && sync.strategy !== 'snapshot'
    ? [atKey('M064', [...form.path, 'extend'], `a ${sync.strategy} does not see changes of the joined table`)]
    : [],
);

/** M065 */
const scope = eachSync((place) => {
  const { sync, path } = place;
  const known = toCaptures(place);
  if (known === null) return [];
  return (sync.scope ?? []).flatMap((capture, index) =>
    known.includes(capture)
      ? []
      : [atValue('M065', [...path, 'scope', index], `no pattern captures ${capture}`)],
  );
});

/** M066, M067 */
const deletes: Rule = (draft) =>
  toWholeTypes(draft).flatMap((type) => {
    const places = formsOf(type, draft);
    if (type.forms?.length !== places.length) return [];
    const strategies = places.map((place) => toSync(place)?.sync.strategy);
    const own = type.words.deletes;
    const path: Path = [...type.path, 'deletes'];
    if (own === undefined)
      return strategies.includes('snapshot')
        ? [atValue('M066', path, 'is missing: what it means that a snapshot lacks a row')]
        : [];
    const absence = [own.by].flat().includes('absence');
    return absence && !strategies.includes('snapshot')
      ? [atValue('M067', [...path, 'by'], 'no form takes a snapshot, so nothing is known to be absent')]
      : [];
  });

/** M068 */
const heartbeat: Rule = (draft) =>
  toWholeTypes(draft).flatMap((type) => {
    const { quiet } = type.words;
    if (quiet === undefined) return [];
    if (quiet.heartbeat !== undefined) {
      const [name = '', object = ''] = quiet.heartbeat.split('.');
      const source = draft.sources.get(name);
      if (source?.kind === null) return [];
      const named = source?.objects.get(object);
      if (named !== undefined && (named.words === null || named.words.use === 'heartbeat')) return [];
      return [
        atValue('M068', [...type.path, 'quiet', 'heartbeat'], 'names no object with use: heartbeat', 'error'),
      ];
    }
    const pushed = formsOf(type, draft).some(
      (place) =>
        (place.source?.kind === 'socket' || place.source?.kind === 'mqtt') &&
        toSync(place)?.sync.strategy === 'push',
    );
    return pushed
      ? [
          atKey(
            'M068',
            [...type.path, 'quiet'],
            'a pushed feed without `heartbeat` cannot tell silence from peace',
          ),
        ]
      : [];
  });

/** M069 */
const promise = eachSync(({ type, sync }) => {
  const { promise: promised } = type.words.freshness;
  return millis(sync.every) > millis(promised)
    ? [
        atValue(
          'M069',
          [...type.path, 'freshness', 'promise'],
          `is shorter than the interval between runs, ${sync.every ?? ''}`,
        ),
      ]
    : [];
});

/** M070 */
const kept = eachSync(({ type, sync }) => {
  const { backfill = DEFAULT_BACKFILL } = type.words;
  return (['keep', 'retains'] as const).flatMap((key) => {
    const own = type.words[key];
    if (own === undefined) return [];
    const path: Path = [...type.path, key];
    if (millis(own) < millis(backfill))
      return [atValue('M070', path, `is shorter than backfill, ${backfill}`)];
    return millis(own) < millis(sync.late)
      ? [atValue('M070', path, `is shorter than late, ${sync.late ?? ''}`)]
      : [];
  });
});

export const SYNC_RULES: readonly Rule[] = [
  strategy,
  every,
  overlap,
  cursor,
  extended,
  scope,
  deletes,
  heartbeat,
  promise,
  kept,
];
