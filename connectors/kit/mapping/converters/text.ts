// `text`: names, codes and remarks, from the first of its columns that has one; or a list of them.
import { RE2JS } from 're2js';
import { HubError } from '../../../../schema/errors.ts';
import type { ReadingOptions } from '../../manifest/model.ts';
import { compileText, compileTexts } from '../read-value.ts';
import { bad, Remark } from '../remark.ts';
import type { CompileConverter } from './converter.ts';

const UNFIT = 'does not have the declared pattern';

export const compileTextField: CompileConverter = (reading, field) => {
  const { options } = reading;
  const fits = compilePattern(options, field.name);
  const finish = options.case === 'upper' ? (text: string) => text.toUpperCase() : (text: string) => text;
  if (field.graphql.list || options.many === true || options.split !== undefined) {
    const read = compileTexts(reading, options.split ?? null);
    return (frame) => {
      const texts = read(frame);
      if (texts === null || texts instanceof Remark) return texts;
      const finished = texts.map(finish);
      return finished.every(fits) ? finished : bad('HUB_MAP_TEXT', UNFIT);
    };
  }
  const readers = reading.columns.map((column) => compileText(reading, column));
  return (frame) => {
    for (const read of readers) {
      const text = read(frame);
      if (text instanceof Remark) return text;
      if (text === null) continue;
      const finished = finish(text);
      return fits(finished) ? finished : bad('HUB_MAP_TEXT', UNFIT);
    }
    return null;
  };
};

// RE2 takes time linear in the text, whatever pattern a manifest brings.
function compilePattern({ pattern }: ReadingOptions, field: string): (text: string) => boolean {
  if (pattern === undefined) return () => true;
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch (cause) {
    throw new HubError('HUB_MANIFEST_INVALID', `field ${field}: pattern is no RE2 expression: ${pattern}`, {
      place: { field },
      cause,
    });
  }
}
