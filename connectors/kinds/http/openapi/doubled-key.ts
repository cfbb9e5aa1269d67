// Finds what a JSON parser passes over in silence: a key that an object has twice, the second in place of the first.

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/** The path of the first doubled key of a text that is JSON; null when none is. */
export function findDoubledKey(json: string): readonly string[] | null {
  const open: { readonly keys: Set<string> | null; key: string }[] = [];
  let text = '';
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push({ keys: token === '{' ? new Set() : null, key: '' });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const object = open.at(-1);
      if (object?.keys == null) continue;
      object.key = String(JSON.parse(text));
      if (object.keys.has(object.key)) return open.filter(({ keys }) => keys !== null).map(({ key }) => key);
      object.keys.add(object.key);
    } else text = token;
  }
  return null;
}
