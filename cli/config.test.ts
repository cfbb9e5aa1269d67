import { describe, expect, test } from '@jest/globals';
import { parseConfig } from './config.ts';

const faultsOf = (environment: Record<string, string>): string => {
  try {
    parseConfig(environment);
  } catch (error) {
    return String(error);
  }
  return '';
};

describe('the environment', () => {
  test('an empty one gives the embedded store on the loopback address', () => {
    expect(parseConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      portIsDefault: true,
      databaseUrl: null,
      redisUrl: null,
      sandbox: true,
    });
  });

  test('what is set is honoured', () => {
    const config = parseConfig({
      PORT: '4321',
      HUB_DATA_DIR: '/srv/hub',
      HUB_DATABASE_URL: 'postgres://h/d',
      REDIS_URL: 'redis://h:6379',
    });
    expect(config).toMatchObject({
      port: 4321,
      portIsDefault: false,
      dataDir: '/srv/hub',
      databaseUrl: 'postgres://h/d',
      redisUrl: 'redis://h:6379',
    });
  });

  test('private targets are a list, and none unless they are given', () => {
    const text = '10.20.0.0/16, service.yz.gov.cn:8080';
    expect(parseConfig({ HUB_PRIVATE_TARGETS: text }).privateTargets).toEqual([
      '10.20.0.0/16',
      'service.yz.gov.cn:8080',
    ]);
    expect(parseConfig({}).privateTargets).toEqual([]);
  });

  test('every fault is listed at once, by variable', () => {
    const text = faultsOf({
      HUB_PRIVATE_TARGETS: '10.0.0.0/8,10.0.0.0/99',
      PORT: 'eighty',
      HUB_DATABASE_URL: 'mysql://h/d',
      REDIS_URL: 'nowhere',
      HUB_KEYS: 'a:b',
      HUB_DATABSE_URL: 'x',
    });
    expect(text).toContain('6 fault(s)');
    for (const name of [
      'PORT:',
      'HUB_DATABASE_URL:',
      'REDIS_URL:',
      'HUB_KEYS:',
      'HUB_PRIVATE_TARGETS:',
      'HUB_DATABSE_URL: no such variable',
    ])
      expect(text).toContain(name);
  });

  test('no value is repeated in a fault, since it may be a secret', () => {
    expect(faultsOf({ HUB_DATABASE_URL: 'mysql://root:hunter2@h/d', HUB_KEYS: 'hunter2' })).not.toContain(
      'hunter2',
    );
  });

  test('another address than the loopback one needs keys', () => {
    expect(faultsOf({ HOST: '0.0.0.0' })).toContain('HUB_KEYS');
    expect(parseConfig({ HOST: '0.0.0.0', HUB_KEYS: `ops:${'a'.repeat(64)}` }).keys).toHaveLength(1);
  });

  test.each(['0', '65536', '-1', '40.5', ' 80'])('%j is no port', (port) =>
    expect(faultsOf({ PORT: port })).toContain('PORT:'),
  );

  test('a secret of a manifest is looked up by its name', () => {
    expect(parseConfig({ HYDROLOGY_URL: 'postgres://h/d' }).secret('HYDROLOGY_URL')).toBe('postgres://h/d');
    expect(parseConfig({}).secret('HYDROLOGY_URL')).toBeUndefined();
    expect(parseConfig({ HYDROLOGY_URL: '' }).secret('HYDROLOGY_URL')).toBeUndefined();
  });
});
