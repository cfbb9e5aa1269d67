// Rows as the police's service writes them: epoch milliseconds with 0 for none, positions in GCJ-02 as "lon,lat", lines as
// "lon,lat;lon,lat", codes as text, the county's code of whatever year.
import type { Instant } from '../clock/sandbox-clock.ts';
import { type Position, toGcj02 } from '../map/shift.ts';
import type { Closure } from './closure.ts';
import { type EventKind, type RoadEvent, toUpdateTime } from './event.ts';
import { type Section, toStatedCounty } from './section.ts';
import type { SectionState } from './traffic.ts';
import type { World } from './world.ts';

export type Row = Readonly<Record<string, string | number | null>>;

const KINDS: Readonly<Record<EventKind, { readonly code: string; readonly zh: string }>> = {
  CRASH: { code: '1', zh: '交通事故' },
  BREAKDOWN: { code: '2', zh: '车辆故障' },
  FLOODED: { code: '3', zh: '道路积水' },
  LANDSLIP: { code: '4', zh: '塌方落石' },
  SPECIAL: { code: '9', zh: '特种运输' },
};

/** What the service tells of an event, for the ledger too. */
export function toStatement(event: RoadEvent, now: Instant) {
  const { section, kind, metreMark, attendedAt, ends } = event;
  const place = `${section.road}${section.town}段K${section.number * 3}+${metreMark % 1000}`;
  const first = `${place}发生${KINDS[kind].zh}`;
  const isOver = ends <= now;
  return {
    place,
    isOver,
    text: now < attendedAt ? first : `${first}，民警已到场${isOver ? '，现已恢复通行' : ''}`,
  };
}

export function toEventRow({ traps }: World, event: RoadEvent, now: Instant): Row {
  const { number, section, kind, begins, attendedAt, ends, position } = event;
  const { place, isOver, text } = toStatement(event, now);
  return {
    ...{ eventId: number, eventType: KINDS[kind].code },
    // 0 reported, 1 attended, 2 over.
    status: isOver ? '2' : now < attendedAt ? '0' : '1',
    ...{ happenTime: begins, endTime: isOver ? ends : 0, updateTime: toUpdateTime(event, now) },
    ...{ sectionId: section.code, roadName: section.road, address: place },
    lnglat: position === null ? '' : toText(position),
    xzqh: traps.gaps ? toStatedCounty(section) : section.county,
    content: text,
  };
}

export function toClosureRow(
  { traps }: World,
  { number, section, event, begins, ends, reason, line }: Closure,
): Row {
  return {
    ...{ closureId: number, eventId: event ?? '', roadName: section.road, reason },
    ...{ beginTime: begins, endTime: ends ?? 0, path: toPath(line) },
    xzqh: traps.gaps ? toStatedCounty(section) : section.county,
  };
}

export function toSectionRow({ traps }: World, section: Section): Row {
  return {
    ...{ sectionId: section.code, sectionName: section.name, path: toPath(section.line) },
    xzqh: traps.gaps ? toStatedCounty(section) : section.county,
  };
}

export function toStateRow({ section, counted }: SectionState): Row {
  return {
    sectionId: section.code,
    statTime: counted?.at ?? 0,
    tpi: counted?.index ?? null,
    avgSpeed: counted?.speed ?? null,
  };
}

/** "111.611872,26.431042": six decimals, as maps give them. */
function toText(position: Position): string {
  const { lon, lat } = toGcj02(position);
  return `${lon.toFixed(6)},${lat.toFixed(6)}`;
}

function toPath(line: readonly Position[]): string {
  return line.map(toText).join(';');
}
