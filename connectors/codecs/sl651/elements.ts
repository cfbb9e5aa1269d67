// The elements of SL 651-2014 Appendix C: a byte in the HEX/BCD coding, a word in the ASCII coding. Records name both by the
// byte's two digits, so that a manifest reads either coding alike.

/** From 01 on, in the order of Table C.1. */
const WORDS = [
  ...words('AC AI C DRxnn DT ED EJ FL GH GN GS GT GTP H HW'),
  ...words('M10 M20 M30 M40 M50 M60 M80 M100 MST NS P1 P2 P3 P6 P12 PD'),
  ...words('PJ PN01 PN05 PN10 PN30 PR PT Q Q1 Q2 Q3 Q4 Q5 Q6 Q7 Q8 QA QZ SW UC UE US VA VJ VT'),
  ...words('Z ZB ZU Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 SQ ZT pH DO COND TURB CODMN REDOX NH4N TP TN TOC'),
  ...words('CU ZN SE AS THG CD PB CHLA WP1 WP2 WP3 WP4 WP5 WP6 WP7 WP8'),
  ...words('SYL1 SYL2 SYL3 SYL4 SYL5 SYL6 SYL7 SYL8 SBL1 SBL2 SBL3 SBL4 SBL5 SBL6 SBL7 SBL8'),
  ...words('VTA VTB VTC VIA VIB VIC'),
];
/** From F0 on. */
const GUIDES = words('TT ST RGZS PIC DRP DRZ1 DRZ2 DRZ3 DRZ4 DRZ5 DRZ6 DRZ7 DRZ8 DATA');

const CODES: ReadonlyMap<string, string> = new Map([
  ...WORDS.map((word, at): [string, string] => [word.toUpperCase(), toCode(at + 1)]),
  ...GUIDES.map((word, at): [string, string] => [word, toCode(at + 0xf0)]),
]);

export const STEP = '04';
/** Four bytes of bits, not a number. */
export const STATUS = '45';
export const TIME = 'F0';
export const STATION = 'F1';
export const TEXT = 'F2';
export const PICTURE = 'F3';

/** `39` for `Z`; a word that the standard does not have stands for itself. */
export function toElementCode(word: string): string {
  return CODES.get(word.toUpperCase()) ?? word;
}

/**
 * Elements that hold an hour's values, one in five minutes: how many bytes one takes, and how many digits of it stand behind
 * the point (0.1 mm of rain, 0.01 m of relative stage). All bits set: no value.
 */
export const SERIES: ReadonlyMap<string, { readonly bytes: number; readonly places: number }> = new Map([
  ['F4', { bytes: 1, places: 1 }],
  ...['F5', 'F6', 'F7', 'F8', 'F9', 'FA', 'FB', 'FC'].map(
    (code): [string, { readonly bytes: number; readonly places: number }] => [code, { bytes: 2, places: 2 }],
  ),
]);

function words(text: string): readonly string[] {
  return text.split(' ');
}

function toCode(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}
