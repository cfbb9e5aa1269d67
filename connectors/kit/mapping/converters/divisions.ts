// `divisions`: the divisions that a warning or a task concerns, by code or by name, as codes of this city.
import { compileTexts } from '../read-value.ts';
import { noted, Remark } from '../remark.ts';
import type { CompileConverter } from './converter.ts';

const SEPARATOR = /[,，;；、]/;

/** Known divisions land; each unknown one is counted in the note, since a provincial warning names other cities too. */
export const compileDivisions: CompileConverter = (reading, _field, { divisions }) => {
  const read = compileTexts(reading, SEPARATOR);
  const find = reading.options.by === 'name' ? (text: string) => divisions.byName([text]) : divisions.find;
  return (frame) => {
    const texts = read(frame);
    if (texts === null || texts instanceof Remark) return texts;
    const found = texts.map(find);
    const codes = [...new Set(found.flatMap((division) => (division === null ? [] : [division.code])))];
    const unknown = found.filter((division) => division === null).length;
    return unknown === 0
      ? codes
      : noted(
          codes,
          'HUB_MAP_DIVISION',
          `${unknown} of ${texts.length} divisions are not known in this city`,
        );
  };
};
