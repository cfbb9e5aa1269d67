// JSON text that is already made, on its way through Apollo: it carries an object through, and where the answer is written the text
// stands in that object's place.
import type { FormattedExecutionResult } from 'graphql';

const texts = new WeakMap<object, string>();

/** The `data` of a result whose JSON text is known. */
export function toSplicedData(text: string): Record<string, unknown> {
  const data = {};
  texts.set(data, text);
  return data;
}

/** The body of an answer, with a line break at its end as Apollo writes it. */
export function toResultText(result: FormattedExecutionResult): string {
  const text = result.data == null ? undefined : texts.get(result.data);
  if (text === undefined) return `${JSON.stringify(result)}\n`;
  const members = Object.entries(result).map(
    ([key, value]) => `${JSON.stringify(key)}:${key === 'data' ? text : JSON.stringify(value)}`,
  );
  return `{${members.join(',')}}\n`;
}
