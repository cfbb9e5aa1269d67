import { describe, expect, test } from '@jest/globals';
import { HubError } from '../../schema/errors.ts';
import { runHealthCheck, toReadiness } from './health.ts';

const OK = { ok: true };
const WELL = { store: OK, units: { water: OK } };

describe('readiness', () => {
  test.each([
    ['all is well', WELL, OK, true],
    ['a unit is down', { store: OK, units: { water: { ok: false } } }, OK, true],
    ['the store is down', { store: { ok: false }, units: {} }, OK, false],
    ['no schema is in service', WELL, { ok: false }, false],
  ])('when %s', (_what, report, schema, ready) => {
    expect(toReadiness(report, schema)).toEqual({ ...report, schema, ready });
  });
});

describe('the check', () => {
  test('hands the report through', async () => expect(await runHealthCheck(async () => WELL)).toBe(WELL));

  test('that hangs ends at its deadline', async () => {
    const report = await runHealthCheck(() => new Promise(() => undefined), 5);
    expect(report).toEqual({ store: { ok: false, detail: 'no answer within 5 ms' }, units: {} });
  });

  test('that fails tells a code, never a message', async () => {
    const detail = async (error: Error) => (await runHealthCheck(() => Promise.reject(error))).store.detail;
    expect(await detail(new HubError('HUB_STORE_UNREACHABLE', '10.0.0.7'))).toBe('HUB_STORE_UNREACHABLE');
    expect(await detail(new Error('password=x'))).toBe('the check failed');
  });

  test('that throws at once is a failed check too', async () => {
    const report = await runHealthCheck(() => {
      throw new Error('x');
    });
    expect(report.store.ok).toBe(false);
  });
});
