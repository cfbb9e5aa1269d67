// A faultless Draft → Unit: everything optional filled in. Last step of parse-manifest.ts.
import type { CodeListDraft, Draft, SourceDraft } from '../draft.ts';
import type { CodeList, Label, Limits, SourceSpec, Unit } from '../model.ts';
import { isMapping } from '../shape/pieces.ts';
import { toUnitType } from './type.ts';

const DEFAULT_ZONE = 'Asia/Shanghai';
const DEFAULT_LIMITS: Limits = {
  inFlight: 2,
  timeout: 'PT10S',
  rate: null,
  rows: 1000,
  fileBytes: 100_000_000,
  connections: 100,
  frameBytes: 65_536,
};

/** The unit that a draft without faults declares; null when a piece is faulty. `manifest`: SHA-256 of its text, hex. */
export function toUnit(draft: Draft, manifest: string): Unit | null {
  const { head, policy } = draft;
  if (head === null || policy === null) return null;
  const zone = head.zone ?? DEFAULT_ZONE;
  const sources = [...draft.sources.values()].map((source) => toSource(source, zone));
  const codes = [...draft.codes.values()].map(toCodeList);
  const types = [...draft.types.values()].map((type) =>
    toUnitType(type, draft, { unit: head.unit, class: policy.default }),
  );
  if (sources.includes(null) || codes.includes(null) || types.includes(null)) return null;
  return {
    unit: head.unit,
    name: { zh: head.name.zh, en: head.name.en },
    owner: head.owner,
    zone,
    sources: sources.filter((source) => source !== null),
    codes: codes.filter((list) => list !== null),
    types: types.filter((type) => type !== null),
    policy: { default: policy.default, minGroup: policy.minGroup ?? 1, purposes: policy.purposes ?? [] },
    manifest,
  };
}

const OWN_KEYS: ReadonlySet<string> = new Set([
  'kind',
  'url',
  'zone',
  'crs',
  'columnCase',
  'limits',
  'objects',
]);

function toSource(source: SourceDraft, zone: string): SourceSpec | null {
  const { name, kind, words, written } = source;
  if (kind === null || words === null) return null;
  const limits = Object.entries(words.limits ?? {}).filter(([, value]) => value !== undefined);
  return {
    name,
    kind,
    url: words.url ?? null,
    zone: words.zone ?? zone,
    crs: words.crs ?? null,
    columnCase: words.columnCase ?? 'exact',
    limits: { ...DEFAULT_LIMITS, ...Object.fromEntries(limits) },
    settings: Object.fromEntries(Object.entries(written).filter(([key]) => !OWN_KEYS.has(key))),
    objects: [...source.objects].map(([object, { written: own }]) => ({
      name: object,
      settings: isMapping(own) ? own : {},
    })),
  };
}

function toCodeList({ name, words, values }: CodeListDraft): CodeList | null {
  if (words === null || [...values.values()].includes(null)) return null;
  return {
    name,
    label: toLabel(words),
    ignoreCase: words.ignoreCase ?? false,
    to: words.to ?? null,
    values: [...values].map(([value, own]) => ({
      name: value,
      label: own === null ? null : toLabel(own),
      from: (own?.from ?? []).map((code) => code.trim()),
      band: own?.band ?? null,
      unit: own?.unit ?? null,
    })),
    other: words.other ?? null,
  };
}

function toLabel({
  zh,
  en,
}: {
  readonly zh?: string | undefined;
  readonly en?: string | undefined;
}): Label | null {
  return zh === undefined || en === undefined ? null : { zh, en };
}
