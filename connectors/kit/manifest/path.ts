// Paths into a manifest and the findings that stand at them: what shape and lint hand to parse-manifest.ts.
import type { FaultId, Severity } from './faults.ts';

/** Keys and list positions from the root. */
export type Path = readonly (string | number)[];

/** A finding before its path is turned into line and column. `at`: the key that names the place, or its value (default). */
export type Finding = {
  readonly id: FaultId;
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly severity?: Severity;
  /** Where in the text, when the place has no path of its own (a syntax error, a doubled key). */
  readonly offset?: number;
};

/** A finding at the value that stands at a path. */
export function atValue(id: FaultId, path: Path, message: string, severity?: Severity): Finding {
  return { id, path, at: 'value', message, ...(severity === undefined ? {} : { severity }) };
}

/** A finding at the key that names a path. */
export function atKey(id: FaultId, path: Path, message: string, severity?: Severity): Finding {
  return { id, path, at: 'key', message, ...(severity === undefined ? {} : { severity }) };
}

/** `types.RiverReading.from[1].fields`; keys that are no plain words stand in quotes. */
export function toPathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[^\s.[\]"]+$/u.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text === '' ? '(file)' : text;
}
