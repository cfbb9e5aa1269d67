// The names of a table's columns, whatever its format: trimmed of blanks, full-width ones and marks too, and each one's own.
import { HubError } from '../../schema/errors.ts';

/** Every record has these from the hub, or from JavaScript; a column of that name would get lost. */
const OWN_NAMES = ['@row', '@file', '@raw', '__proto__'];

export function toColumnName(cell: string): string {
  return cell
    .replaceAll('\uFEFF', '')
    .trim()
    .replace(/\s*[\r\n]+\s*/g, '');
}

/** The names as they are, '' for columns without one. HUB_MAP_SHAPE when two columns have one name. */
export function toDistinctNames(names: readonly string[]): readonly string[] {
  for (const [at, name] of names.entries()) {
    if (name === '') continue;
    const first = names.indexOf(name);
    const fault = OWN_NAMES.includes(name)
      ? `column ${at + 1} is called ${name}, a name that the hub needs itself`
      : first < at
        ? `columns ${first + 1} and ${at + 1} are both called ${name}`
        : null;
    if (fault !== null) throw new HubError('HUB_MAP_SHAPE', `header: ${fault}`, { place: { column: name } });
  }
  return names;
}

/** Where a column stands. HUB_MAP_SHAPE when the header lacks it; `word` is what names it in the manifest. */
export function findColumn(names: readonly string[], column: string, word: 'fillDown' | 'stop'): number {
  const at = names.indexOf(column);
  if (at !== -1) return at;
  const message = `header: no column ${column}, which \`${word}\` names; it has ${names.join(', ')}`;
  throw new HubError('HUB_MAP_SHAPE', message, { place: { column } });
}
