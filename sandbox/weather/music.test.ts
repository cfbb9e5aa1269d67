import { describe, expect, test } from '@jest/globals';
import { HOUR, STEP } from '../storm/storm.ts';
import { type MusicService, toMusicText } from './music.ts';
import { toRows } from './rows.ts';
import { toCompact, UTC } from './time.ts';
import { CREDENTIALS, START, toWorld } from './weather.fixture.ts';
import { HOUR_TABLE, type Traps } from './world.ts';

type Answer = {
  readonly returnCode: string;
  readonly rowCount: string;
  readonly colCount: string;
  readonly fieldNames: string;
  readonly fieldUnits: string;
  readonly DS?: readonly Readonly<Record<string, string>>[];
};

const open = (traps: Partial<Traps> = {}, changes: Partial<MusicService> = {}): MusicService => ({
  world: toWorld(traps),
  credentials: CREDENTIALS,
  since: START - 30 * 24 * HOUR,
  rowLimit: 3000,
  ...changes,
});
const toQuery = (from: number, to: number, changes: Readonly<Record<string, string>> = {}) =>
  new URLSearchParams({
    userId: 'HUB',
    pwd: 'p&w',
    interfaceId: 'getSurfEleInRegionByTimeRange',
    dataCode: 'SURF_CHN_MUL_HOR',
    elements: 'Station_Id_C,Datetime,TEM',
    timeRange: `[${toCompact(from, UTC)},${toCompact(to, UTC)}]`,
    adminCodes: '431100',
    dataFormat: 'json',
    ...changes,
  });
const ask = (service: MusicService, query: URLSearchParams, now = START): Answer =>
  JSON.parse(toMusicText(service, query, now, 1));
const SMALL = { adminCodes: '431102', staLevels: '011', elements: 'Station_Id_C,Hour,PRE_1h' };

describe('an answer of MUSIC', () => {
  test('has these bytes', () => {
    const text = toMusicText(open(), toQuery(START - HOUR, START, SMALL), START, 1);
    expect(text).toBe(
      '{"returnCode":"0","returnMessage":"Query Succeed","rowCount":"2","colCount":"3",' +
        '"requestParams":"interfaceid=getSurfEleInRegionByTimeRange&datacode=SURF_CHN_MUL_HOR' +
        '&elements=Station_Id_C,Hour,PRE_1h&timerange=[20260404230000,20260405000000]' +
        '&admincodes=431102&dataformat=json&stalevels=011",' +
        '"requestTime":"2026-04-05 00:00:00","responseTime":"2026-04-05 00:00:00","takeTime":"0.040",' +
        '"fieldNames":"Station_Id_C Hour PRE_1h","fieldUnits":"- 时 毫米",' +
        '"DS":[{"Station_Id_C":"57866","Hour":"23","PRE_1h":"2"},{"Station_Id_C":"57866","Hour":"0","PRE_1h":"0.3"}]}',
    );
  });

  test('has the rows at both ends of the time asked for, every value a string', () => {
    const { rowCount, colCount, DS = [] } = ask(open(), toQuery(START - 6 * HOUR, START));
    const times = [...new Set(DS.map(({ Datetime }) => Datetime))].sort();
    expect(times).toHaveLength(7);
    expect([times[0], times.at(-1)]).toEqual(['2026-04-04 18:00:00', '2026-04-05 00:00:00']);
    expect([rowCount, colCount]).toEqual([String(36 * 7), '3']);
    for (const row of DS) for (const value of Object.values(row)) expect(typeof value).toBe('string');
  });

  test('never has a row beyond now, nor one from before the history', () => {
    const times = (now: number) => {
      const service = open({}, { since: START - 3 * HOUR });
      const { DS = [] } = ask(service, toQuery(START - 24 * HOUR, START + 24 * HOUR), now);
      return [...new Set(DS.map(({ Datetime }) => Datetime))].sort();
    };
    expect(times(START - 1)).toEqual(['2026-04-04 21:00:00', '2026-04-04 22:00:00', '2026-04-04 23:00:00']);
    expect(times(START).at(-1)).toBe('2026-04-05 00:00:00');
  });

  test('says -1 when there is nothing, without DS or with an empty one', () => {
    const query = toQuery(START + HOUR, START + 2 * HOUR);
    const texts = Array.from({ length: 20 }, (_, count) => toMusicText(open(), query, START, count));
    for (const text of texts) expect(JSON.parse(text)).toMatchObject({ returnCode: '-1', rowCount: '0' });
    expect(texts.filter((text) => text.endsWith(',"DS":[]}')).length).toBeGreaterThan(3);
    expect(texts.filter((text) => !text.includes('DS')).length).toBeGreaterThan(3);
    expect(ask(open(), toQuery(START, START, { adminCodes: '440100' })).returnCode).toBe('-1');
  });

  test('refuses more rows than allowed, and not one less', () => {
    const query = toQuery(START - HOUR, START);
    expect(ask(open({}, { rowLimit: 72 }), query).rowCount).toBe('72');
    expect(ask(open({}, { rowLimit: 71 }), query)).toMatchObject({ returnCode: '-1005', rowCount: '0' });
  });

  test('never repeats who asked', () => {
    const text = toMusicText(open(), toQuery(START, START), START, 1);
    expect(text).not.toMatch(/HUB|p&w|userid|pwd/i);
  });

  test('comes in the order asked for', () => {
    const order = (orderby: string) =>
      (ask(open(), toQuery(START - HOUR, START, { orderby })).DS ?? []).map(
        ({ Datetime, Station_Id_C }) => `${Datetime} ${Station_Id_C}`,
      );
    const byTime = order('Datetime:ASC,Station_Id_C:ASC');
    expect(byTime).toEqual([...byTime].sort());
    expect(order('Datetime:DESC,Station_Id_C:DESC')).toEqual([...byTime].reverse());
  });
});

