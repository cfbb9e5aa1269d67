// `concat`: one text from several columns, such as an address kept in pieces.
import { compileText } from '../read-value.ts';
import { bad, Remark } from '../remark.ts';
import type { CompileConverter } from './converter.ts';

export const compileConcat: CompileConverter = (reading) => {
  const { with: between = '', suffix = '' } = reading.options;
  const readers = reading.columns.map((column) => ({ column, read: compileText(reading, column) }));
  return (frame) => {
    const texts: string[] = [];
    for (const { column, read } of readers) {
      const text = read(frame);
      if (text instanceof Remark) return bad(text.code, text.message, column);
      if (text !== null) texts.push(text);
    }
    return texts.length === 0 ? null : `${texts.join(between)}${suffix}`;
  };
};
