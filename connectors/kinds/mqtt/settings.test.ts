// What of a manifest this kind refuses at opening.
import { describe, expect, test } from '@jest/globals';
import { codecs, type SettingsOptions, toSettings } from './broker.fixture.ts';
import { toMqttPlan } from './settings.ts';

const plan = (change: SettingsOptions) => toMqttPlan(toSettings(change), codecs);

describe('a broker', () => {
  test('is found where the secret says, at the scheme’s own port where it names none', () => {
    expect(plan({ url: 'mqtt://broker.example' }).server).toEqual({
      host: 'broker.example',
      port: 1883,
      isTls: false,
    });
    expect(plan({ url: 'mqtts://[::1]' }).server).toEqual({ host: '::1', port: 8883, isTls: true });
  });

  test.each([
    ['http://broker.example', /must begin with mqtt/],
    ['broker', /must be like/],
    ['mqtt://', /names no host/],
    ['mqtt://hub:s3cr3t@broker.example', /belong to `auth`/],
  ])('is not found at %s', (url, message) => {
    const open = () => plan({ url });
    expect(open).toThrow(expect.objectContaining({ code: 'HUB_CONFIG_INVALID' }));
    expect(open).toThrow(message);
    expect(open).not.toThrow(/s3cr3t/);
  });

  test('is acknowledged to late only where it can be', () => {
    const toDurable = (options: SettingsOptions['options']) =>
      plan({ ...(options === undefined ? {} : { options }) }).isDurable;
    expect([toDurable({}), toDurable({ ack: 'none' }), toDurable({ qos: 0 })]).toEqual([true, false, false]);
  });
});

describe('what this hub does not read yet is refused at opening', () => {
  test.each([
    ['an unknown codec', { objects: { a: { topics: ['a'], codec: 'xlsx' } } }],
    [
      'an unknown codec within',
      { objects: { a: { topics: ['a'], unwrap: [{ path: 'x', codec: 'jt808' }] } } },
    ],
    ['parts in several messages', { options: { assemble: { within: 'PT1M' } } }],
    ['parts of one object', { objects: { a: { topics: ['a'], codec: 'gb26875', assemble: {} } } }],
  ])('%s', (_what, change) => {
    expect(() => plan(change)).toThrow(expect.objectContaining({ code: 'HUB_SOURCE_UNSUPPORTED' }));
  });
});
