// `phone`, `plate`, `idNumber`: how people and vehicles are reached and named. Each has one spelling afterwards, since
// keys and links rest on them. No message holds the value.
import { isIdNumber, isPhoneNumber } from '../../../../schema/scalars/forms.ts';
import { compileSingle } from '../read-value.ts';
import { bad } from '../remark.ts';
import type { CompileConverter } from './converter.ts';

/** The area code of 永州: local numbers are often written without it. */
const AREA_CODE = '0746';
const LOCAL = /^[2-9]\d{6}$/;
const COUNTRY = /^(?:\+|00)86/;
const WITHOUT_ZERO = /^(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}$/;
// Province, letter, then five characters (six on new-energy plates), the last perhaps a word for its kind.
const PLATE =
  /^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{4,5}[A-Z0-9挂学警港澳领超]$/;

export const compilePhone: CompileConverter = (reading) =>
  compileSingle(reading, (text) => {
    const phone = toPhone(toNarrow(text).replace(/[\s\-–—.()（）]/g, ''));
    return isPhoneNumber(phone) ? phone : bad('HUB_MAP_TEXT', 'must be a mobile or landline number');
  });

function toPhone(written: string): string {
  const national = written.replace(COUNTRY, '');
  // +86 746 … drops the zero of the area code, and so does a spreadsheet that takes the number for one.
  const isZeroLost = national !== written || national.startsWith(AREA_CODE.slice(1));
  if (isZeroLost && WITHOUT_ZERO.test(national) && !isPhoneNumber(national)) return `0${national}`;
  return LOCAL.test(national) ? `${AREA_CODE}${national}` : national;
}

export const compilePlate: CompileConverter = (reading) =>
  compileSingle(reading, (text) => {
    const plate = toNarrow(text)
      .replace(/[\s·•．.‧・\-—]/gu, '')
      .toUpperCase();
    return PLATE.test(plate) ? plate : bad('HUB_MAP_TEXT', 'must be a plate number');
  });

export const compileIdNumber: CompileConverter = (reading) =>
  compileSingle(reading, (text) => {
    const idNumber = toNarrow(text).replace(/\s/g, '').toUpperCase();
    return isIdNumber(idNumber)
      ? idNumber
      : bad('HUB_MAP_TEXT', 'must be an identity number of 18 characters with its right check character');
  });

// Full-width letters and digits (湘Ｍ１２３４５) are the same ones.
function toNarrow(text: string): string {
  return text.normalize('NFKC');
}
