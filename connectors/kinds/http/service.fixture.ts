// Sources of kind http on the test service of kit/web.
import type { SourceSettings } from '../../kit/contract.ts';
import { type Clock, wallClock } from '../../kit/resilience/clock.ts';
import { CODECS, LOCAL_TARGETS, toWebHarness, toWebSettings } from '../../kit/web/service.fixture.ts';
import { toHttpKind } from './http-kind.ts';

/** Settings of a source with one object, as a worker makes them from a manifest. */
export function toSettings(
  url: string,
  options: SourceSettings['options'],
  object: SourceSettings['options'] = {},
  more: Partial<SourceSettings> = {},
): SourceSettings {
  return toWebSettings(url, options, { request: { method: 'GET', path: '/list' }, ...object }, more);
}

export function toHarness() {
  return toWebHarness((...settings: Parameters<typeof toSettings>) => openSource(toSettings(...settings)));
}

export function openSource(settings: SourceSettings, clock: Clock = wallClock, codecs = CODECS) {
  return toHttpKind({ codecs, clock, counties: ['431102', '431103'], targets: LOCAL_TARGETS }).open(settings);
}
