// The ledger of true values: what the dropped files mean, in UTC, WGS84 and SI, before any encoding. Tests compare the hub's
// store with it; nothing of it lies in the folders.
import type { Instant } from '../clock/sandbox-clock.ts';
import { type Ranger, toRangers, toTowers } from './register.ts';
import { type FolderName, type PlannedFile, planFiles } from './schedule.ts';
import { type Sighting, toConfidence, toSightingKey } from './sighting.ts';
import type { DroppedFile, State } from './state.ts';

export type Ledger = {
  readonly hotspots: readonly HotspotEntry[];
  readonly rangers: readonly RangerEntry[];
  readonly towers: readonly TowerEntry[];
  readonly filesDropped: readonly FileEntry[];
};

/** One pixel at one time, once. Null: this sensor's files do not say it. */
export type HotspotEntry = {
  readonly sensor: 'VIIRS' | 'MODIS' | 'domestic';
  readonly satellite: string;
  readonly observedAt: string;
  readonly lon: number;
  readonly lat: number;
  /** GB/T 2260; null: outside the city. */
  readonly county: string | null;
  readonly brightnessK: number | null;
  readonly powerMW: number | null;
  readonly confidence: 'low' | 'nominal' | 'high' | null;
  /** MODIS only. */
  readonly confidencePercent: number | null;
  readonly number: string | null;
  readonly pixels: number | null;
  readonly openFlameM2: number | null;
  readonly landUse: string | null;
  /** Every line that says it, in the order in which the files were dropped. */
  readonly written: readonly Writing[];
};

export type Writing = {
  readonly folder: FolderName;
  readonly file: string;
  /** The header is line 1. */
  readonly line: number;
  readonly text: string;
};

/** One version of a ranger: a corrected phone makes a second one. */
export type RangerEntry = {
  readonly number: string;
  readonly name: string;
  readonly phone: string;
  readonly county: string;
  readonly town: string;
  /** The official name, and its code of twelve digits. */
  readonly village: string;
  readonly villageCode: string;
  readonly areaM2: number;
  /** When the file that first says so was dropped, and the one that no longer does. */
  readonly validFrom: string;
  readonly validTo: string | null;
};

export type TowerEntry = {
  readonly code: string;
  readonly name: string;
  readonly county: string;
  readonly town: string;
  readonly lon: number;
  readonly lat: number;
  readonly heightM: number;
};

export type FileEntry = Omit<DroppedFile, 'droppedAt'> & { readonly droppedAt: string };

export function toLedger(state: State): Ledger {
  const planned = new Map(
    planFiles(state, state.from - 1, state.now).map((file) => [file.name, file] as const),
  );
  const issues = state.files.filter(({ name }) => planned.get(name)?.what === 'rangers');
  return {
    hotspots: toHotspots(state.files, planned),
    rangers: toRangerEntries(state.seed, issues),
    towers: state.files.some(({ name }) => planned.get(name)?.what === 'towers')
      ? toTowerEntries(state.seed)
      : [],
    filesDropped: state.files.map((file) => ({ ...file, droppedAt: toUtc(file.droppedAt) })),
  };
}

function toHotspots(
  files: readonly DroppedFile[],
  planned: ReadonlyMap<string, PlannedFile>,
): HotspotEntry[] {
  const found = new Map<string, { sighting: Sighting; written: Writing[] }>();
  for (const { folder, name, sort, copyOf } of files) {
    const source = planned.get(sort === 'planned' ? name : (copyOf ?? ''));
    for (const [index, { of, text }] of (source?.toTable().lines ?? []).entries()) {
      if (of === null) continue;
      const key = toSightingKey(of);
      const entry = found.get(key) ?? { sighting: of, written: [] };
      entry.written.push({ folder, file: name, line: index + 2, text });
      found.set(key, entry);
    }
  }
  return [...found.values()].map(({ sighting, written }) => ({ ...toHotspot(sighting), written }));
}

function toHotspot(sighting: Sighting): Omit<HotspotEntry, 'written'> {
  const { sensor, satellite, at, lon, lat, county } = sighting;
  const place = { sensor, satellite, observedAt: toUtc(at), lon, lat, county };
  if (sighting.sensor === 'domestic') {
    const { number, pixels, flame, landUse } = sighting;
    const unknown = { brightnessK: null, powerMW: null, confidence: null, confidencePercent: null };
    return { ...place, ...unknown, number, pixels, openFlameM2: flame * 1000, landUse };
  }
  const { brightness, power, percent } = sighting;
  return {
    ...place,
    brightnessK: brightness,
    powerMW: power,
    confidence: toConfidence(percent),
    confidencePercent: sensor === 'MODIS' ? percent : null,
    ...{ number: null, pixels: null, openFlameM2: null, landUse: null },
  };
}

/** The first file is the first issue of the register, the second the second. */
function toRangerEntries(seed: number, [first, second]: readonly DroppedFile[]): RangerEntry[] {
  if (first === undefined) return [];
  const from = toUtc(first.droppedAt);
  const before = toRangers(seed, 0);
  if (second === undefined) return before.map((ranger) => toRangerEntry(ranger, from, null));
  const until = toUtc(second.droppedAt);
  const after = toRangers(seed, 1);
  const stays = (ranger: Ranger, list: readonly Ranger[]) =>
    list.some(({ number, phone }) => number === ranger.number && phone === ranger.phone);
  return [
    ...before.map((ranger) => toRangerEntry(ranger, from, stays(ranger, after) ? null : until)),
    ...after.filter((ranger) => !stays(ranger, before)).map((ranger) => toRangerEntry(ranger, until, null)),
  ];
}

function toRangerEntry(ranger: Ranger, validFrom: string, validTo: string | null): RangerEntry {
  const { number, name, phone, village, hectares } = ranger;
  return {
    number,
    name,
    phone,
    county: village.county,
    town: village.town,
    village: village.name,
    villageCode: village.code,
    areaM2: hectares * 10_000,
    validFrom,
    validTo,
  };
}

function toTowerEntries(seed: number): TowerEntry[] {
  return toTowers(seed).map(({ code, name, county, town, lonSeconds, latSeconds, height }) => ({
    code,
    name,
    county,
    town,
    lon: lonSeconds / 3600,
    lat: latSeconds / 3600,
    heightM: height,
  }));
}

function toUtc(at: Instant): string {
  return new Date(at).toISOString();
}
