// What a sample says of a manifest: keys that are not unique (M092), what would be set aside (M093), fields that cannot be read
// at all (M091). Pure; try-feed.ts reads the sample.
import type { UnitType } from '../../connectors/kit/manifest/model.ts';
import type { Fault, MappedRow } from '../../connectors/kit/mapping/outcome.ts';
import type { SetAside } from '../../store/contract.ts';
import type { Feed } from '../plan/feed.ts';
import type { TrialAside, TrialFinding, TypeTrial } from './contract.ts';

export type Sample = {
  readonly records: number;
  readonly rows: readonly MappedRow[];
  readonly setAside: readonly SetAside[];
};

/** Above this share of the sample (manifest M093). */
const MOST_ASIDE = 0.01;
/** So many rows must show the same before it is a finding: one odd row says nothing of a column. */
const FEWEST = 5;

export function toTypeTrials(
  feed: Feed,
  types: readonly UnitType[],
  { rows, setAside }: Sample,
): readonly TypeTrial[] {
  return types
    .filter(({ name }) => feed.types.includes(name))
    .map((type) => {
      const own = rows.filter((row) => row.type === type.name);
      return {
        type: type.name,
        rows: own.length,
        doubled: countDoubled(own),
        setAside: toAsides(setAside.flatMap((one) => (one.type === type.name ? [one.fault] : []))),
        unreadable: toAsides(own.flatMap(({ faults }) => faults)),
        empty: own.length < FEWEST ? [] : toEmptyFields(type, own),
      };
    });
}

export function toSampleFindings(sample: Sample, types: readonly TypeTrial[]): readonly TrialFinding[] {
  return [...types.flatMap(toKeyFindings), ...types.flatMap(toFieldFindings), ...toAsideFindings(sample)];
}

function toKeyFindings({ type, rows, doubled, setAside }: TypeTrial): readonly TrialFinding[] {
  const joined = setAside.filter(({ code }) => code === 'HUB_MAP_EXTEND_MANY');
  const double = toFinding('M092', `${type}: ${doubled} of ${rows} rows share their key with another one`);
  const many = joined.map(({ records }) =>
    toFinding('M092', `${type}: a joined table has more than one row for ${records} records`),
  );
  return doubled > 0 ? [double, ...many] : many;
}

function toFieldFindings({ type, rows, unreadable }: TypeTrial): readonly TrialFinding[] {
  return unreadable
    .filter(({ records }) => rows >= FEWEST && records >= rows)
    .map(({ field, code }) =>
      toFinding('M091', `${type}.${field}: no row of the sample can be read (${code})`),
    );
}

function toAsideFindings({ records, setAside }: Sample): readonly TrialFinding[] {
  const distinct = new Set(setAside.map(({ record }) => record)).size;
  if (records === 0 || distinct / records <= MOST_ASIDE) return [];
  const share = ((distinct / records) * 100).toFixed(1);
  return [toFinding('M093', `${distinct} of ${records} records (${share} %) would be set aside`)];
}

function toFinding(id: 'M091' | 'M092' | 'M093', message: string): TrialFinding {
  return { id, code: null, severity: 'error', message };
}

// The same row twice, to the letter, is one row.
function countDoubled(rows: readonly MappedRow[]): number {
  const hashes = new Map<string, Set<string>>();
  for (const { key, hash } of rows) {
    if (key === null) continue;
    hashes.set(key, (hashes.get(key) ?? new Set()).add(hash));
  }
  const doubled = new Set([...hashes].flatMap(([key, its]) => (its.size > 1 ? [key] : [])));
  return rows.filter(({ key }) => key !== null && doubled.has(key)).length;
}

function toAsides(faults: readonly Fault[]): readonly TrialAside[] {
  const counts = new Map<string, TrialAside>();
  for (const { code, field } of faults) {
    const name = JSON.stringify([code, field]);
    counts.set(name, { code, field, records: (counts.get(name)?.records ?? 0) + 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.records - a.records);
}

function toEmptyFields({ fields }: UnitType, rows: readonly MappedRow[]): readonly string[] {
  return fields
    .filter(({ hidden, derived }) => !hidden && derived === null)
    .map(({ name }) => name)
    .filter((name) => rows.every(({ values }) => (values[name] ?? null) === null));
}
