// The departments whose systems send by themselves, as their units have them, or their paper drafts where there is no unit yet: what a
// worker needs to listen to each, and that it can.
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { parseManifest } from '../connectors/kit/manifest/parse-manifest.ts';
import { compileMappings } from '../connectors/kit/mapping/compile-mappings.ts';
import { planFeeds } from '../jobs/plan/plan-feeds.ts';
import { openSources } from '../jobs/worker/open-sources.ts';
import { openDivisions } from '../schema/divisions/open-divisions.ts';
import { toKinds } from './kinds.ts';

const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
const DRAFTS = new URL('../connectors/kit/manifest/fixtures/drafts/', import.meta.url);
const UNITS = new URL('../connectors/units/', import.meta.url);
const divisions = await openDivisions();
const kinds = toKinds(divisions, LOG, []);

async function openSocketOf(name: string, secrets: (name: string) => string | undefined) {
  const own = ['maritime', 'transport'].includes(name);
  const text = await readFile(
    own ? new URL(`${name}/unit.yaml`, UNITS) : new URL(`${name}.yaml`, DRAFTS),
    'utf8',
  );
  const { unit } = parseManifest(text, { file: `${name}.yaml`, folder: name });
  if (unit === null) throw new Error(`${name}.yaml must be a manifest`);
  const feeds = planFeeds(unit, compileMappings(unit, { divisions }), (kind) => kinds[kind]?.capabilities);
  const pushed = feeds.filter(
    ({ key, unsupported }) =>
      unsupported === null &&
      unit.sources.some((source) => source.kind === 'socket' && source.name === key.source),
  );
  const sources = await openSources(unit, pushed, { kinds, secrets, protect: (source) => source });
  return { pushed, sources };
}

test.each([
  ['hydrology', ['telemetry/report']],
  ['ecology', ['stations/hourly', 'stations/realtime', 'stations/tenMinutes']],
  ['transport', ['terminals/batch', 'terminals/position']],
  ['maritime', ['ais/position', 'ais/static', 'ais/staticA', 'ais/staticB']],
])('%s is listened to over a port of its own', async (name, objects) => {
  const { pushed, sources } = await openSocketOf(name, (secret) => (secret.endsWith('_PORT') ? '0' : 'x'));
  expect(pushed.map(({ key }) => `${key.source}/${key.object}`).toSorted()).toEqual(objects);
  // One worker holds all of them at once, however many they are.
  expect(pushed.map(({ most }) => most)).toEqual(pushed.map(() => null));
  const [feed] = pushed;
  if (feed === undefined) throw new Error('a feed is planned');
  const end = await sources.of(feed).listen(async () => undefined);
  await end();
  await sources.close();
});

test('a port or a password that the environment lacks is named', async () => {
  await expect(openSocketOf('hydrology', () => undefined)).rejects.toMatchObject({
    code: 'HUB_CONFIG_INVALID',
    message: expect.stringMatching(/HYDROLOGY_TELEMETRY_PORT, HYDROLOGY_RTU_PASSWORD/),
  });
});
