// Invented people: their names by chance.
import { GIVEN_NAMES, SURNAMES } from './people-table.ts';

/** Two chances in [0, 1) make a name. */
export function toName(surname: number, given: number): string {
  return (
    (SURNAMES[Math.floor(surname * SURNAMES.length)] ?? '') +
    (GIVEN_NAMES[Math.floor(given * GIVEN_NAMES.length)] ?? '')
  );
}
