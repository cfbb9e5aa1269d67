// Chance without state: the same seed and the same place in space and time always give the same number.

// Bound once: millions of calls a load, and a test runner's sandboxed globals are slow to look up.
const { floor, imul } = Math;

/** A number in [0, 1) that depends on nothing but its arguments (integers). */
export function toChance(seed: number, ...parts: readonly number[]): number {
  let hash = mix(seed >>> 0);
  for (const part of parts) {
    hash = mix(hash ^ (part >>> 0));
    // Above 32 bits (a time in milliseconds) the rest counts too.
    hash = mix(hash ^ (floor(part / 2 ** 32) >>> 0));
  }
  return hash / 2 ** 32;
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function mix(value: number): number {
  let hash = (value + 0x9e3779b9) | 0;
  hash = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
