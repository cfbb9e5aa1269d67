// An open SQL source: names are found in the catalogue, statements planned purely, run by the pool. A shape that changed
// while the source was open is noticed by the database's error, and the catalogue is read anew once.
import { setMaxListeners } from 'node:events';
import { type ErrorCode, HubError, isHubError } from '../../../schema/errors.ts';
import type { AccessSettings, CallOptions, Capabilities, Source } from '../../kit/contract.ts';
import { type Catalogue, openCatalogue } from './catalogue.ts';
import type { Table } from './catalogue-rows.ts';
import { withCut } from './cut.ts';
import { planDigest } from './digest.ts';
import type { Speech } from './filter.ts';
import { planPage } from './page.ts';
import { openPool, type Row } from './pool.ts';
import { planReadMany } from './read-many.ts';
import { parseTarget } from './target.ts';

export const sqlCapabilities: Capabilities = {
  describe: true,
  declares: true,
  readMany: true,
  select: true,
  scan: true,
  listen: false,
  spans: false,
  deliveries: false,
  digests: true,
  filter: ['eq', 'ne', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte', 'between', 'isNull', 'notNull', 'startsWith'],
};

/** Connects to nothing yet. Throws HUB_CONFIG_INVALID when the URL cannot be understood. */
export function openSqlSource(settings: AccessSettings): Source {
  const place = { unit: settings.unit, source: settings.name };
  const { dialect, target } = parseTarget(settings.url, place);
  const pool = openPool(settings, dialect, target);
  const catalogue = openCatalogue(pool, dialect, place);
  const speech: Speech = { dialect, quote: pool.quote, zone: settings.zone, place };
  const closing = new AbortController();
  // One listener a call under way: many at once are no leak.
  setMaxListeners(0, closing.signal);
  /** Every method: ends with the source and with its caller, and reads the catalogue again when it has grown old. */
  const call = <T>(options: CallOptions | undefined, work: () => Promise<T>) =>
    withCut({ place, timeoutMs: null, closing: closing.signal, signal: options?.signal }, (cut) =>
      Promise.race([withFreshShape(catalogue, work), cut]),
    );

  const select: Source['select'] = (object, request, options) =>
    call(options, async () => {
      const table = await catalogue.table(object);
      const at = { ...speech, place: { ...place, object } };
      const plan = planPage(table, request, at, pool.db, settings.pageRows);
      return plan.toPage(await pool.run(plan.query, object, options));
    });

  const refuse = async (why: string): Promise<never> => {
    throw new HubError('HUB_SOURCE_UNSUPPORTED', `${place.unit}.${place.source}: ${why}`, { place });
  };
  return {
    capabilities: sqlCapabilities,
    describe: (names, options) =>
      call(options, async () => {
        // What was read for another call may have changed since: who asks for the shape wants to know.
        catalogue.renew();
        const tables = names === undefined ? await catalogue.all() : await toTables(catalogue, names);
        return tables.map(({ name, columns, key, rows }) => ({ name, columns, key, rows }));
      }),
    readMany: (object, request, options) =>
      call(options, async () => {
        const table = await catalogue.table(object);
        const plan = planReadMany(table, request, { ...speech, place: { ...place, object } }, pool.db);
        const answers: (readonly Row[])[] = [];
        // One after the other: a long list must not take all the connections.
        for (const query of plan.queries) answers.push(await pool.run(query, object, options));
        return plan.toAnswers(answers);
      }),
    select,
    async *scan(object, request, options) {
      let after = request.after;
      for (;;) {
        const page = await select(object, after === undefined ? request : { ...request, after }, options);
        yield page;
        if (page.last || page.cursor === null) return;
        after = page.cursor;
      }
    },
    digest: (object, request, options) =>
      call(options, async () => {
        const table = await catalogue.table(object);
        const plan = planDigest(table, request, { ...speech, place: { ...place, object } }, pool.db);
        return plan.toBuckets(await pool.run(plan.query, object, options));
      }),
    listen: () => refuse('a database sends nothing by itself'),
    deliveries: () => refuse('a database has tables, no deliveries'),
    settle: () => refuse('a database has tables, no deliveries'),
    close: async () => {
      closing.abort();
      await pool.close();
    },
  };
}

async function toTables(catalogue: Catalogue, names: readonly string[]): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const name of names) tables.push(await catalogue.table(name));
  return tables;
}

/** After these, what the catalogue says may be old. */
const DOUBTS: readonly ErrorCode[] = ['HUB_SOURCE_SHAPE', 'HUB_SOURCE_QUERY'];

async function withFreshShape<T>(catalogue: Catalogue, work: () => Promise<T>): Promise<T> {
  const wasKnown = catalogue.isKnown();
  try {
    return await work();
  } catch (error) {
    if (!isHubError(error, ...DOUBTS)) throw error;
    catalogue.forget();
    if (!wasKnown || error.code !== 'HUB_SOURCE_SHAPE') throw error;
    return work();
  }
}
