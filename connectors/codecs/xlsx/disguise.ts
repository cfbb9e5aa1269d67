// What goes by the name of a workbook and is none: told from its first bytes, so that people hear what to do and not that a
// zip's directory is missing.

const ZIP = Buffer.from('PK\x03\x04');
/** Of the compound files in which Excel 97–2003 wrote, and in which a password wraps a workbook of today. */
const COMPOUND = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const WRAPPED = Buffer.from('EncryptedPackage', 'utf16le');
const LOOKED_AT = 4096;

/** In words what it is instead; null when it may be a workbook. */
export function toDisguise(bytes: Buffer): string | null {
  if (bytes.length === 0) return 'is empty';
  if (startsWith(bytes, ZIP)) return null;
  if (startsWith(bytes, COMPOUND))
    return bytes.includes(WRAPPED)
      ? 'is protected by a password: save it without one'
      : 'is a workbook of Excel 97–2003 (.xls): save it as .xlsx';
  const head = bytes.subarray(0, LOOKED_AT);
  const text = head.toString('latin1').replace(/^ï»¿/, '').trimStart();
  if (/^<(!doctype|html|\?xml|table)/i.test(text))
    return 'is a web page or XML under the name of a workbook: save it as .xlsx';
  return head.includes(0)
    ? 'is no workbook (.xlsx)'
    : 'is text, such as CSV, under the name of a workbook: save it as .xlsx';
}

function startsWith(bytes: Buffer, mark: Buffer): boolean {
  return bytes.subarray(0, mark.length).equals(mark);
}
