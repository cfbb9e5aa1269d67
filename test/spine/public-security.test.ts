// The call-taking centre from its sheets to a client: every row against the ledger, sheets in any order, and nobody's name.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toCalls } from '../../sandbox/public-security/call.ts';
import { toPublicSecurity } from '../../sandbox/public-security/simulation.ts';
import { closeWorld } from './close-all.ts';
import { comparePair } from './compare.ts';
import { PUBLIC_SECURITY_PAIRS } from './compare-public-security.ts';
import { HOUR, type Legacy, MINUTE, openDepartment, START } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';

const TYPES = Object.keys(PUBLIC_SECURITY_PAIRS) as (keyof typeof PUBLIC_SECURITY_PAIRS)[];
const FEEDS = ['JCJ_JJDB', 'JCJ_PJDB', 'JCJ_FKDB'];

let police: Legacy;
let spine: Spine;
beforeAll(async () => {
  police = await openDepartment(toPublicSecurity(1));
  spine = await openSpine({
    legacy: { now: police.now, url: '' },
    units: ['public-security'],
    secrets: { PUBLIC_SECURITY_URL: police.url },
  });
  expect((await spine.firstLoad).filter(({ state }) => state !== 'complete')).toEqual([]);
}, 60_000);
afterAll(() => closeWorld(spine, police));

describe('everything in the store of the call-taking centre', () => {
  const compareAll = async () => {
    for (const type of TYPES) {
      const { differences } = await comparePair(PUBLIC_SECURITY_PAIRS[type], police.query, spine.query);
      expect(differences.slice(0, 5)).toEqual([]);
    }
  };

  test('equals the ledger', async () => {
    await compareAll();
    const [count] = await spine.query('select count(*)::int as n from "public-security".feedback');
    expect(count?.n).toBeGreaterThan(200);
  });

  test('has lost no call: an unlisted channel lands without one, and is told', async () => {
    const [wrong] = await police.query<{ n: number }>(
      `select count(*)::int as n from "JCJ_JJDB" where "BJFSDM" = '09'`,
    );
    const [landed] = await spine.query<{ n: number }>(
      `select count(*)::int as n from "public-security".call_report where channel is null`,
    );
    expect(wrong?.n).toBeGreaterThan(0);
    expect(landed).toEqual(wrong);
    expect(await spine.query('select 1 from hub.set_aside')).toEqual([]);
  });

  test('equals it while time goes on: sheets come late, before one another, and are completed afterwards', async () => {
    for (const minutes of [3, 20, 70]) {
      await police.database.tick(START + minutes * MINUTE);
      for (const object of FEEDS)
        expect(await spine.sync(object)).toMatchObject({ state: 'SUCCEEDED', error_code: null });
      await compareAll();
    }
  });
});

