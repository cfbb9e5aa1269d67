// The table of all manifest findings (manifest §14) and how one is printed. Each id has one meaning for ever;
// what is judged where: `file` by parseManifest, `units` by lintUnits, `folder` by openUnitFolder, `source` by the dry run.

export type Severity = 'error' | 'warning' | 'note';

/** What must be at hand to judge a rule. */
export type Judged = 'file' | 'folder' | 'units' | 'source';

export type FaultEntry = {
  readonly severity: Severity;
  readonly judged: Judged;
  readonly meaning: string;
};

const file = (meaning: string, severity: Severity = 'error'): FaultEntry => ({
  severity,
  judged: 'file',
  meaning,
});
const units = (meaning: string, severity: Severity = 'error'): FaultEntry => ({
  severity,
  judged: 'units',
  meaning,
});
const source = (meaning: string, severity: Severity = 'error'): FaultEntry => ({
  severity,
  judged: 'source',
  meaning,
});

/** Id → usual severity, what it is judged by, and one sentence. A rule may soften or harden a single finding. */
export const FAULTS = {
  M001: file('A key is unknown, missing, doubled or of the wrong kind.'),
  M002: file('`unit` is no unit name, or differs from its folder.'),
  M003: file('A label lacks zh or en.'),
  M004: file('A number stands unquoted where a key or raw code belongs, and would lose its zeros.'),
  M005: file('A time zone is not in the IANA list.'),
  M006: file('An anchor, alias, merge key, tag, directive or second document.'),
  M007: file('The text is no YAML 1.2, no UTF-8, larger than 256 KiB or nested too deeply.'),
  M010: file('A source that no form reads.', 'warning'),
  M011: file('The scheme of a URL does not fit the kind of the source.'),
  M012: file('A secret is written out instead of being named.'),
  M013: file("A limit is above the hub's ceiling."),
  M014: file('The way to authenticate does not fit the kind of the source.'),
  M015: file('Codec, repair, encoding or framing does not fit.'),
  M016: file('An http source does not say how success looks; a 200 alone is none.', 'warning'),
  M017: file('A durable acknowledgement that the protocol lacks, or a qos without a kept session.'),
  M018: file('`assemble` does not say how parts belong together or how long to wait.'),
  M020: file('A form names a source or object that does not exist or is not read.'),
  M021: file('An object that no form reads and that is neither `ignore` nor `heartbeat`.'),
  M022: file('An unknown slot or format, or a format that is missing.'),
  M023: file('Page slots without `paging`, or `paging` without its slots.'),
  M024: file('`paging` does not fit the request.'),
  M025: file('`records` is missing where a list is needed.', 'warning'),
  M026: file(
    'A file or topic pattern is wrong, captures one name twice, takes files of another object, or lacks a capture that is used.',
  ),
  M027: file('Header rows are not ascending, or two columns get one name.'),
  M028: file('`fillDown` or `stop` names a column that is not used.'),
  M029: file('Two objects claim one message.'),
  M030: file('Two time formats can read one text differently.', 'warning'),
  M031: file('A `const` does not fit its list or kind.'),
  M032: file('One raw code stands in two values.'),
  M033: file('Two bands overlap.'),
  M034: file('A form can never match, since an earlier one takes its records.'),
  M035: file('Operator and value of a condition do not fit.'),
  M036: file('An `extend` alias is doubled or undeclared, or the source is not sql.'),
  M037: file('`each`, `fan` or `unpivot` has no list, or a column of theirs is used without them.'),
  M038: file("A form's field yields another type than the field of the type."),
  M039: file('A field that no form gives.'),
  M040: file('Keys that the role of the type does not have.'),
  M041: file(
    '`only` without `merge: fields`, or with a name that is no field; or `adds: false` without `only`.',
  ),
  M042: file('The time field is missing, or is no `time`.'),
  M043: file('Coordinates whose source does not say what they mean.'),
  M044: file('`valid` or `current` names fields of the wrong kind.'),
  M045: file('A reading without `of` and `as`, or `of` is no link to a thing.'),
  M046: file('A reserved or doubled name of a field or link, or `location` or `name` of the wrong kind.'),
  M047: file('`division` names what does not exist.'),
  M050: file('A key or `unique` names no field or link, or a form does not give it.'),
  M051: file('A key part of an inexact kind.'),
  M052: file('`read: live` though the key cannot be turned back, or the source cannot be asked.'),
  M053: file('A key rests on where or when a record came.'),
  M054: file(
    '`on` covers neither key nor `unique` of the target, or kinds differ, or `unique` across units.',
  ),
  M055: file('An inverse or the name of a reading collides with a field of its target.'),
  M056: file('A key rests on a link that must be looked up and may stay open.'),
  M057: file('`nearest` from or to a type without location.'),
  M058: file('A part of a key is personal, though ids and cursors show it.'),
  M060: file('A sync strategy that the source or object cannot do, or none.'),
  M061: file('`every` is missing, or shorter than one request at the allowed rate.'),
  M062: file('A window without overlap loses late rows.', 'warning'),
  M063: file('A cursor is missing, or does not sort.'),
  M064: file('Changes of an `extend` table are seen only by a snapshot.', 'warning'),
  M065: file('`scope` names no capture.'),
  M066: file('A snapshot without `deletes`.'),
  M067: file('Deletion by absence without a snapshot.'),
  M068: file('A pushed feed with `quiet` but no heartbeat, or a heartbeat that is none.', 'warning'),
  M069: file('The promised freshness is shorter than the interval between runs.'),
  M070: file('Rows are kept for less than is loaded or re-read.'),
  M071: file('A personal field without a mask that fits it.'),
  M072: file('Personal fields without purposes.', 'warning'),
  M073: file('Personal fields and aggregates of fewer than five.', 'warning'),
  M074: file('A number without a unit, or a unit by a code that has none.'),
  M075: file('A number without a range.', 'note'),
  M080: units('A link to an unknown unit or type.'),
  M081: units('A type or enum name that is already taken.'),
  M082: units("An inverse on another unit's type, without its consent.", 'warning'),
  M090: source('A table, column or operation that the source does not have.'),
  M091: source('The kind of a column does not fit its converter.'),
  M092: source('The key is not unique in the sample, or a joined table has more than one row.'),
  M093: source('More than 1 % of the sample set aside, codes not listed, or points swapped.'),
  M094: {
    severity: 'error',
    judged: 'folder',
    meaning: 'The lock schema.graphql differs from what the manifest yields.',
  },
  M095: source('The database has no index for the window or cursor.', 'warning'),
} as const satisfies Record<string, FaultEntry>;

export type FaultId = keyof typeof FAULTS;

/** One finding in a manifest, with its place; lines and columns count from 1. Never shows a secret. */
export type ManifestFault = {
  readonly id: FaultId;
  readonly severity: Severity;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where in the manifest: `types.RiverReading.from[1].sync.every`. */
  readonly path: string;
  readonly message: string;
};

/** The line that people read: `file:line:column  Mnnn  path  message`. */
export function toFaultText(fault: ManifestFault): string {
  return `${fault.file}:${fault.line}:${fault.column}  ${fault.id}  ${fault.path}  ${fault.message}`;
}

/** By file and position, then id: the order in which a person goes through them. */
export function toSortedFaults(faults: readonly ManifestFault[]): ManifestFault[] {
  return [...faults].sort(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compareText(a.id, b.id) ||
      compareText(a.message, b.message),
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
