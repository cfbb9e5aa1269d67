// The water bureau's reservoirs as values, read from the table. Everything else of the bureau starts here.
import { RESERVOIR_TABLE } from './reservoir-table.ts';

export type Reservoir = {
  readonly code: string;
  /** For the seeded chance and the storm. */
  readonly number: number;
  readonly name: string;
  /** Null: the list leaves it empty. */
  readonly river: string | null;
  /** County code as the legacy row carries it (431121 for one of 祁阳). */
  readonly addvcd: string;
  readonly kind: string;
  /** WGS84. */
  readonly lon: number;
  readonly lat: number;
  /** Catchment, km². */
  readonly area: number;
  /** Metres. */
  readonly dead: number;
  readonly limit: number;
  readonly normal: number;
  readonly design: number;
  readonly check: number;
  readonly crest: number;
  /** Millions of m³. */
  readonly capacity: number;
  /** Minutes between two readings. */
  readonly levelEvery: number;
  readonly rainEvery: number;
  readonly points: readonly string[];
  readonly inUse: boolean;
};

/** One station a line under the line of column names. */
export function parseReservoirs(table: string = RESERVOIR_TABLE): Reservoir[] {
  const [header = '', ...lines] = table.trim().split('\n');
  const columns = header.trim().split(/\s+/);
  return lines.map((line) => {
    const values = line.trim().split(/\s+/);
    if (values.length !== columns.length)
      throw new Error(`A reservoir must have ${columns.length} values, but got: ${line}`);
    return toReservoir((column) => values[columns.indexOf(column)] ?? '');
  });
}

function toReservoir(cell: (column: string) => string): Reservoir {
  const number = (column: string) => Number(cell(column));
  return {
    code: cell('code'),
    number: number('code'),
    name: cell('name'),
    river: cell('river') === '-' ? null : cell('river'),
    addvcd: cell('county'),
    kind: cell('kind'),
    lon: number('lon'),
    lat: number('lat'),
    area: number('area'),
    dead: number('dead'),
    limit: number('limit'),
    normal: number('normal'),
    design: number('design'),
    check: number('check'),
    crest: number('crest'),
    capacity: number('capacity'),
    levelEvery: number('level'),
    rainEvery: number('rain'),
    points: cell('points') === '1' ? [''] : ['1', '2'],
    inUse: cell('use') === '1',
  };
}

/** A reservoir that is in use: what the bureau measures, and what the hub is to know. */
export function isMeasured({ kind, inUse }: Reservoir): boolean {
  return kind === 'RR' && inUse;
}

/** A season in which a level must not be passed; ends before it begins where it goes over the turn of the year. */
export type FloodSeason = {
  readonly reservoir: Reservoir;
  readonly from: { readonly month: number; readonly day: number };
  readonly to: { readonly month: number; readonly day: number };
  /** Metres. */
  readonly level: number;
};

/** The rest of the year the pool may stand at its normal level. */
export function toFloodSeasons(reservoir: Reservoir): FloodSeason[] {
  const season = (from: readonly [number, number], to: readonly [number, number], level: number) => ({
    reservoir,
    from: { month: from[0], day: from[1] },
    to: { month: to[0], day: to[1] },
    level,
  });
  const { limit, normal } = reservoir;
  return [
    season([4, 15], [6, 30], limit),
    season([7, 1], [9, 30], (limit + normal) / 2),
    season([10, 1], [4, 14], normal),
  ];
}
