import { describe, expect, test } from '@jest/globals';
import { toFirmsStyle, toFirmsTable } from './firms.ts';
import type { InfraredSighting } from './sighting.ts';

const pixel: InfraredSighting = {
  at: Date.parse('2026-04-05T00:41:00Z'),
  lon: 111.7859,
  lat: 25.625,
  county: '431124',
  sensor: 'VIIRS',
  satellite: 'NOAA-20',
  brightness: 331.4,
  background: 290,
  scan: 0.4,
  track: 0.37,
  power: 2.1,
  percent: 55,
  day: true,
};
const modis: InfraredSighting = { ...pixel, sensor: 'MODIS', satellite: 'Aqua' };
const style = { ...toFirmsStyle(1, 'archive', 0), padded: true, words: false };
const styles = Array.from({ length: 200 }, (_, part) => toFirmsStyle(1, 'nrt', part));

describe('FIRMS rows', () => {
  test('of VIIRS in near real time have the published columns', () => {
    const { header, lines } = toFirmsTable('VIIRS', [pixel], 'nrt', style);
    expect(header).toBe(
      'latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight',
    );
    expect(lines.map(({ text }) => text)).toEqual([
      '25.62500,111.78590,331.40,0.40,0.37,2026-04-05,0041,1,VIIRS,n,2.0NRT,290.00,2.10,D',
    ]);
  });

  test('of the area interface begin with the country', () => {
    const { header, lines } = toFirmsTable('VIIRS', [pixel], 'area', style);
    expect(header).toMatch(/^country_id,latitude,longitude,bright_ti4/);
    expect(lines[0]?.text).toMatch(/^CHN,25\.62500,111\.78590,/);
  });

  test('of the archive lack the instrument, the zeros at the end and those of the time', () => {
    const { header, lines } = toFirmsTable('VIIRS', [pixel], 'archive', toFirmsStyle(1, 'archive', 0));
    expect(header).toBe(
      'latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight',
    );
    expect(lines[0]?.text).toBe('25.625,111.7859,331.4,0.4,0.37,2026-04-05,41,1,nominal,2,290,2.1,D');
  });

  test('of MODIS have its columns and a numeric confidence', () => {
    const { header, lines } = toFirmsTable('MODIS', [modis], 'nrt', style);
    expect(header).toBe(
      'latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_t31,frp,daynight',
    );
    expect(lines[0]?.text).toBe(
      '25.6250,111.7859,331.40,0.40,0.37,2026-04-05,0041,Aqua,MODIS,55,6.1NRT,290.00,2.10,D',
    );
  });

  test('write a satellite, a time and a confidence in every way that is about', () => {
    const seen = (pick: (one: (typeof styles)[number]) => string) => new Set(styles.map(pick));
    expect(seen(({ satellites }) => satellites['NOAA-20'])).toEqual(new Set(['N20', '20', 'NOAA-20']));
    expect(seen(({ satellites }) => satellites.Terra)).toEqual(new Set(['T', 'Terra']));
    expect(seen(({ satellites }) => satellites.Aqua)).toEqual(new Set(['A', 'Aqua']));
    const times = styles.map(
      (one) => toFirmsTable('VIIRS', [pixel], 'nrt', one).lines[0]?.text.split(',')[6],
    );
    expect(new Set(times)).toEqual(new Set(['0041', '41']));
    const words = styles.map(
      (one) => toFirmsTable('VIIRS', [pixel], 'nrt', one).lines[0]?.text.split(',')[9],
    );
    expect(new Set(words)).toEqual(new Set(['n', 'nominal']));
  });

  test('write 05:42 as 0542 or 542, and 00:05 as 5', () => {
    const at = (time: string, padded: boolean) =>
      toFirmsTable('VIIRS', [{ ...pixel, at: Date.parse(`2026-04-05T${time}Z`) }], 'nrt', {
        ...style,
        padded,
      }).lines[0]?.text.split(',')[6];
    expect([at('05:42:00', true), at('05:42:00', false), at('00:05:00', false)]).toEqual([
      '0542',
      '542',
      '5',
    ]);
  });
});
