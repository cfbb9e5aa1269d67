// A stream of bytes as what its format finds in it: frames, refusals, noise. Shared by the codecs of frames, which only say
// what stands at the head of the bytes; holding, limits, offsets and going on behind damage are here. Pure.
import { join } from './encoding-bytes.ts';
import type { FrameFault, RefusedFrame } from './frame-codec.ts';

/**
 * What stands at the head of the bytes held. `wait`: too few to tell (`until`: how many it takes at least) · `gap`: filling
 * that says nothing · `noise`: so many bytes begin no frame. All but `wait` must be so whatever follows.
 */
export type Reading<T> =
  | { readonly kind: 'wait'; readonly until?: number }
  | { readonly kind: 'gap' | 'noise'; readonly bytes: number }
  | { readonly kind: 'frame'; readonly bytes: number; readonly value: T }
  | ({ readonly kind: 'refused'; readonly bytes: number } & Refusal);

export type Refusal = {
  readonly reason: FrameFault;
  readonly message: string;
  readonly reply?: Uint8Array;
};

export type FrameReader<T> = {
  /** Bytes of the shortest frame. What is refused with fewer is noise, so that beginnings without number are no refusals without number. */
  readonly least?: number;
  /** `held` is never empty; `isEnd`: nothing follows it. Must not keep a view of `held` in the value. */
  read(held: Uint8Array, isEnd: boolean): Reading<T>;
  /** The first place at or behind `from` where a frame may begin, if only with the last bytes held; else their length. */
  next(held: Uint8Array, from: number): number;
};

/** The first `noise` of the bytes held are noise that may go on; `offset` is where they stand in the stream. */
export type FrameStream = {
  readonly held: Uint8Array;
  readonly noise: number;
  readonly offset: number;
  readonly until: number;
};
export const BEGIN_STREAM: FrameStream = { held: new Uint8Array(0), noise: 0, offset: 0, until: 0 };

export type Piece<T> =
  | { readonly kind: 'frame'; readonly value: T; readonly raw: Uint8Array; readonly offset: number }
  | RefusedFrame;

/**
 * The pieces that are complete with these bytes. A refused frame ends where the next may begin, so that one that lies about
 * its length hides none. Noise comes in one piece, or in pieces of `frameBytes`. `isEnd`: the peer has gone.
 */
export function readStream<T>(
  reader: FrameReader<T>,
  stream: FrameStream,
  bytes: Uint8Array,
  { frameBytes, isEnd = false }: { readonly frameBytes: number; readonly isEnd?: boolean },
): { readonly stream: FrameStream; readonly pieces: readonly Piece<T>[] } {
  const pieces: Piece<T>[] = [];
  let all = join(stream.held, bytes);
  let { noise, offset, until } = stream;

  const take = (count: number) => {
    const raw = new Uint8Array(all.subarray(0, count));
    const from = offset;
    all = all.subarray(count);
    offset += count;
    return { raw, offset: from };
  };
  const takeNoise = (count: number) => {
    if (count === 0) return;
    const message = `${count} bytes between frames`;
    pieces.push({ kind: 'refused', reason: 'NOISE', message, ...take(count) });
    noise -= count;
  };
  const addNoise = (count: number) => {
    noise += count;
    // The last piece is kept until it is known how it ends: filling within noise is noise.
    if (noise > frameBytes) takeNoise(frameBytes);
  };
  const refuse = (count: number, { reason, message, reply }: Refusal) => {
    const end = Math.max(1, reader.next(all.subarray(noise, noise + count), 1));
    const isLast = reason === 'BROKEN' && noise + end === all.length;
    if (end < (reader.least ?? 1) && !isLast) return addNoise(end);
    takeNoise(noise);
    const piece = { kind: 'refused' as const, reason, message, ...take(end) };
    pieces.push(reply === undefined ? piece : { ...piece, reply });
  };

  while (all.length > noise && (isEnd || all.length - noise >= until)) {
    const window = all.subarray(noise, noise + frameBytes);
    const isLast = isEnd && noise + window.length === all.length;
    const reading = reader.read(window, isLast);
    if (reading.kind === 'wait') {
      const cut = toCut(window.length, frameBytes, isLast);
      if (cut === null) {
        until = Math.max(window.length + 1, Math.min(frameBytes, reading.until ?? 0));
        break;
      }
      refuse(window.length, cut);
    } else if (reading.kind === 'noise' || (reading.kind === 'gap' && noise > 0)) {
      addNoise(Math.max(1, reading.bytes));
    } else if (reading.kind === 'refused') refuse(reading.bytes, reading);
    else {
      takeNoise(noise);
      const taken = take(Math.max(1, reading.bytes));
      if (reading.kind === 'frame') pieces.push({ kind: 'frame', value: reading.value, ...taken });
    }
    until = 0;
  }
  if (isEnd) takeNoise(noise);
  return { stream: { held: new Uint8Array(all), noise, offset, until }, pieces };
}

/** Why a frame that is still open is given up; null: it may go on. */
function toCut(held: number, frameBytes: number, isEnd: boolean): Refusal | null {
  if (held >= frameBytes)
    return { reason: 'LIMIT', message: `an open frame of ${held} bytes, the limit is ${frameBytes}` };
  return isEnd ? { reason: 'BROKEN', message: `the stream ends ${held} bytes into a frame` } : null;
}
