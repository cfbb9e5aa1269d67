import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { LastRun } from '../../store/operate/contract.ts';
import { openView } from './open-view.ts';
import { toSightOfRun, toWaiting } from './sight.ts';

const FEED = 'fork/rain/window';
const STARTED = Date.parse('2026-04-05T08:00:00Z');

const toRun = (more: Partial<LastRun>): LastRun => ({
  feed: { unit: 'hydrology', source: 'fork', object: 'rain', strategy: 'window' },
  ...{ id: '7', state: 'RUNNING', reason: 'manual', startedAt: '2026-04-05T08:00:00.000Z', endedAt: null },
  ...{ read: 3000, written: 2900, setAside: 4, position: 0.25, errorCode: null },
  ...more,
});

function openLines(clock: () => number) {
  let text = '';
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  const view = openView([FEED], output as Writable & NodeJS.WriteStream, clock);
  return { view, lines: () => text.split('\n').slice(0, -1) };
}

describe('hub sync without a terminal', () => {
  test('has a line a second at most and one at the end, with rate and estimated end', () => {
    let now = STARTED;
    const { view, lines } = openLines(() => now);
    view.look([toWaiting(FEED)]);
    for (; now < STARTED + 3000; now += 250)
      view.look([toSightOfRun(FEED, toRun({ read: 1 + now - STARTED }), now)]);
    expect(lines()).toHaveLength(3);
    view.look([toSightOfRun(FEED, toRun({ state: 'SUCCEEDED', endedAt: '2026-04-05T08:00:03.000Z' }), now)]);
    view.end();
    expect(lines()).toHaveLength(4);
    expect(lines()[2]).toBe(
      '  … fork/rain/window  同步中 running  读 read 2001  写 written 2900  搁置 set aside 4  1001 行/秒 rows/s  25%  预计结束 ends about 2026-04-05T08:00:08Z',
    );
    expect(lines()[3]).toBe(
      '  ✓ fork/rain/window  完成 done  读 read 3000  写 written 2900  搁置 set aside 4  1000 行/秒 rows/s',
    );
  });

  test('says how a run failed at once, and does not guess an end where nothing tells how much there is', () => {
    const { view, lines } = openLines(() => STARTED);
    const running = toSightOfRun(FEED, toRun({ position: null }), STARTED + 1000);
    expect(running).toMatchObject({ position: null, estimatedEndAt: null, rowsPerSecond: 3000 });
    view.look([running]);
    const failed = { state: 'FAILED', endedAt: '2026-04-05T08:00:01.000Z', errorCode: 'HUB_SOURCE_TIMEOUT' };
    view.look([toSightOfRun(FEED, toRun(failed as Partial<LastRun>), STARTED)]);
    expect(lines()[1]).toMatch(/^ {2}✗ fork\/rain\/window {2}失败 failed .* HUB_SOURCE_TIMEOUT$/);
  });
});
