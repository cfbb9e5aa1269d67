// The domestic hotspot list as CSV: Beijing time in one of three ways a file, positions in CGCS2000 (here the same as WGS84)
// to four decimals, areas in hectares. All columns are proposed: the real list's are not public.
import type { Instant } from '../clock/sandbox-clock.ts';
import { HOUR } from '../storm/storm.ts';
import type { Table } from './csv.ts';
import type { DomesticSighting } from './sighting.ts';

export const DOMESTIC_COLUMNS = '热点编号,经度,纬度,像素数,是否连续,明火面积,烟云,地类,观测时间';

/** `style` chooses how the file writes its times: 0, 1 or 2. */
export function toDomesticTable(sightings: readonly DomesticSighting[], style: number): Table {
  return {
    header: DOMESTIC_COLUMNS,
    lines: sightings.map((sighting) => ({
      text: [
        sighting.number,
        sighting.lon.toFixed(4),
        sighting.lat.toFixed(4),
        sighting.pixels,
        sighting.continued ? '是' : '否',
        (sighting.flame / 10).toFixed(1),
        sighting.smoke,
        sighting.landUse,
        toLocalText(sighting.at, style),
      ].join(','),
      of: sighting,
    })),
  };
}

/** yyyyMMddHHmm in Beijing time, as file names have it. */
export function toStamp(at: Instant): string {
  return toLocal(at).replace(/\D/g, '');
}

/** yyyyMMdd in Beijing time. */
export function toDateStamp(at: Instant): string {
  return toStamp(at).slice(0, 8);
}

/** 2026-04-05 09:03, 2026/4/5 9:03 or 2026年4月5日9时3分. */
export function toLocalText(at: Instant, style: number): string {
  const local = toLocal(at);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = local.split(/\D/).map(Number);
  if (style === 1) return `${year}/${month}/${day} ${hour}:${String(minute).padStart(2, '0')}`;
  if (style === 2) return `${year}年${month}月${day}日${hour}时${minute}分`;
  return local;
}

function toLocal(at: Instant): string {
  return new Date(at + 8 * HOUR).toISOString().slice(0, 16).replace('T', ' ');
}