describe('the special numbers', () => {
  const rowsOf = (service: MusicService, elements: string, now = START, days = 3) =>
    ask(service, toQuery(now - days * 24 * HOUR, now, { elements }), now).DS ?? [];

  test('are 999990 for a trace of rain and 999017 for the direction of a calm', () => {
    const rows = rowsOf(open(), 'PRE_1h,PRE_24h,WIN_S_Avg_2mi,WIN_D_Avg_2mi');
    expect(rows.some(({ PRE_1h }) => PRE_1h === '999990')).toBe(true);
    expect(rows.some(({ PRE_1h }) => PRE_1h === '0')).toBe(true);
    expect(rows.some(({ WIN_D_Avg_2mi }) => WIN_D_Avg_2mi === '999017')).toBe(true);
    for (const { WIN_S_Avg_2mi, WIN_D_Avg_2mi } of rows)
      expect(WIN_D_Avg_2mi === '999017').toBe(Number(WIN_S_Avg_2mi) < 0.3);
  });

  test('are 999999 with quality 8 for a missing value; the other codes all happen', () => {
    const rows = rowsOf(open({ quality: true }), 'TEM,Q_TEM,PRE_1h,Q_PRE_1h');
    const pairs = rows.flatMap((row) => [
      [row.TEM, row.Q_TEM],
      [row.PRE_1h, row.Q_PRE_1h],
    ]);
    for (const [value, code] of pairs) expect(value === '999999').toBe(code === '8');
    expect(new Set(pairs.map(([, code]) => code))).toEqual(new Set(['0', '1', '2', '3', '4', '8', '9']));
  });

  test('a value is corrected later: first called good, then another number with quality 4', () => {
    const world = toWorld({ quality: true });
    const rows = toRows(world, HOUR_TABLE, START - 6 * HOUR, START);
    const found = rows.flatMap(({ station, at, readings }) => {
      const reading = readings.get('temperature');
      return reading?.quality === 'CORRECTED' ? [{ station, at, reading }] : [];
    });
    expect(found.length).toBeGreaterThan(0);
    for (const { station, at, reading } of found) {
      const say = (now: number) => {
        const query = toQuery(at, at, { elements: 'Station_Id_C,TEM,Q_TEM' });
        const { DS = [] } = ask(open({ quality: true }), query, now);
        return DS.find(({ Station_Id_C }) => Station_Id_C === station.code);
      };
      const correctedAt = reading.correctedAt ?? 0;
      expect(say(correctedAt - 1)).toMatchObject({ TEM: String(reading.wrong), Q_TEM: '0' });
      expect(say(correctedAt)).toMatchObject({ TEM: String(reading.truth), Q_TEM: '4' });
    }
  });

  test('no row of a silent station is there before it is delivered', () => {
    const world = toWorld({ silence: true });
    const late = toRows(world, HOUR_TABLE, START - 72 * HOUR, START).find((row) => row.arrivesAt > row.at);
    if (late === undefined) throw new Error('a late row is needed');
    const { station, at, arrivesAt } = late;
    const has = (now: number) =>
      (ask(open({ silence: true }), toQuery(at, at), now).DS ?? []).some(
        ({ Station_Id_C }) => Station_Id_C === station.code,
      );
    expect([has(arrivesAt - 1), has(arrivesAt)]).toEqual([false, true]);
  });
});

