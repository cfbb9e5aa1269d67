// The conformance suite over the mqtt kind. It is asked nothing, so that the suite's part is to see that it says so; what it
// does is in broker.test.ts, line.test.ts and reading.test.ts.
import { describe, test } from '@jest/globals';
import { FIXTURE, type ObjectName } from '../../kit/conformance/fixture.ts';
import { runCheck, toChecks } from '../../kit/conformance/suite.ts';
import type { Waiver, World } from '../../kit/conformance/world.ts';
import type { Source } from '../../kit/contract.ts';
import { wallClock } from '../../kit/resilience/clock.ts';
import { codecs, known, toSettings } from './broker.fixture.ts';
import { toMqttKind } from './mqtt-kind.ts';

const SECRET = 's3cr3t-word';
const OBJECTS = Object.keys(FIXTURE) as ObjectName[];
const WAIVERS: readonly Waiver[] = [
  { id: 'C29', reason: 'nothing is called for a page: only listening meets the broker (line.test.ts)' },
];

describe('the mqtt kind', () => {
  test.each(toChecks(WAIVERS))('$id $title', (check) => runCheck(check, openWorld), 60_000);
});

async function openWorld(): Promise<World> {
  const sources: Source[] = [];
  const kind = toMqttKind({ codecs, clock: wallClock });
  const nothing = async () => undefined;
  return {
    names: Object.fromEntries(OBJECTS.map((object) => [object, object])) as World['names'],
    secret: SECRET,
    open: async (overrides = {}) => {
      const options = { auth: { basic: { user: known('hub'), password: known(SECRET) } } };
      const source = await kind.open({ ...toSettings({ options, port: 1 }), ...overrides });
      sources.push(source);
      return source;
    },
    insert: nothing,
    dropColumn: nothing,
    faults: {
      hang: () => undefined,
      dieAfter: () => undefined,
      down: () => undefined,
      heal: () => undefined,
    },
    connections: async () => 0,
    close: async () => {
      await Promise.all(sources.map((source) => source.close()));
    },
  };
}
