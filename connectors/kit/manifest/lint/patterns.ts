// Patterns of file names and topics (manifest §3.4): `*` any, `{name}` a capture; in topics `{name}` is one level and
// `#` stands last. Only judged here; matching belongs to the kinds.

export type Pattern = { readonly captures: readonly string[] } | { readonly fault: string };

export function toPattern(text: string, of: 'file' | 'topic'): Pattern {
  const captures = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
  const rest = text.replaceAll(/\{[^{}]*\}/g, '');
  if (/[{}]/.test(rest)) return { fault: 'has a brace without its partner' };
  const bad = captures.find((name) => !/^[A-Za-z][A-Za-z0-9]*$/.test(name));
  if (bad !== undefined) return { fault: 'a capture must be a name such as {county}' };
  const doubled = captures.find((name, index) => captures.indexOf(name) < index);
  if (doubled !== undefined) return { fault: `captures {${doubled}} twice` };
  const reserved = captures.find((name) => RESERVED.has(name));
  if (reserved !== undefined) return { fault: `{${reserved}} is the hub's own column @${reserved}` };
  return toFault(text, of) ?? { captures };
}

const RESERVED: ReadonlySet<string> = new Set([
  'item',
  'name',
  'value',
  'receivedAt',
  'file',
  'row',
  'topic',
  'peer',
]);

/** Whether a file's name can match both patterns. */
export function canBothMatch(one: string, other: string): boolean {
  const [left, right] = [toSteps(one), toSteps(other)];
  // What lies behind (i, j) of both can be the same text: filled in from the ends.
  const same = Array.from({ length: left.length + 1 }, () =>
    new Array<boolean>(right.length + 1).fill(false),
  );
  const at = (i: number, j: number): boolean => same[i]?.[j] ?? false;
  for (let i = left.length; i >= 0; i -= 1)
    for (let j = right.length; j >= 0; j -= 1) {
      const [a, b] = [left[i], right[j]];
      const row = same[i] ?? [];
      if (a === undefined && b === undefined) row[j] = true;
      else if (a === ANY) row[j] = at(i + 1, j) || (b !== undefined && at(i, j + 1));
      else if (b === ANY) row[j] = at(i, j + 1) || (a !== undefined && at(i + 1, j));
      else
        row[j] =
          (a === b || a === ONE || b === ONE) && a !== undefined && b !== undefined && at(i + 1, j + 1);
    }
  return at(0, 0);
}

/** Any text, and any one character: what `*` and captures are made of. No literal is as long. */
const ANY = '**';
const ONE = '??';

function toSteps(pattern: string): readonly string[] {
  return pattern
    .normalize('NFC')
    .split(/(\*|\{[^{}]*\})/)
    .flatMap((part, index) => (index % 2 === 0 ? [...part] : part === '*' ? [ANY] : [ONE, ANY]));
}

function toFault(text: string, of: 'file' | 'topic'): { readonly fault: string } | null {
  if (of === 'file') {
    if (text.includes('}{')) return { fault: 'two captures need something between them' };
    const up = text.startsWith('/') || text.split(/[/\\]/).includes('..');
    return up ? { fault: 'must stay inside the folder' } : null;
  }
  const levels = text.split('/');
  if (levels.slice(0, -1).some((level) => level.includes('#')) || /.#|#./.test(levels.at(-1) ?? ''))
    return { fault: '# stands alone and last' };
  if (levels.some((level) => level.includes('{') && !/^\{[^{}]*\}$/.test(level)))
    return { fault: 'a capture is a whole level' };
  if (levels.some((level) => level.includes('*') || (level.includes('+') && level !== '+')))
    return { fault: 'a level is a text, {name}, + or a last #' };
  return null;
}
