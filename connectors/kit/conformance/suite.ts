// The conformance suite: what every kind of source must do (design §2). A kind's test runs each check in a fresh world;
// it knows no test runner: checks are plain functions that throw.
import { DELIVERY_CHECKS } from './checks-deliveries.ts';
import { DIGEST_CHECKS } from './checks-digests.ts';
import { FAULT_CHECKS } from './checks-faults.ts';
import { PAGE_CHECKS } from './checks-pages.ts';
import { REQUEST_CHECKS } from './checks-requests.ts';
import { VALUE_CHECKS } from './checks-values.ts';
import type { Check, Waiver, World } from './world.ts';

/** In order of their ids, C01 first. */
export const CHECKS: readonly Check[] = [
  ...VALUE_CHECKS,
  ...PAGE_CHECKS,
  ...REQUEST_CHECKS,
  ...FAULT_CHECKS,
  ...DELIVERY_CHECKS,
  ...DIGEST_CHECKS,
];

/** The checks that a kind must pass; throws when a waiver names no check or gives no reason. */
export function toChecks(waivers: readonly Waiver[]): readonly Check[] {
  for (const { id, reason } of waivers) {
    if (!CHECKS.some((check) => check.id === id)) throw new RangeError(`a waiver names no check: ${id}`);
    if (reason.trim().length < 10) throw new RangeError(`the waiver of ${id} must say why`);
  }
  return CHECKS.filter((check) => !waivers.some((waiver) => waiver.id === check.id));
}

/** Runs one check in a world of its own, and closes that whatever happens. */
export async function runCheck(check: Check, openWorld: () => Promise<World>): Promise<void> {
  const world = await openWorld();
  try {
    await check.run(world);
  } finally {
    world.faults.heal();
    await world.close();
  }
}
