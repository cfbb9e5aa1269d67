// What the contenders have beside the hub's tables: the names of the divisions as a table, which the hub knows by heart, and
// the views and functions that PostGraphile serves. Schema `peer`.
import { readFile } from 'node:fs/promises';
import { openDivisions } from '../../schema/divisions/open-divisions.ts';
import { quoteLiteral } from '../../store/sql-identifiers.ts';
import { run } from '../sync/world.ts';
import { toPeerFile } from './peer-files.ts';

/** After the tables of the units are there. */
export async function fillPeerSchema(url: string): Promise<void> {
  const { all } = await openDivisions();
  const rows = all.map(({ code, name, level }) => `(${[code, name, level].map(quoteLiteral).join(', ')})`);
  await run(
    url,
    `create schema peer; create table peer.division (code text primary key, name text not null, level text not null);
     insert into peer.division values ${rows.join(', ')}; analyze peer.division`,
  );
  await run(url, await readFile(toPeerFile('postgraphile.sql'), 'utf8'));
}
