// Where changes go over Redis. Channels are the whole server's, its numbered databases only keep keys apart: the number
// stands in the name, so that two hubs on one Redis do not hear each other.
const NUMBER = /^\/(\d+)$/;

export function toChannel(url: string): string {
  return `hub:change:${NUMBER.exec(new URL(url).pathname)?.[1] ?? '0'}`;
}

/** Comes back within a few seconds of Redis, not all processes at the same moment. */
export function toBackoff(tries: number): number {
  return Math.min(tries * 100, 2000) * (0.5 + Math.random() / 2);
}
