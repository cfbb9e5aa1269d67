// Invented people: their names by chance, their phone numbers as clerks write them.
import { GIVEN_NAMES, SURNAMES } from './people-table.ts';

/** Two chances in [0, 1) make a name. */
export function toName(surname: number, given: number): string {
  return (
    (SURNAMES[Math.floor(surname * SURNAMES.length)] ?? '') +
    (GIVEN_NAMES[Math.floor(given * GIVEN_NAMES.length)] ?? '')
  );
}

/** Eleven digits as they stand in a form: plain, with dashes, with blanks, with the country's code, full-width. */
export function toWrittenPhone(phone: string, style: number): string {
  const parts = [phone.slice(0, 3), phone.slice(3, 7), phone.slice(7)];
  const full = phone.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
  const written = [phone, parts.join('-'), parts.join(' '), `+86 ${phone}`, full, `${phone} `];
  return written[style % written.length] ?? phone;
}
