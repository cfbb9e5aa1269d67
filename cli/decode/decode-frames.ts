// Frames of a device, as people keep them: hexadecimal digits with blanks and line breaks, or the bytes themselves. Records go
// out as JSON lines; what is no sound frame is told by reason and place.
import type { RawValue } from '../../connectors/kit/contract.ts';
import type { FrameCodec, FrameItem, FrameOptions } from '../../connectors/kit/frame-codec.ts';
import type { DecodeStreams } from './decode-streams.ts';
import { toHexReader } from './hex-text.ts';

/** Wide, since a file ends by itself: nothing is given up while it is read. */
const OPTIONS: FrameOptions = { frameBytes: 65_536, withinMs: 3_600_000, parts: 1000 };

/** True when every byte belonged to a sound frame. Rejects with HUB_SOURCE_FORMAT where hexadecimal text is broken. */
export async function decodeFrames(
  codec: FrameCodec,
  isRaw: boolean,
  streams: DecodeStreams,
): Promise<boolean> {
  let isClean = true;
  const tell = async (items: readonly FrameItem[]): Promise<void> => {
    for (const item of items) {
      if (item.kind === 'frame') for (const line of toLines(item)) await streams.print(line);
      else {
        isClean = false;
        streams.complain(`${streams.name}  ${item.reason}  byte ${item.offset}: ${item.message}`);
      }
    }
  };
  const reader = toHexReader(isRaw);
  let state = codec.begin(OPTIONS);
  for await (const bytes of streams.input) {
    const step = codec.step(state, reader.step(bytes), streams.now());
    state = step.state;
    await tell(step.items);
  }
  reader.end();
  await tell(codec.end(state, streams.now()).items);
  return isClean;
}

/** A frame without records shows that it came. */
function toLines({ message, device, records }: FrameItem & { readonly kind: 'frame' }): readonly string[] {
  const told = records.length > 0 ? records : [{ '@message': message, '@device': device }];
  return told.map((record) => JSON.stringify(record, (_, value: RawValue) => toPrintable(value)));
}

function toPrintable(value: RawValue): RawValue {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
