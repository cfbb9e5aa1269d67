// Contender: PostGraphile over views and functions of the same tables (postgraphile.sql). Order: { database }.
import './node-22.mjs';
import { createServer } from 'node:http';
import pg from 'pg';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { readOrder, runListen, tellParent } from './process.mjs';

const pool = new pg.Pool({
  connectionString: readOrder().database,
  max: 8,
  options: '-c intervalstyle=iso_8601 -c jit=off -c random_page_cost=1.1',
});
const { createServ } = postgraphile({
  extends: [PostGraphileAmberPreset],
  // Its global ids would take the name `id`.
  disablePlugins: ['NodePlugin'],
  pgServices: [makePgService({ pool, schemas: ['peer'] })],
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
  grafast: { explain: false },
});
const server = createServer();
await createServ(grafserv).addTo(server);
tellParent({ url: `http://127.0.0.1:${await runListen(server)}/graphql` });
