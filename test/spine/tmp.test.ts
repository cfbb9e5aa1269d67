import { test } from '@jest/globals';
import { openLegacy, fewStations, DAY } from './open-legacy.ts';
test('x', async () => {
  const l = await openLegacy();
  await l.database.tick(l.now() + 4 * DAY);
  console.log(fewStations().length, await l.query(`select to_char(date_trunc('hour', observed_at at time zone 'UTC'), 'MM-DD HH24') h, sum(amount_mm)::float s, count(distinct stcd) filter (where amount_mm > 0)::int n, count(*) filter (where amount_mm>10)::int big from ledger.rain group by 1 having sum(amount_mm) > 5 order by 1`));
  console.log(await l.query(`select 'rain' k, stcd, observed_at, corrected_at, deleted_at from ledger.rain where corrected_at is not null or deleted_at is not null union all select 'river', stcd, observed_at, corrected_at, deleted_at from ledger.river where corrected_at is not null or deleted_at is not null order by 3`));
  await l.close();
});
