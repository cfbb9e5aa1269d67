// What becomes of notices between two times at which they are written down.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DeviceNotice } from '../../connectors/kit/contract.ts';
import { openDeviceBook } from './device-book.ts';

const toNotice = (state: DeviceNotice['state'], more: Partial<DeviceNotice> = {}): DeviceNotice => ({
  ...{
    device: 'T1',
    peer: '10.0.0.7',
    state,
    at: '2026-04-05T00:00:00Z',
    frames: 1,
    refused: 0,
    reason: null,
  },
  ...more,
});

describe('what is new of a device', () => {
  test('is one update, however many notices came of it, and is told once', () => {
    const book = openDeviceBook();
    book.note([
      toNotice('connected'),
      toNotice('heard', { at: '2026-04-05T00:00:05Z', frames: 7, refused: 2, reason: 'CHECKSUM' }),
      toNotice('connected', { device: 'T2', peer: null }),
    ]);
    expect(book.take()).toEqual([
      {
        ...{ device: 'T1', peer: '10.0.0.7', connected: true, frames: 8, refused: 2, reason: 'CHECKSUM' },
        ...{ connectedAt: '2026-04-05T00:00:00Z', heardAt: '2026-04-05T00:00:05Z', disconnectedAt: null },
      },
      expect.objectContaining({ device: 'T2', peer: null }),
    ]);
    expect(book.take()).toEqual([]);
  });

  test('is still new when it could not be written down, and what came meanwhile is newer', () => {
    const book = openDeviceBook();
    book.note([toNotice('connected')]);
    const taken = book.take();
    book.note([toNotice('disconnected', { at: '2026-04-05T00:01:00Z', frames: 0 })]);
    book.giveBack(taken);
    expect(book.take()).toMatchObject([
      {
        connected: false,
        frames: 1,
        heardAt: '2026-04-05T00:00:00Z',
        disconnectedAt: '2026-04-05T00:01:00Z',
      },
    ]);
  });

  test('of one that came back before its old line broke is that it is connected', () => {
    const book = openDeviceBook();
    book.note([toNotice('connected'), toNotice('connected'), toNotice('disconnected', { frames: 0 })]);
    expect(book.take()).toMatchObject([{ connected: true, disconnectedAt: null }]);
    book.note([toNotice('disconnected', { frames: 0 })]);
    expect(book.take()).toMatchObject([{ connected: false, disconnectedAt: '2026-04-05T00:00:00Z' }]);
  });

  test('adds up to what was sent, wherever it is taken and given back', () => {
    const notice = fc.record({
      state: fc.constantFrom('connected', 'heard', 'disconnected'),
      device: fc.constantFrom('T1', 'T2', 'T3'),
      frames: fc.nat(9),
      refused: fc.nat(9),
    });
    const step = fc.oneof(notice, fc.constant('write' as const), fc.constant('fail' as const));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const book = openDeviceBook();
        let [sent, written] = [0, 0];
        const count = (updates: readonly { readonly frames: number; readonly refused: number }[]) =>
          updates.reduce((sum, { frames, refused }) => sum + frames + refused, 0);
        for (const one of steps) {
          if (one === 'write') written += count(book.take());
          else if (one === 'fail') book.giveBack(book.take());
          else {
            book.note([toNotice(one.state, one)]);
            sent += one.frames + one.refused;
          }
        }
        expect(written + count(book.take())).toBe(sent);
      }),
    );
  });
});

test('Whoever invents devices does not fill the memory, and pushes out nobody who is there', () => {
  const book = openDeviceBook(3);
  book.note(Array.from({ length: 100 }, (_, at) => toNotice('connected', { device: `T${at}` })));
  expect(book.take().map(({ device }) => device)).toEqual(['T0', 'T1', 'T2']);
  expect(book.unknown()).toBe(97);
  book.note([toNotice('disconnected', { device: 'T0' })]);
  book.take();
  book.note([toNotice('connected', { device: 'T200' })]);
  expect(book.take()).toMatchObject([{ device: 'T200' }]);
});
