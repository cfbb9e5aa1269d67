// Which file the bureau drops when, and what is in it: a pure function of the seed and of when the history begins and ends.
// delivery.ts writes the files, ledger.ts lists their true content.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { World } from '../drop/state.ts';
import { toChance } from '../storm/noise.ts';
import { HOUR, MINUTE } from '../storm/storm.ts';
import type { Dress, Table } from './csv.ts';
import { toDateStamp, toDomesticTable, toStamp } from './domestic.ts';
import { DAY } from './fire.ts';
import { type FirmsForm, toFirmsStyle, toFirmsTable } from './firms.ts';
import { type Satellite, toDomesticPasses } from './pass.ts';
import { toRangers, toRangerTable, toTowers, toTowerTable } from './register.ts';
import { toDomesticSightings, toInfraredSightings } from './sighting.ts';

export type FolderName = 'firms' | 'drop';

export type PlannedFile = {
  readonly folder: FolderName;
  readonly name: string;
  readonly due: Instant;
  readonly what: 'hotspots' | 'rangers' | 'towers';
  /** Written under another name first, then renamed; most are not. */
  readonly renamed: boolean;
  readonly dress: Dress;
  toTable(): Table;
};

/** A file before its dress, which follows from its time and place in the day. */
type Draft = Omit<PlannedFile, 'renamed' | 'dress'>;

const RENAMED_SHARE = 0.15;
/** The archive of a day is there in the night after the next day. */
const ARCHIVE_DAYS = 2;

/** The files due in (from, to], in the order in which they fall due; none is due before the history begins. */
export function planFiles(world: World, from: Instant, to: Instant): PlannedFile[] {
  const drafts: Draft[] = toRegisters(world);
  for (let day = Math.floor(Math.max(from, world.from) / DAY) - 1; day <= Math.floor(to / DAY); day += 1)
    drafts.push(...toDaysFirms(world.seed, day), ...toDaysDomestic(world.seed, day));
  return drafts
    .filter(({ due }) => due >= world.from && due > from && due <= to)
    .toSorted((a, b) => a.due - b.due || (a.name < b.name ? -1 : 1))
    .map((draft) => toDressed(world.seed, draft));
}

/** The first issue when the history begins, the second on the morning of the day after its end: the hub has the first by then. */
function toRegisters({ seed, from, start }: World): Draft[] {
  const morning = (Math.floor((start + 8 * HOUR) / DAY) + 1) * DAY + HOUR / 2;
  const issues = [
    { issue: 0, due: from },
    { issue: 1, due: morning },
  ] as const;
  return issues.flatMap(({ issue, due }): Draft[] => [
    {
      folder: 'drop',
      name: `护林员_${toDateStamp(due)}.csv`,
      due,
      what: 'rangers',
      toTable: () => toRangerTable(toRangers(seed, issue)),
    },
    {
      folder: 'drop',
      name: `瞭望塔_${toDateStamp(due)}.csv`,
      due,
      what: 'towers',
      toTable: () => toTowerTable(toTowers(seed)),
    },
  ]);
}

/** VIIRS four times a day, each for the six hours before; MODIS once; the archives of both, two days back. */
function toDaysFirms(seed: number, day: number): Draft[] {
  const begins = day * DAY;
  const stamp = toDayOfYear(begins);
  const chance = (what: number) => toChance(seed, 70, day, what);
  const runs = [0, 1, 2, 3].map((run) => {
    const ends = begins + (run + 1) * 6 * HOUR;
    const form: FirmsForm = chance(run) < 0.25 ? 'area' : 'nrt';
    const name =
      form === 'area' ? `area_VIIRS_${stamp}_${run + 1}.csv` : `fire_nrt_SV-C2_${stamp}_${run + 1}.csv`;
    const due = ends + (20 + Math.floor(25 * chance(10 + run))) * MINUTE;
    return toFirms(seed, 'VIIRS', form, { name, due, from: ends - 6 * HOUR, to: ends });
  });
  const ends = begins + DAY;
  const old = { from: begins - ARCHIVE_DAYS * DAY, to: ends - ARCHIVE_DAYS * DAY };
  const oldStamp = toDayOfYear(old.from);
  return [
    ...runs,
    toFirms(seed, 'MODIS', 'nrt', {
      name: `fire_nrt_M-C61_${stamp}.csv`,
      due: ends + 50 * MINUTE,
      from: begins,
      to: ends,
    }),
    toFirms(seed, 'VIIRS', 'archive', {
      ...old,
      name: `fire_archive_SV-C2_${oldStamp}.csv`,
      due: begins + 3 * HOUR,
    }),
    toFirms(seed, 'MODIS', 'archive', {
      ...old,
      name: `fire_archive_M-C61_${oldStamp}.csv`,
      due: begins + 3 * HOUR + 5 * MINUTE,
    }),
  ];
}

function toFirms(
  seed: number,
  sensor: Satellite['sensor'],
  form: FirmsForm,
  { name, due, from, to }: { name: string; due: Instant; from: Instant; to: Instant },
): Draft {
  const toTable = () =>
    toFirmsTable(
      sensor,
      toInfraredSightings(seed, sensor, from, to),
      form,
      toFirmsStyle(seed, form, due / MINUTE),
    );
  return { folder: 'firms', name, due, what: 'hotspots', toTable };
}

/** One file a pass, half an hour after it; without a fire it has its header only. */
function toDaysDomestic(seed: number, day: number): Draft[] {
  return toDomesticPasses(seed, day).map((at) => ({
    folder: 'drop',
    name: `热点_${toStamp(at)}.csv`,
    due: at + 30 * MINUTE,
    what: 'hotspots',
    toTable: () =>
      toDomesticTable(toDomesticSightings(seed, day, at), Math.floor(3 * toChance(seed, 71, at / MINUTE))),
  }));
}

function toDressed(seed: number, draft: Draft): PlannedFile {
  const place = draft.folder === 'firms' ? 0 : 1;
  const chance = (what: number) => toChance(seed, 72, Math.floor(draft.due / MINUTE), place, what);
  return {
    ...draft,
    renamed: chance(1) < RENAMED_SHARE,
    dress: {
      encoding: draft.folder === 'firms' ? 'utf-8' : 'gbk',
      // Windows on the bureau's own desks; FIRMS comes from elsewhere.
      newline: chance(2) < (draft.folder === 'firms' ? 0.2 : 0.8) ? '\r\n' : '\n',
      mark: draft.folder === 'firms' && chance(3) < 0.15,
      closed: chance(4) < 0.8,
    },
  };
}

/** FIRMS counts days of the year: 2026095. */
function toDayOfYear(at: Instant): string {
  const year = new Date(at).getUTCFullYear();
  const day = Math.floor((at - Date.UTC(year, 0, 1)) / DAY) + 1;
  return `${year}${String(day).padStart(3, '0')}`;
}
