// The seam for formats of frames: bytes of a stream or a datagram in, what they say and what the protocol answers out. Pure:
// no codec knows sockets, clocks or the store. The same bytes give the same items however the stream was cut.
import type { SourceRecord } from './contract.ts';

/**
 * A protocol of frames. A state belongs to one peer (one connection; one sender of datagrams) and is a value: a step makes a
 * new one and leaves the old one as it was.
 */
export type FrameCodec<State = unknown> = {
  /** The manifest's word. */
  readonly name: string;
  /** Before the peer's first byte. */
  begin(options: FrameOptions): State;
  /**
   * The next bytes of the peer; none are wanted by a caller who only tells that time has passed, after which assemblies
   * are given up. Never throws for what a peer sends, and never keeps more than `frameBytes` of an open frame and
   * `parts` open parts.
   */
  step(state: State, bytes: Uint8Array, now: number): FrameStep<State>;
  /** The peer has gone: an open frame and open assemblies are refused. */
  end(state: State, now: number): FrameStep<State>;
  /**
   * Where each device is given a code of its own to show (jt808): the one of this device, made of the source's secret. A peer
   * then speaks for the device that it proved itself as, and for no other. Absent: every device shows the secret itself.
   */
  codeOf?(secret: string, device: string): string;
};

export type FrameOptions = {
  /** The longest frame, delimiters and escapes included. */
  readonly frameBytes: number;
  /** How long an assembly may stay incomplete, milliseconds. */
  readonly withinMs: number;
  /** Parts of incomplete assemblies that may wait at a time. */
  readonly parts: number;
  /** What becomes of a list whose time is over: with `accept` what came is a frame that says so. Of cut messages nothing can be read. */
  readonly incomplete?: 'setAside' | 'accept';
  /** The source's secret, for a protocol that makes of it what it gives to a peer that registers (jt808); absent: its own number is given. */
  readonly password?: string;
  /** For protocols in which peers register and are asked (gb28181); absent: what a peer says is read, and no more. */
  readonly session?: FrameSession;
};

/** The conversation with one peer: who may register, and what the hub asks whoever did. */
export type FrameSession = {
  readonly id: string;
  readonly password: string;
  /** A secret of this process, of which its challenges are made. */
  readonly key: string;
  /** The address of the peer with its port, the hub's own port, and what carries them. */
  readonly peer: string;
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  /** Commands that are answered with a whole list, each asked anew after so many milliseconds. */
  readonly asks: readonly { readonly command: string; readonly everyMs: number }[];
  /** What is subscribed to. */
  readonly notices: readonly string[];
};

export type FrameStep<State> = {
  readonly state: State;
  readonly items: readonly FrameItem[];
  /** What the hub says by itself, each a message, to be sent behind the answers to the items. */
  readonly said?: readonly Uint8Array[];
};

export type FrameItem = Frame | RefusedFrame;

/** A whole message, or all the parts of one. */
export type Frame = {
  readonly kind: 'frame';
  /** The protocol's code of the message, as a manifest's `message` names it: `0200`, `2011`, `32`, `5`, `24A`, `2`. */
  readonly message: string;
  /** Who speaks, as the protocol names it (terminal, station, MMSI, MN); null where a frame does not say. */
  readonly device: string | null;
  /**
   * What it says, in the protocol's own names, each value as the standard codes it, not yet of the hub's units; none for
   * messages that only keep up the conversation. `@message` and, where there is one, `@device` stand in each.
   */
  readonly records: readonly SourceRecord[];
  /**
   * What the frame says only to prove who speaks, by the names that a manifest's `auth.frame` uses (`password`, `PW`): to be
   * compared and forgotten. Absent where the protocol has none. Stands in no record; `raw` and `reply` do carry it.
   */
  readonly credentials?: { readonly [column: string]: string };
  /** The bytes as they came; of several parts, one behind the other. */
  readonly raw: Uint8Array;
  /** What the protocol answers, to be sent once the records are durable; null where it answers nothing. */
  readonly reply: Uint8Array | null;
  /** True for a list of which parts never came: it is no snapshot. */
  readonly incomplete?: true;
  /** True for a list that says how much it has and has it: what is not in it is not there any more. */
  readonly whole?: true;
  /**
   * Of a protocol with a session: whether its sender has registered by now. `wrong`: it tried to, with a wrong proof. Only a
   * `proven` one's frame is to be taken, whatever it says; the others are answered.
   */
  readonly sender?: 'proven' | 'unproven' | 'wrong';
};

/** Bytes that are no sound frame; reading goes on behind them. */
export type RefusedFrame = {
  readonly kind: 'refused';
  readonly reason: FrameFault;
  /** English, without the content: what was expected, what was found. */
  readonly message: string;
  /** Of the first byte, counted from the peer's first. */
  readonly offset: number;
  /** As they came, at most `frameBytes`. */
  readonly raw: Uint8Array;
  /** Where the protocol can refuse: its answer, to be sent once the bytes are set aside, so that they are not sent again. */
  readonly reply?: Uint8Array;
};

/**
 * CHECKSUM: the check value differs · LENGTH: a length does not fit the bytes · FORMAT: a field is not of its form · LIMIT: longer
 * than `frameBytes`, or more than `parts` · NOISE: bytes between frames, or fewer than a frame has · BROKEN: ended in its middle · INCOMPLETE: parts are missing.
 */
export const FRAME_FAULTS = [
  'CHECKSUM',
  'LENGTH',
  'FORMAT',
  'LIMIT',
  'NOISE',
  'BROKEN',
  'INCOMPLETE',
] as const;
export type FrameFault = (typeof FRAME_FAULTS)[number];
