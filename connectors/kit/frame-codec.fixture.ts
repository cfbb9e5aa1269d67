// Streams for tests of codecs of frames: the same bytes cut anywhere, and what must hold whatever a peer sends.
import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { FrameCodec, FrameItem, FrameOptions } from './frame-codec.ts';

export const OPTIONS: FrameOptions = { frameBytes: 4096, withinMs: 30_000, parts: 100 };
/** 2026-04-05 08:30:00 in Yongzhou. */
export const NOW = Date.UTC(2026, 3, 5, 0, 30);

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

export function toHex(bytes: Uint8Array | null | undefined): string | null {
  return bytes === null || bytes === undefined ? null : Buffer.from(bytes).toString('hex').toUpperCase();
}

/** All items of one peer that sends these bytes, cut at `cuts`, and leaves. */
export function readAll<State>(
  codec: FrameCodec<State>,
  bytes: Uint8Array,
  { cuts = [], ...options }: Partial<FrameOptions> & { readonly cuts?: readonly number[] } = {},
): readonly FrameItem[] {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let state = codec.begin({ ...OPTIONS, ...options });
  const items: FrameItem[] = [];
  let from = 0;
  for (const end of ends) {
    // One memory for every piece: a codec must not keep what its giver uses again.
    const piece = Uint8Array.from(bytes.subarray(from, end));
    const step = codec.step(state, piece, NOW);
    piece.fill(0xee);
    state = step.state;
    items.push(...step.items);
    from = end;
  }
  return [...items, ...codec.end(state, NOW).items];
}

/** A codec as its tests ask it: what hexadecimal digits say, and what they say where that is one item. */
export function toHexReader<State>(codec: FrameCodec<State>) {
  const read = (hex: string, options: Partial<FrameOptions> = {}) => readAll(codec, fromHex(hex), options);
  const only = (hex: string, options: Partial<FrameOptions> = {}) => {
    const [item, ...more] = read(hex, options);
    expect(more).toEqual([]);
    return item;
  };
  return { read, only };
}

/** Valid frames, damaged ones and noise, as one stream. */
export function streamOf(frame: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const damaged = fc
    .tuple(frame, fc.nat(), fc.nat(255), fc.constantFrom('change', 'lose', 'add', 'cut'))
    .map(([bytes, at, value, how]) => damage(bytes, at % bytes.length, value, how));
  const noise = fc.uint8Array({ maxLength: 12 });
  return fc
    .array(fc.oneof({ weight: 3, arbitrary: frame }, damaged, noise), { maxLength: 6 })
    .map((pieces) => new Uint8Array(Buffer.concat(pieces)));
}

function damage(bytes: Uint8Array, at: number, value: number, how: string): Uint8Array {
  const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
  if (how === 'cut') return before;
  const middle = how === 'lose' ? [] : how === 'add' ? [value, bytes[at] ?? 0] : [value];
  return new Uint8Array(Buffer.concat([before, Uint8Array.from(middle), behind]));
}

/** What must hold for any bytes: the same items however they are cut, all of what is refused found again where it stood. */
export function expectSteady<State>(codec: FrameCodec<State>, stream: fc.Arbitrary<Uint8Array>): void {
  const cuts = fc.array(fc.nat(), { maxLength: 20 });
  const options = fc.record({
    frameBytes: fc.constantFrom(24, 100, 4096),
    parts: fc.constantFrom(1, 3, 100),
  });
  fc.assert(
    fc.property(stream, cuts, options, (bytes, at, limits) => {
      const items = readAll(codec, bytes, limits);
      expect(readAll(codec, bytes, { ...limits, cuts: at })).toEqual(items);
      for (const item of items) {
        if (item.kind !== 'refused') continue;
        expect(item.raw.length).toBeGreaterThan(0);
        expect(item.raw.length).toBeLessThanOrEqual(limits.frameBytes);
        expect(bytes.slice(item.offset, item.offset + item.raw.length)).toEqual(item.raw);
      }
    }),
    { numRuns: 150 },
  );
}

/** Sound frames come out whole behind any noise that holds no beginning of a frame, and before any. */
export function expectFound<State>(
  codec: FrameCodec<State>,
  frame: fc.Arbitrary<Uint8Array>,
  noise: fc.Arbitrary<Uint8Array>,
): void {
  fc.assert(
    fc.property(fc.array(fc.tuple(noise, frame), { maxLength: 4 }), noise, (pairs, last) => {
      const items = readAll(codec, new Uint8Array(Buffer.concat([...pairs.flat(), last])));
      const found = items.filter(({ kind }) => kind === 'frame').map(({ raw }) => toHex(raw));
      expect(found).toEqual(pairs.map(([, each]) => toHex(each)));
      for (const item of items) if (item.kind === 'refused') expect(item.reason).toBe('NOISE');
    }),
    { numRuns: 100 },
  );
}
