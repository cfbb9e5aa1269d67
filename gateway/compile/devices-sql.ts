// What is told of the senders of sources that are listened to: one page, by unit, source and device. One statement.
import type { ReadStatement } from '../../store/contract.ts';
import { toCursorSql } from './cursor.ts';
import { toTimeText } from './value-sql.ts';

/** Nulls where there is no device: the number of them all is told all the same. */
export type DeviceRow = {
  readonly unit: string | null;
  readonly source: string | null;
  readonly device: string | null;
  readonly connected: boolean | null;
  readonly connectedAt: string | null;
  readonly heardAt: string | null;
  readonly disconnectedAt: string | null;
  readonly frames: string | null;
  readonly refused: string | null;
  readonly reason: string | null;
  readonly cursor: string | null;
  readonly total: number;
};

/** The list that the cursors of `toDevicePageStatement` belong to. */
export const DEVICES_OF = ['hub', 'DeviceStatus', 'devices'] as const;

export type DevicePage = {
  /** Of these units. */
  readonly units: readonly string[];
  readonly source: string | null;
  readonly device: string | null;
  readonly connected: boolean | null;
  /** Behind this unit, source and device. */
  readonly after: readonly (string | null)[] | null;
  readonly limit: number;
  readonly cursorKey: Buffer;
};

const TIMES = [
  ['connected_at', 'connectedAt'],
  ['heard_at', 'heardAt'],
  ['disconnected_at', 'disconnectedAt'],
] as const;

/** In the order of unit, source and device, and one more than the page, which tells that it goes on. */
export function toDevicePageStatement(page: DevicePage): ReadStatement {
  const values: unknown[] = [];
  const bind = (value: unknown, cast: string): string => `$${values.push(value)}::${cast}`;
  const where = [
    `d.unit = any(${bind(page.units, 'text[]')})`,
    ...(page.source === null ? [] : [`d.source = ${bind(page.source, 'text')}`]),
    ...(page.device === null ? [] : [`d.device = ${bind(page.device, 'text')}`]),
    ...(page.connected === null ? [] : [`d.connected = ${bind(page.connected, 'boolean')}`]),
  ].join(' and ');
  const behind =
    page.after === null
      ? 'true'
      : `(d.unit, d.source, d.device) > (${page.after.map((value) => bind(value, 'text')).join(', ')})`;
  const head = JSON.stringify(DEVICES_OF).slice(0, -1);
  const payload = `'${head},' || to_json(d.unit) || ',' || to_json(d.source) || ',' || to_json(d.device) || ']'`;
  const columns = [
    'd.unit, d.source, d.device, d.connected, d.reason, d.frames::text as frames, d.refused::text as refused',
    ...TIMES.map(([column, name]) => `${toTimeText(`d.${column}`)} as "${name}"`),
    `${toCursorSql(payload, bind(page.cursorKey, 'bytea'))} as cursor`,
  ].join(', ');
  const rows = `select ${columns} from hub.device d where ${where} and ${behind} order by d.unit, d.source, d.device limit ${bind(page.limit + 1, 'int')}`;
  const text = `select r.*, t.total from (select count(*)::int as total from hub.device d where ${where}) t left join (${rows}) r on true order by r.unit, r.source, r.device`;
  return { text, values };
}
