import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Legacy, openLegacy } from './open-legacy.ts';
import { openSpine, type Spine } from './open-spine.ts';
let legacy: Legacy; let spine: Spine;
const t0 = performance.now();
beforeAll(async () => {
  legacy = await openLegacy();
  console.log('legacy', performance.now() - t0);
  spine = await openSpine({ legacy });
  console.log('spine', performance.now() - t0);
  console.log(await spine.firstLoad, performance.now() - t0);
});
afterAll(async () => { await spine?.close(); await legacy?.close(); console.log('closed', performance.now() - t0);});
test('x', async () => {
  await spine.query('create extension pg_stat_statements');
  const run = async (q: string) => {
    await spine.query('select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)');
    const a = await spine.ask(q);
    const rows = await spine.query(`select calls, left(query, 300) as q from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database()) and query not like '%pg_stat%'`);
    console.log(a.status, JSON.stringify(a.data).slice(0, 1500), a.errors, a.sources, rows);
  };
  const sel = `code name hydroStations(first: 3) { nodes { id name latestRiver { stage flow observedAt } rain(last: 3) { nodes { amount period observedAt } } source { freshness via receivedAt } } }`;
  await run(`{ divisions(level: COUNTY) { ${sel} } }`);
  await run(`{ division(code: "431124") { ${sel} } }`);
  await run(`{ ${['431124', '431129', '431102', '431103', '431121'].map((c, i) => `d${i}: division(code: "${c}") { ${sel} }`).join(' ')} }`);
  await run(`{ a: divisions(level: COUNTY) { ${sel} } b: divisions(level: COUNTY) { ${sel} } }`);
  expect(await spine.query('select object, state, read, written, set_aside from hub.run')).toEqual([]);
});
