// JSON text that is already made, on its way through Apollo: it carries an object through, and where the answer is written the text
// stands in that object's place.
import type { FormattedExecutionResult } from 'graphql';

const textOf = new WeakMap<object, string>();

/** The `data` of a result whose JSON text is known. */
export function toSplicedData(text: string): Record<string, unknown> {
  const data = {};
  textOf.set(data, text);
  return data;
}

/** The body of an answer, with a line break at its end as Apollo writes it. */
export function toResultText(result: FormattedExecutionResult): string {
  const text = result.data == null ? undefined : textOf.get(result.data);
  if (text === undefined) return `${JSON.stringify(result)}\n`;
  // Members that are not there stand in the result as undefined; JSON leaves them out.
  const members = Object.entries(result).filter(([, value]) => value !== undefined);
  const texts = members.map(([key, value]) => `"${key}":${key === 'data' ? text : JSON.stringify(value)}`);
  return `{${texts.join(',')}}\n`;
}
