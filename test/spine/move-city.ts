// The city's clocks put forward and the hub's feeds run after it: which observations must be new or replaced then by the
// ledger, and which of them are by the hub's tables.
import { REPLACED_OBSERVATIONS, toTrueObservations } from './compare-city.ts';
import type { City } from './open-city.ts';
import type { RunRow } from './open-spine.ts';

/** Rows are named as the comparison names them, without the quantity: `HOUR P3101 2026-04-04T22:00:00.000Z`. */
export type Move = {
  readonly runs: readonly RunRow[];
  /** Rows that came, and rows of which a value is another one now. */
  readonly due: { readonly fresh: readonly string[]; readonly corrected: readonly string[] };
  /** What stood there before, value by value, in the corrected rows. */
  readonly dueReplaced: readonly (readonly [key: string, value: string])[];
  /** Rows that the store knows since then, and the versions that were replaced then. */
  readonly fresh: readonly string[];
  readonly replaced: readonly (readonly [key: string, value: string])[];
  /** Since when the replaced versions had been known. */
  readonly replacedSince: readonly number[];
};

const toRow = (key: string) => key.slice(0, key.lastIndexOf(' '));

export async function moveCity({ weather, spine, moveTo, settle }: City, time: number): Promise<Move> {
  const before = new Map(toTrueObservations(weather).map(({ key, value }) => [key, value]));
  await moveTo(time);
  const runs: RunRow[] = [];
  for (const object of ['hourly', 'minute', 'alerts']) runs.push(await spine.sync(object));
  await settle();
  const changed = toTrueObservations(weather).filter(({ key, value }) => before.get(key) !== value);
  const fresh = new Set(changed.map(({ key }) => toRow(key)));
  const corrected = new Set([...fresh].filter((row) => before.has(`${row} temperature`)));
  const stored = await spine.query<{ row: string }>(
    `select concat_ws(' ', cadence, station_code, to_char(observed_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as row
     from weather.observation where _known_from = $1`,
    [new Date(time)],
  );
  const versions = (await spine.query<{ key: string; value: string }>(REPLACED_OBSERVATIONS))
    .map(({ key, value }) => ({ key, words: value.split(' ') }))
    .filter(({ words }) => words[1] === new Date(time).toISOString());
  return {
    runs,
    due: { fresh: [...fresh].toSorted(), corrected: [...corrected] },
    dueReplaced: [...before].filter(([key]) => corrected.has(toRow(key))).toSorted(),
    fresh: stored.map(({ row }) => row).toSorted(),
    replaced: versions.map(({ key, words }) => [key, words.slice(2).join(' ')] as const).toSorted(),
    replacedSince: versions.map(({ words }) => Date.parse(words[0] ?? '')),
  };
}
