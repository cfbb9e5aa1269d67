// The one-network view as a client gets it, cut by department from the raw text: what is compared byte by byte.
import type { SourceLine } from './ask.ts';
import type { Spine } from './open-spine.ts';

export const UNITS = ['hydrology', 'weather', 'forestry'] as const;
export type UnitName = (typeof UNITS)[number];

/** Design §4, of every county, each row with how old it is and where it comes from; and how the units are. */
const QUESTION = `{ divisions(level: COUNTY) { code name
    hydroStations(first: 20) { nodes { id name latestRiver { stage observedAt } source { freshness via } } }
    fireHotspots(first: 50) { nodes { id confidence location { lon lat } source { freshness via } } }
    weatherStations { nodes { id name latestWeather { rain1h temperature } source { freshness via } } } }
  units { code status types { name lastRun { error { code } } } } }`;
const COUNTY =
  /"hydroStations":(\{.*?\]\}),"fireHotspots":(\{.*?\]\}),"weatherStations":(\{.*?\]\})\}(?=[,\]])/g;
const UNIT = /\{"code":"(\w+)","status":"(\w+)","types":\[.*?\]\}/g;

export type UnitAnswer = {
  /** The unit's list of each county, a line each. */
  readonly lists: string;
  /** All that is told of the unit: its lists, and its lines of `units` and `extensions.sources`, but for the milliseconds. */
  readonly text: string;
  readonly status: string;
  /** The codes of the newest runs, by type; null for a run that was no failure. */
  readonly errors: { readonly [type: string]: string | null };
  readonly source: Partial<SourceLine>;
};
export type CityAnswer = { readonly [unit in UnitName]: UnitAnswer };

type Told = {
  units: {
    code: string;
    status: string;
    types: { name: string; lastRun: { error: { code: string } | null } | null }[];
  }[];
};

/** Throws when the answer is not whole: an error in it, or a county that lacks a department. */
export async function askCity(spine: Pick<Spine, 'ask'>): Promise<CityAnswer> {
  const { data, errors, text, sources } = await spine.ask<Told & { divisions: object[] }>(QUESTION);
  if (errors.length > 0) throw new Error(`must answer without errors, but got: ${JSON.stringify(errors)}`);
  const counties = [...text.matchAll(COUNTY)];
  if (counties.length !== data.divisions.length)
    throw new Error(`${counties.length} of ${data.divisions.length} counties have all three lists`);
  const lines = new Map([...text.matchAll(UNIT)].map(([line, code]) => [code, line]));
  const toUnit = (unit: UnitName, index: number): UnitAnswer => {
    const { status, types } = data.units.find(({ code }) => code === unit) ?? { status: 'absent', types: [] };
    const source = { ...sources.find((line) => line.unit === unit), milliseconds: 0 };
    const lists = counties.map((county) => county[index + 1]).join('\n');
    return {
      lists,
      text: [lists, lines.get(unit), JSON.stringify(source)].join('\n'),
      status,
      errors: Object.fromEntries(types.map(({ name, lastRun }) => [name, lastRun?.error?.code ?? null])),
      source,
    };
  };
  return {
    hydrology: toUnit('hydrology', 0),
    forestry: toUnit('forestry', 1),
    weather: toUnit('weather', 2),
  };
}
