// One department alone with the hub over it: its own unit folder, or a copy that was made to lie, and everything loaded.
import type { Instant } from '../../sandbox/clock/sandbox-clock.ts';
import type { Close } from './close-all.ts';
import { assertLoaded, openSpine, type Spine } from './open-spine.ts';
import { openUnitsCopy } from './units-copy.ts';

export type UnitOptions = {
  readonly unit: string;
  /** The department's time, which is the hub's. */
  readonly now: () => Instant;
  readonly secrets: Readonly<Record<string, string>>;
  /** Other departments, opened with it. */
  readonly beside?: readonly string[];
  readonly hydrologyUrl?: string;
  /** Of the manifest's text; the hub's own when absent. */
  readonly change?: (text: string) => string;
};

/** Ends when all that stood there is in the store; what was opened is added to the closers. */
export async function openUnit(options: UnitOptions, opened: Close[]): Promise<Spine> {
  const { unit, now, secrets, beside = [], hydrologyUrl = '', change } = options;
  const names = [unit, ...beside];
  const copy =
    change === undefined
      ? null
      : await openUnitsCopy((text, name) => (name === unit ? change(text) : text), names);
  if (copy !== null) opened.push(copy.close);
  const spine = await openSpine({
    legacy: { now, url: hydrologyUrl },
    ...(copy === null ? { units: names } : { unitsFolder: copy.folder }),
    secrets,
  });
  opened.push(spine.close);
  await assertLoaded(spine);
  return spine;
}
