// The bureau's list of its monitoring points, as a CSV file in GB18030: one company's name has a character that GBK lacks.
import iconv from 'iconv-lite';
import type { Outlet } from './outlet.ts';

export const REGISTER_FILE = '排放口_2026.csv';
/** All columns are proposed. */
const COLUMNS = 'MN号,监测点名称,企业名称,统一社会信用代码,监测类型代码,行政区划代码,经度,纬度';

/** Codes of 祁阳 are those before 2021, some numbers are in small letters, and who has no credit code yet says so. */
export function toRegister(outlets: readonly Outlet[]): Buffer {
  const lines = outlets.map((outlet, index) =>
    [
      index % 4 === 3 ? outlet.mn.toLowerCase() : outlet.mn,
      ...[outlet.name, outlet.company, outlet.creditCode ?? '申办中', outlet.kind],
      outlet.county === '431181' ? '431121' : outlet.county,
      ...[outlet.lon.toFixed(6), outlet.lat.toFixed(6)],
    ].join(','),
  );
  const text = `${[COLUMNS, ...lines].join('\r\n')}\r\n`;
  const bytes = iconv.encode(text, 'gb18030');
  if (iconv.decode(bytes, 'gb18030') !== text) throw new Error('GB18030 must have every character');
  return bytes;
}
