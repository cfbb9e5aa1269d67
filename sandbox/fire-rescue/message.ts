// Reports and signs of life as they are published: frames in hex under …/up/frame, JSON under …/up/json, and whether a device
// is there under …/online, which the broker keeps.
import type { Instant } from '../clock/sandbox-clock.ts';
import { type Part, type Report, SIGNALS } from './alarm.ts';
import { encodeReport } from './frame.ts';
import { type Site, toWrittenCode } from './site.ts';

export type Message = { readonly topic: string; readonly payload: string; readonly isRetained: boolean };

/** No document names them. */
const [UNKNOWN_BIT, UNKNOWN_STATE] = [9, 11];
const [SYSTEM_TYPE, PART_TYPE] = [1, 40];
/** One of the text's bytes. */
const DAMAGED_BYTE = 40;

export function toMessages(report: Report): Message[] {
  return report.site.speaks === 'frame'
    ? [toFrame(report)]
    : report.parts.map((part) => toJson(report, part));
}

export function toOnline(site: Site, at: Instant): Message {
  const topic = `fire/${toWrittenCode(site, 'topic')}/online`;
  return { topic, payload: JSON.stringify({ online: 1, ts: at }), isRetained: true };
}

function toFrame({ site, serial, at, parts, isDamaged }: Report): Message {
  const source = `0746${String(site.number).padStart(8, '0')}`;
  const states = parts.map(({ system, address, signals, hasUnknown, text, at: noticed }) => ({
    ...{
      systemType: SYSTEM_TYPE,
      systemAddress: system,
      partType: PART_TYPE,
      partAddress: address,
      text,
      at: noticed,
    },
    state: signals.reduce(
      (bits, signal) => bits | (1 << SIGNALS.indexOf(signal)),
      hasUnknown ? 1 << UNKNOWN_BIT : 0,
    ),
  }));
  const frame = encodeReport({ serial, source, at }, states);
  if (isDamaged) frame.writeUInt8(frame.readUInt8(DAMAGED_BYTE) ^ 0x01, DAMAGED_BYTE);
  const topic = `fire/${toWrittenCode(site, 'topic')}/up/frame`;
  return { topic, payload: frame.toString('hex').toUpperCase(), isRetained: false };
}

/** State 0 is normal operation, 1 fire, and so on as the bits are. */
function toJson({ site, serial }: Report, { system, address, signals, text, at }: Part): Message {
  const [signal] = signals;
  const said = {
    ...{ msgId: serial, sysAddr: system, devAddr: String(address), desc: text },
    state: String(signal === undefined ? UNKNOWN_STATE : SIGNALS.indexOf(signal)),
    ts: site.speaks === 'seconds' ? Math.floor(at / 1000) : at,
  };
  const topic = `fire/${toWrittenCode(site, 'topic')}/up/json`;
  return { topic, payload: JSON.stringify(said), isRetained: false };
}