describe('a chain of sheets', () => {
  const QUESTION = `{ dispatches(first: 200) { nodes { number call { number } division { code } feedback { nodes { number } } } } }`;
  type Chain = {
    dispatches: {
      nodes: {
        number: string;
        call: { number: string } | null;
        division: { code: string } | null;
        feedback: { nodes: { number: string }[] };
      }[];
    };
  };

  test('hangs together in both doors, with the division of the call', async () => {
    const { data, errors } = await spine.ask<Chain>(QUESTION);
    expect(errors).toEqual([]);
    expect((await spine.askStitched(QUESTION)).data).toEqual(data);
    const truth = await police.query<{ number: string; call: string; county: string; feedback: string[] }>(
      `select d.number, c.number as call, c.county_code as county, array_remove(array_agg(f.number), null) as feedback
       from ledger.dispatch d left join ledger.call c on c.number = d.call_number left join ledger.feedback f on f.dispatch_number = d.number
       group by 1, 2, 3, d.sent_at order by d.sent_at, d.number collate "C" limit 200`,
    );
    expect(
      data.dispatches.nodes.map(({ number, call, division, feedback }) => {
        return [
          number,
          call?.number ?? null,
          division?.code ?? null,
          feedback.nodes.map((one) => one.number),
        ];
      }),
    ).toEqual(truth.map(({ number, call, county, feedback }) => [number, call, county, feedback]));
  });

  test('holds when the dispatch comes first: it stands alone, and has its call once that is there', async () => {
    const now = police.now();
    const [call] = toCalls(1, now, now + 24 * HOUR).filter(({ seenAt, dispatches }) =>
      dispatches.some((dispatch) => dispatch.seenAt < seenAt - 2 * MINUTE),
    );
    const dispatch = call?.dispatches.find(({ seenAt }) => seenAt < call.seenAt);
    if (call === undefined || dispatch === undefined) throw new Error('the seed has no such chain');
    const ask = async () => {
      const question = `{ dispatch(id: "public-security:Dispatch:${dispatch.number}") { call { number } division { code } } }`;
      const { data } = await spine.ask(question);
      expect((await spine.askStitched(question)).data).toEqual(data);
      return data;
    };
    await police.database.tick(dispatch.seenAt + MINUTE);
    for (const object of FEEDS) await spine.sync(object);
    expect(await ask()).toEqual({ dispatch: { call: null, division: null } });
    await police.database.tick(call.seenAt + MINUTE);
    for (const object of FEEDS) await spine.sync(object);
    const county = call.spot.scene.code.slice(0, 6);
    expect(await ask()).toEqual({ dispatch: { call: { number: call.number }, division: { code: county } } });
  });
});

describe('who called', () => {
  const QUESTION = `{ callReports(first: 100, where: { channel: { eq: CALL_110 } }) { nodes { number caller phone place content location { lon lat } division { code } source { nativeKey } } } }`;
  type Calls = {
    callReports: {
      nodes: {
        number: string;
        caller: string | null;
        phone: string | null;
        place: string | null;
        content: string | null;
        location: { lon: number; lat: number } | null;
      }[];
    };
  };

  test('is masked in both doors: a surname, four digits, the town, a cell of a kilometre, and no word of what was said', async () => {
    const truth = new Map(
      (
        await police.query<{ number: string; caller: string; phone: string; place: string; lon: string }>(
          'select number, caller, phone, place, lon from ledger.call',
        )
      ).map((row) => [row.number, row]),
    );
    const { data, text, errors } = await spine.ask<Calls>(QUESTION);
    const stitched = await spine.askStitched<Calls>(QUESTION);
    expect(errors).toEqual([]);
    expect(stitched.data).toEqual(data);
    expect(data.callReports.nodes).toHaveLength(100);
    for (const { number, caller, phone, place, content, location } of data.callReports.nodes) {
      const { caller: name, phone: dialled, place: road, lon } = truth.get(number) ?? {};
      expect(caller).toBe(name == null ? null : `${name.slice(0, 1)}**`);
      expect(phone).toBe(dialled == null ? null : `${dialled.slice(0, 3)}****${dialled.slice(-4)}`);
      expect(place).toMatch(/^永州市.+(?:镇|乡|街道)\*\*\*$/);
      expect(content).toBeNull();
      if (lon == null) expect(location).toBeNull();
      else expect(Math.abs((location?.lon ?? 0) - Number(lon))).toBeLessThan(0.0051);
      for (const answer of [text, stitched.text]) {
        expect(answer).not.toContain(road);
        if (dialled != null) expect(answer).not.toContain(dialled);
      }
    }
  });

  test('cannot be found out by asking for it', async () => {
    for (const where of [`caller: { eq: "唐志强" }`, `phone: { eq: "13874600001" }`]) {
      const question = `{ callReports(where: { ${where} }) { totalCount } }`;
      for (const answer of [await spine.ask(question), await spine.askStitched(question)])
        expect([answer.codes, answer.data]).toEqual([['HUB_QUERY_MASKED'], { callReports: null }]);
    }
  });
});
