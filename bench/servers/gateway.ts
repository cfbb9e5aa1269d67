// A contender's process: the gateway over the three units, as `hub gateway` puts it together. Arguments: the database's URL,
// BOTH or STITCHED. Sends its own URL when it listens and ends with its parent.
import { openGateway } from '../../gateway/server/open-gateway.ts';
import { toStoreSubschemas } from '../../gateway/subschema/store-subschemas.ts';
import { openDivisions } from '../../schema/divisions/open-divisions.ts';
import { openStore } from '../../store/open-store.ts';
import { openRealUnits } from '../world/fill.ts';
import { profileOnDemand } from './profiler.ts';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

const [databaseUrl = '', doors = 'BOTH'] = process.argv.slice(2);
const [units, divisions, store] = await Promise.all([
  openRealUnits(),
  openDivisions(),
  openStore({ url: databaseUrl }),
]);
await store.migrate(units);
const whole = { units, divisions, reader: store.reader, cursorKey: await store.setting('cursor-key') };
const gateway = await openGateway({
  host: '127.0.0.1',
  port: 0,
  subschemas: toStoreSubschemas(whole),
  whole,
  doors: doors === 'STITCHED' ? 'STITCHED' : 'BOTH',
  keys: [],
  clock: Date.now,
  log: SILENT,
  health: async () => ({ store: { ok: true }, units: {} }),
});
profileOnDemand();
process.send?.({ url: `${gateway.url}/graphql` });
process.on('disconnect', () => process.exit(0));