describe('the traps', () => {
  const minute = {
    dataCode: 'SURF_CHN_MUL_MIN',
    elements: 'Station_Id_C,Lat,Min,PRS,PRE_1h,Q_TEM,WIN_S_Avg_2mi',
  };

  test('the minute table answers in its own case, the hour table as asked', () => {
    const names = (traps: Partial<Traps>, changes: Readonly<Record<string, string>>) => {
      const { fieldNames, DS = [] } = ask(open(traps), toQuery(START, START, changes));
      expect(Object.keys(DS[0] ?? {}).join(' ')).toBe(fieldNames);
      return fieldNames;
    };
    const own = 'Station_ID_C Lat Min prs pre_1h q_tem win_s_avg_2mi';
    expect(names({ fieldNameCase: true }, minute)).toBe(own);
    expect(names({}, minute)).toBe(minute.elements.replaceAll(',', ' '));
    expect(names({ fieldNameCase: true }, { elements: 'Station_ID_C,tem' })).toBe('Station_ID_C tem');
  });

  test('broken JSON lacks the quotes and the colon of fieldNames, and nothing else', () => {
    const query = toQuery(START - STEP, START, { ...minute, adminCodes: '431102', staLevels: '011' });
    const whole = toMusicText(open(), query, START, 1);
    const broken = toMusicText(open({ brokenJsonShare: 1 }), query, START, 1);
    expect(() => JSON.parse(broken)).toThrow(SyntaxError);
    expect(broken).toContain(
      ',"takeTime":"0.040",fieldNames="Station_Id_C Lat Min PRS PRE_1h Q_TEM WIN_S_Avg_2mi","fieldUnits":"- 度 分 ',
    );
    expect(broken.replace(',fieldNames=', ',"fieldNames":')).toBe(whole);
  });

  test('about every third answer is broken, the same ones for the same seed', () => {
    const service = open({ brokenJsonShare: 1 / 3 });
    const query = toQuery(START, START, SMALL);
    const run = () =>
      Array.from({ length: 60 }, (_, count) =>
        toMusicText(service, query, START, count).includes(',fieldNames='),
      );
    const broken = run().filter(Boolean).length;
    expect(broken).toBeGreaterThan(12);
    expect(broken).toBeLessThan(30);
    expect(run()).toEqual(run());
  });

  test('JSONP puts a callback round the answer, also round a refusal', () => {
    const jsonp = { dataFormat: 'jsonp', callback: 'hub.take' };
    const text = toMusicText(open(), toQuery(START, START, { ...SMALL, ...jsonp }), START, 1);
    expect(text.startsWith('hub.take({"returnCode":"0",')).toBe(true);
    expect(text.endsWith('}]});')).toBe(true);
    const named = toMusicText(open(), toQuery(START, START, { ...SMALL, dataFormat: 'jsonp' }), START, 1);
    expect(named.startsWith('callback({')).toBe(true);
    const refused = toMusicText(open(), toQuery(START, START, { ...jsonp, elements: 'X' }), START, 1);
    expect(refused).toMatch(/^hub\.take\(\{"returnCode":"-1004",.*\}\);$/);
  });
});
