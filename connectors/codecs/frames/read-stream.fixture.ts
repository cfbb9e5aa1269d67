// For tests of the codecs of frames: what came out, and that no damage hides a sound frame.
import { expect } from '@jest/globals';
import fc from 'fast-check';
import { readAll } from '../../kit/frame-codec.fixture.ts';
import type { Frame, FrameCodec, FrameItem, RefusedFrame } from '../../kit/frame-codec.ts';
import { toJoined } from '../../kit/frame-parts.ts';

export function framesOf(items: readonly FrameItem[]): readonly Frame[] {
  return items.filter((item) => item.kind === 'frame');
}

export function refusedOf(items: readonly FrameItem[]): readonly RefusedFrame[] {
  return items.filter((item) => item.kind === 'refused');
}

/** Reason and offset, what most tests ask. */
export function faultsOf(items: readonly FrameItem[]): readonly string[] {
  return refusedOf(items).map(({ reason, offset }) => `${reason}@${offset}`);
}

export function fromText(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

type Piece = { readonly bytes: Uint8Array; readonly isSound: boolean };

/** Sound frames, frames with one wrong byte or without their end, and noise of bytes that the protocol knows. */
function toMixtures(frame: fc.Arbitrary<Uint8Array>, alphabet: string): fc.Arbitrary<readonly Piece[]> {
  const sound = frame.map((bytes): Piece => ({ bytes, isSound: true }));
  const wrong = fc
    .tuple(frame, fc.nat(), fc.integer({ min: 1, max: 255 }))
    .map(([bytes, at, flip]): Piece => {
      const place = at % bytes.length;
      return { bytes: bytes.map((byte, index) => (index === place ? byte ^ flip : byte)), isSound: false };
    });
  const short = fc
    .tuple(frame, fc.nat())
    .map(([bytes, at]): Piece => ({ bytes: bytes.slice(0, at % bytes.length), isSound: false }));
  const noise = toTextOf(alphabet, 40).map((bytes): Piece => ({ bytes, isSound: false }));
  const anything = fc.uint8Array({ maxLength: 40 }).map((bytes): Piece => ({ bytes, isSound: false }));
  return fc.array(fc.oneof({ weight: 3, arbitrary: sound }, wrong, short, noise, anything), {
    maxLength: 10,
  });
}

/** Bytes that may mean something to the protocol. */
export function toTextOf(alphabet: string, maxLength = 300): fc.Arbitrary<Uint8Array> {
  return fc.string({ unit: fc.constantFrom(...alphabet), maxLength }).map(fromText);
}

/** Streams of all that may come. */
export function toStreams(frame: fc.Arbitrary<Uint8Array>, alphabet: string): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    {
      weight: 3,
      arbitrary: toMixtures(frame, alphabet).map((all) => toJoined(all.map(({ bytes }) => bytes))),
    },
    toTextOf(alphabet),
    fc.uint8Array({ maxLength: 300 }),
  );
}

export function expectSoundFound<State>(
  codec: FrameCodec<State>,
  frame: fc.Arbitrary<Uint8Array>,
  alphabet: string,
): void {
  fc.assert(
    fc.property(toMixtures(frame, alphabet), (mixture) => {
      const items = readAll(codec, toJoined(mixture.map(({ bytes }) => bytes)));
      const raws = new Set(framesOf(items).map(({ raw }) => Buffer.from(raw).toString('latin1')));
      for (const { bytes, isSound } of mixture)
        if (isSound) expect(raws).toContain(Buffer.from(bytes).toString('latin1'));
    }),
    { numRuns: 300 },
  );
}
