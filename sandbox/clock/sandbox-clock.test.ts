import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openClock } from './sandbox-clock.ts';

describe('the sandbox clock', () => {
  test('starts now when nothing else is asked, and goes as fast as the wall clock', () => {
    let wall = 1000;
    const clock = openClock({ wall: () => wall });
    expect(clock.now()).toBe(1000);
    wall = 5000;
    expect(clock.now()).toBe(5000);
  });

  test('starts in the past and runs fast until it has caught up', () => {
    let wall = 1_000_000;
    const clock = openClock({ start: 400_000, speed: 10, wall: () => wall });
    expect(clock.now()).toBe(400_000);
    wall += 1000;
    expect(clock.now()).toBe(410_000);
    wall += 999_000;
    expect(clock.now()).toBe(wall);
  });

  test('stands still when frozen, and moves only forward, at most to the wall clock', () => {
    let wall = 10_000;
    const clock = openClock({ start: 100, frozen: true, wall: () => wall });
    wall = 20_000;
    expect(clock.now()).toBe(100);
    clock.moveTo(300);
    clock.moveTo(200);
    expect(clock.now()).toBe(300);
    clock.moveTo(99_999);
    expect(clock.now()).toBe(20_000);
  });

  test('never passes the wall clock and never goes back, whatever is asked of it', () => {
    const steps = fc.array(
      fc.record({
        pass: fc.integer({ min: 0, max: 10 ** 6 }),
        to: fc.option(fc.integer({ min: 0, max: 10 ** 9 })),
      }),
    );
    const speeds = fc.double({ min: 0.1, max: 10_000, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 ** 9 }),
        speeds,
        fc.boolean(),
        steps,
        (start, speed, frozen, all) => {
          let wall = 10 ** 8;
          const clock = openClock({ start, speed, frozen, wall: () => wall });
          let before = clock.now();
          for (const { pass, to } of all) {
            wall += pass;
            if (to !== null) clock.moveTo(to);
            expect(clock.now()).toBeLessThanOrEqual(wall);
            expect(clock.now()).toBeGreaterThanOrEqual(before);
            before = clock.now();
          }
        },
      ),
    );
  });

  test.each([0, -1, Number.NaN])('refuses the speed %p', (speed) => {
    expect(() => openClock({ speed })).toThrow(/speed must be above 0/);
  });
});
