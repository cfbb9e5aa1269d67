// The stations and how water runs between them, read from the table. storm.ts, runoff.ts and both encoders start here.
import { STATION_TABLE } from './station-table.ts';

export type Station = {
  /** Eight digits, SL 323's STCD; `number` is the same for the seeded chance. */
  readonly code: string;
  readonly number: number;
  readonly name: string;
  readonly river: string;
  /** County code as the legacy row carries it (431121 for two stations in 祁阳). */
  readonly addvcd: string;
  readonly tenant: string;
  readonly lon: number;
  readonly lat: number;
  readonly kind: string;
  /** Minutes between two readings; null: not measured here. */
  readonly rainEvery: number | null;
  readonly stageEvery: number | null;
  /** Gauge zero, metres. */
  readonly zero: number;
  /** Own catchment, km². */
  readonly area: number;
  readonly downstream: { readonly code: string; readonly hours: number } | null;
  readonly use: 'inUse' | 'outOfUse' | 'deleted';
};

/** Of its telemetry unit, in SL 651's ten digits: what `rtu_addr` says where there is one. */
export function toAddress({ code }: Pick<Station, 'code'>): string {
  return `00${code}`;
}

/** Where water comes from: a station's own catchment, and how many hours it takes to the gauge. */
export type Inflow = { readonly from: Station; readonly hours: number };

export const CITY_TENANT = '431100';

const USES: Readonly<Record<string, Station['use']>> = { '1': 'inUse', '0': 'outOfUse', x: 'deleted' };

/** One station a line under the line of column names; throws on a line that does not fit them. */
export function parseStations(table: string = STATION_TABLE): Station[] {
  const [header = '', ...lines] = table.trim().split('\n');
  const columns = header.trim().split(/\s+/);
  return lines.map((line) => {
    const values = line.trim().split(/\s+/);
    if (values.length !== columns.length)
      throw new Error(`A station must have ${columns.length} values, but got: ${line}`);
    return toStation((column) => values[columns.indexOf(column)] ?? '');
  });
}

function toStation(cell: (column: string) => string): Station {
  const every = (column: string) => (cell(column) === '-' ? null : Number(cell(column)));
  const use = USES[cell('use')];
  if (use === undefined)
    throw new Error(`Station ${cell('code')}: use must be 1, 0 or x, but got: ${cell('use')}`);
  return {
    code: cell('code'),
    number: Number(cell('code')),
    name: cell('name'),
    river: cell('river'),
    addvcd: cell('county'),
    tenant: `${cell('county').slice(0, 4)}00`,
    lon: Number(cell('lon')),
    lat: Number(cell('lat')),
    kind: cell('kind'),
    rainEvery: every('rain'),
    stageEvery: every('stage'),
    zero: cell('zero') === '-' ? 0 : Number(cell('zero')),
    area: Number(cell('area')),
    downstream: cell('to') === '-' ? null : { code: cell('to'), hours: Number(cell('hours')) },
    use,
  };
}

/** For every station, each catchment whose water passes it (its own with 0 hours). */
export function toInflows(stations: readonly Station[]): Map<string, Inflow[]> {
  const byCode = new Map(stations.map((station) => [station.code, station]));
  const inflows = new Map<string, Inflow[]>(stations.map(({ code }) => [code, []]));
  for (const from of stations) {
    let hours = 0;
    // As many steps as stations at most: a circle in the table ends instead of hanging.
    for (
      let at: Station | undefined = from, left = stations.length;
      at !== undefined && left > 0;
      left -= 1
    ) {
      inflows.get(at.code)?.push({ from, hours });
      hours += at.downstream?.hours ?? 0;
      at = at.downstream === null ? undefined : byCode.get(at.downstream.code);
    }
  }
  return inflows;
}

export type Travel = {
  readonly from: Station;
  readonly to: Station;
  /** Hours. */
  readonly shortest: number;
  readonly longest: number;
  readonly mean: number;
};

/** From each gauge or reservoir on a river to the next one downstream, inside one tenant. */
export function toTravels(stations: readonly Station[]): Travel[] {
  const onRiver = ({ stageEvery, kind }: Station) => stageEvery !== null || kind === 'RR';
  return stations.filter(onRiver).flatMap((from) => {
    const hours = from.downstream?.hours ?? 0;
    const to = stations.find(({ code }) => code === from.downstream?.code);
    if (to === undefined || to.tenant !== from.tenant) return [];
    return [{ from, to, shortest: hours * 0.8, longest: hours * 1.4, mean: hours }];
  });
}
