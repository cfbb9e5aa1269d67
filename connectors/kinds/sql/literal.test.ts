import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toDecimalText } from './decimal.ts';
import { toComparable, toKeyText } from './literal.ts';
import { toInstant, toWallClock } from './zone.ts';

const ZONE = 'Asia/Shanghai';

describe('a decimal number', () => {
  test.each([
    ['+007.50', '7.5'],
    ['-0', '0'],
    ['-.5', '-0.5'],
    ['1e3', '1000'],
    ['12.5E-4', '0.00125'],
    ['1.', '1'],
    [' 41 ', '41'],
    [1e21, '1000000000000000000000'],
    [0.000001, '0.000001'],
    ['99999999999999999999999999999999999999', '99999999999999999999999999999999999999'],
  ])('%s is %s', (raw, text) => {
    expect(toDecimalText(raw)).toBe(text);
  });

  test.each(['', '.', '-', 'e5', '1e', '0x1', '1,5', 'NaN', 'Infinity', '1 2', '١'])('%j is none', (raw) => {
    expect(toDecimalText(raw)).toBeNull();
  });

  test('has one spelling, whatever its zeros and exponent', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.nat(30), fc.nat(5), (digits, scale, zeros) => {
        const plain = toDecimalText(`${digits}e-${scale}`);
        const longer = `${digits}${'0'.repeat(zeros)}e-${scale + zeros}`;
        expect(toDecimalText(longer)).toBe(plain);
        expect(toDecimalText(String(plain))).toBe(plain);
      }),
    );
  });
});

describe('a wall clock', () => {
  test('is eight hours ahead of UTC in Shanghai, nine in the summer of 1988', () => {
    expect(toWallClock(Date.parse('2026-04-05T00:00:00Z'), ZONE)).toBe('2026-04-05 08:00:00');
    expect(toWallClock(Date.parse('1988-07-01T00:00:00Z'), ZONE)).toBe('1988-07-01 09:00:00');
  });

  test('that is shown twice means the earlier instant', () => {
    expect(new Date(toInstant('2026-11-01 01:30:00', 'America/New_York')).toISOString()).toBe(
      '2026-11-01T05:30:00.000Z',
    );
  });

  test('leads back to its instant', () => {
    const most = {
      min: Date.parse('1950-01-01T00:00:00Z') / 1000,
      max: Date.parse('2040-01-01T00:00:00Z') / 1000,
    };
    fc.assert(
      fc.property(
        fc.integer(most),
        fc.constantFrom(ZONE, 'UTC', 'Europe/London', 'Asia/Kathmandu'),
        (seconds, zone) => {
          const wall = toWallClock(seconds * 1000, zone);
          expect(toWallClock(toInstant(wall, zone), zone)).toBe(wall);
        },
      ),
    );
  });
});

describe('a literal for a column', () => {
  test.each([
    ['integer', '007', '7'],
    ['integer', true, '1'],
    ['integer', 'abc', null],
    ['decimal', 1.5, '1.5'],
    ['float', '0.10', 0.1],
    ['float', '', null],
    ['float', 'NaN', 'NaN'],
    ['boolean', 'T', true],
    ['boolean', 0, false],
    ['boolean', 'maybe', null],
    ['text', 41, '41'],
    ['text', '0041', '0041'],
    ['bytes', '00FF', '00ff'],
    ['bytes', 'xyz', null],
    ['json', '{}', null],
    ['time', '08:00:00', '08:00:00'],
  ] as const)('%s: %j is %j', (kind, literal, wanted) => {
    expect(toComparable(kind, literal, ZONE)).toBe(wanted);
  });

  test.each([
    ['timestamp', '2026-04-05 08:00:00', '2026-04-05 08:00:00'],
    ['timestamp', '2026-04-05T08:00', '2026-04-05 08:00:00'],
    ['timestamp', '2026-04-05', '2026-04-05 00:00:00'],
    ['timestamp', '2026-04-05 08:00:00.1234567', '2026-04-05 08:00:00.1234567'],
    ['timestamp', '2026-04-05 08:00:00.500', '2026-04-05 08:00:00.5'],
    ['timestamp', '2026-04-05T00:00:00.25Z', '2026-04-05 08:00:00.25'],
    ['timestamp', '2026-04-05T00:00:00-0500', '2026-04-05 13:00:00'],
    ['timestamptz', '2026-04-05 08:00:00.25', '2026-04-05T00:00:00.25+00:00'],
    ['timestamptz', '2026-04-05T08:00:00+08:00', '2026-04-05T00:00:00+00:00'],
    ['timestamptz', '2026-04-05T08:00:00+08', '2026-04-05T00:00:00+00:00'],
    ['date', '2026-04-05', '2026-04-05'],
    ['date', '2026-04-05T00:00:00', '2026-04-05'],
    ['date', '2026-04-05 08:00:00', '2026-04-05 08:00:00'],
    ['timestamp', '2026-13-05', null],
    ['timestamp', 'yesterday', null],
  ] as const)('%s: %s is %s', (kind, literal, wanted) => {
    expect(toComparable(kind, literal, ZONE)).toBe(wanted);
  });

  test('as a key does not count the blanks of a CHAR column', () => {
    expect(toKeyText('text', 'A1      ', ZONE)).toBe(toKeyText('text', 'A1', ZONE));
    expect(toKeyText('text', ' A1', ZONE)).not.toBe(toKeyText('text', 'A1', ZONE));
    expect(toKeyText('bytes', Buffer.from([0, 255]), ZONE)).toBe('00ff');
    expect(toKeyText('text', null, ZONE)).toBeNull();
  });
});
