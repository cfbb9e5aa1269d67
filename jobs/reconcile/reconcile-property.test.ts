// Whatever happened behind the hub's back, comparing finds the very keys that plain SQL over both tables finds.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openReconcileWorld, type ReconcileWorld } from './reconcile.fixture.ts';

let world: ReconcileWorld;
beforeAll(async () => {
  world = await openReconcileWorld();
});
afterAll(() => world.close());

/** A quarter of an hour on the department's clock, within three days; ends before the hub's own time. */
const moment = fc
  .integer({ min: 0, max: 280 })
  .map((quarter) =>
    new Date(Date.parse('2026-04-03T00:00:00Z') + quarter * 900_000)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' '),
  );
const row = fc.tuple(fc.constantFrom('S0', 'S1', 'S2', 'S77', null), moment, fc.integer({ min: 0, max: 9 }));
const rows = (maxLength: number) =>
  fc.uniqueArray(row, { maxLength, selector: ([stcd, tm]) => `${stcd} ${tm}` });
const edits = fc.record({
  lost: fc.array(fc.nat(), { maxLength: 6 }),
  deleted: fc.array(fc.nat(), { maxLength: 6 }),
  changed: fc.array(fc.nat(), { maxLength: 4 }),
  late: rows(8),
});

/** The keys that the source has up to the watermark and the hub has neither as rows nor as kept records, by plain SQL over both. */
const MISSING = `
  with s as (select stcd, tm, z, stcd || '~' || to_char(tm - interval '8 hours', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as key from st_river_r
    where tm <= ((select mark ->> 'watermark' from hub.feed)::timestamptz at time zone 'Asia/Shanghai'))
  select coalesce(key, '') as key from s
  where not exists (select from hydrology.river_reading t where t._key = s.key and t._gone_at is null)
    and not exists (select from hub.set_aside a where a.record ->> 'tm' = to_char(s.tm, 'YYYY-MM-DD HH24:MI:SS')
      and a.record ->> 'stcd' is not distinct from s.stcd and (a.record ->> 'z')::numeric = s.z)
  order by 1`;

test('comparing finds exactly the missing keys, repairs them, and then finds none', async () => {
  await fc.assert(
    fc.asyncProperty(rows(40), edits, async (first, { lost, deleted, changed, late }) => {
      await world.reset();
      await world.insert([...first, ['S9', '2026-04-05 19:00:00', 1]]);
      await world.sync();

      const at = (picked: readonly number[]) => picked.map((one) => first[one % first.length]?.slice(0, 2));
      if (first.length > 0)
        for (const one of at(lost))
          await world.query(
            `delete from hydrology.river_reading where station_key = $1 and _observed_at = $2::timestamp at time zone 'Asia/Shanghai'`,
            one,
          );
      if (first.length > 0) {
        for (const one of at(deleted))
          await world.legacy(
            'delete from st_river_r where stcd is not distinct from ?::text and tm = ?',
            one,
          );
        for (const one of at(changed))
          await world.legacy(
            'update st_river_r set z = z + 100 where stcd is not distinct from ?::text and tm = ?',
            one,
          );
      }
      const there = new Set(first.map(([stcd, tm]) => `${stcd} ${tm}`));
      await world.insert(late.filter(([stcd, tm]) => !there.has(`${stcd} ${tm}`)));
      const wanted = (await world.query(MISSING)).map(({ key }) => String(key));
      const dry = await world.reconcile({ dryRun: true });
      expect(dry.types[0]).toMatchObject({ missing: wanted.length, gap: wanted.length });
      expect(dry.pieces.flatMap(({ missingKeys }) => missingKeys).toSorted()).toEqual(wanted.filter(Boolean));
      const mended = await world.reconcile();
      expect(mended.types[0]).toMatchObject({ missing: wanted.length, repaired: wanted.length, gap: 0 });
      expect(await world.query(MISSING)).toEqual([]);
      expect((await world.state())?.gap).toBe('0');
      world.calls.length = 0;
      expect((await world.reconcile()).types[0]).toMatchObject({ missing: 0, differing: 0, gap: 0 });
      expect(world.calls).toEqual(['digest day']);
    }),
    { numRuns: 20, seed: 20260405, endOnFailure: true },
  );
}, 60_000);
