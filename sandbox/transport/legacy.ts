// The database that the hub sees, in MySQL's manner: the register of vehicles as clerks type it, and the record of positions in
// the columns of the province's interface. Plates have dots and full-width letters, colours are words or numbers.
import { toBeijing } from '../clock/time-text.ts';
import type { Row } from '../database/copy.ts';
import type { Fix } from './drive.ts';
import { type Vehicle, YELLOW } from './vehicle.ts';

export const LEGACY_TABLES = ['public.vehicle_info', 'public.gps_record'] as const;

const numbered = (name: string, most: number) =>
  Array.from({ length: most + 1 }, (_, at) => `${name}${String(at).padStart(2, '0')}`);
const STATES = numbered('state', 13);
const ALARMS = numbered('alarm', 23);

/**
 * vehicle_no, vehicle_color, vehicle_type and all columns of gps_record are real names (the province's record); both tables'
 * names and the other columns are proposed.
 */
export const LEGACY_DDL = `
create table public.vehicle_info (
  vehicle_no varchar(20), vehicle_color varchar(4), vehicle_type char(1), is_hazmat char(1), sim_no varchar(20),
  owner_name varchar(100), cargo_name varchar(50), xzqh varchar(12), primary key (vehicle_no, vehicle_color));
create table public.gps_record (
  vehicle_no varchar(20), vehicle_color varchar(2), vehicle_type char(1), encrypt smallint, date_time varchar(19),
  lng integer, lat integer, velocity1 integer, velocity2 integer, mileage integer, direction integer, altitude integer,
  ${[...STATES, ...ALARMS].map((column) => `${column} smallint`).join(', ')},
  primary key (vehicle_no, vehicle_color, date_time));
create index gps_record_date_time on public.gps_record (date_time);
`;

/** 湘M12345, 湘M·12345, 湘Ｍ12345, 湘m 12345: each clerk has a habit. */
export function toPlateText(plate: string, style: number): string {
  const [head, letter, rest] = [plate.slice(0, 1), plate.slice(1, 2), plate.slice(2)];
  const wide = String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0);
  return [
    plate,
    `${head}${letter}·${rest}`,
    `${head}${wide}${rest}`,
    `${head}${letter.toLowerCase()} ${rest}`,
  ][style % 4] as string;
}

export function toColourText(colour: number, style: number): string {
  const word = colour === YELLOW ? '黄' : '绿';
  return [word, `${word}色`, String(colour), `0${colour}`][style % 4] as string;
}

export function toVehicleRow(vehicle: Vehicle): Row {
  const { index, plate, colour, kind, isHazmat, simNo, company, cargo, county } = vehicle;
  return [
    ...[toPlateText(plate, index), toColourText(colour, Math.floor(index / 4)), kind],
    ...[
      index % 2 === 0 ? (isHazmat ? '1' : '0') : isHazmat ? 'Y' : 'N',
      simNo.replace(/^0/, ''),
      company,
      cargo,
    ],
    // The bureau's list of divisions is older than 2021.
    county === '431181' ? '431121' : county,
  ];
}

/** `velocity1` by satellite and `velocity2` by the recorder in km/h, `mileage` in km; `lng` and `lat` 0 where there is no fix. */
export function toRecordRow({ index, plate, colour, kind }: Vehicle, fix: Fix): Row {
  const { at, place, speed, mileage, heading, altitude, alarms } = fix;
  const [lng, lat] = place === null ? [0, 0] : [Math.round(place.lon * 1e6), Math.round(place.lat * 1e6)];
  const velocity = Math.round(speed);
  return [
    ...[
      toPlateText(plate, index + 1),
      index % 3 === 0 ? `0${colour}` : String(colour),
      kind,
      0,
      toBeijing(at),
    ],
    ...[lng, lat, velocity, velocity, Math.round(mileage), heading, altitude],
    ...STATES.map((_, bit) => ((bit === 0 && speed > 0) || (bit === 1 && place !== null) ? 1 : 0)),
    ...ALARMS.map((_, bit) => (alarms.includes(bit) ? 1 : 0)),
  ];
}
