// What a broker answers while a connection is made: one packet is waited for at a time.
import type { IConnackPacket, ISubackPacket } from 'mqtt-packet';

type Answer = { readonly connack: IConnackPacket; readonly suback: ISubackPacket };

export type Answers = {
  /** Rejects with the fault that ended the connection, before or after. */
  next<Cmd extends keyof Answer>(cmd: Cmd): Promise<Answer[Cmd]>;
  take(packet: IConnackPacket | ISubackPacket): void;
  fail(error: Error): void;
};

export function toAnswers(): Answers {
  type Waiting = { cmd: string; resolve: (packet: never) => void; reject: (error: Error) => void };
  let waiting: Waiting | null = null;
  let fault: Error | null = null;
  return {
    next: (cmd) =>
      new Promise((resolve, reject) => {
        if (fault === null) waiting = { cmd, resolve, reject };
        else reject(fault);
      }),
    take(packet) {
      if (waiting?.cmd !== packet.cmd) return;
      const { resolve } = waiting;
      waiting = null;
      resolve(packet as never);
    },
    fail(error) {
      fault = error;
      waiting?.reject(error);
      waiting = null;
    },
  };
}
