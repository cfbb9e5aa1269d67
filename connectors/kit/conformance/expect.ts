// What the checks share: how answers are compared, and how a coded refusal is demanded.
import { deepEqual, equal, fail, ok } from 'node:assert/strict';
import { type ErrorCode, HubError } from '../../../schema/errors.ts';
import type { KeyAnswer, Page, RawValue, SelectRequest, Source, SourceRecord } from '../contract.ts';
import { FIXTURE, type ObjectName } from './fixture.ts';
import type { World } from './world.ts';

/** Demands a rejection with one of the codes, whose message shows no secret; gives the error back. */
export async function refused(
  world: World,
  call: Promise<unknown>,
  ...codes: ErrorCode[]
): Promise<HubError> {
  const error = await call.then(
    () => fail(`must be refused with ${codes.join(' or ')}, but it answered`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof HubError)) fail(`must be a HubError, but got: ${String(error)}`);
  ok(codes.includes(error.code), `must be ${codes.join(' or ')}, but got: ${error.code} ${error.message}`);
  ok(!error.message.includes(world.secret), 'the message shows a secret of the URL');
  return error;
}

/** Within `ms`; a check that hangs would say nothing. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A value's identity: numbers and their texts are one, padding at the end does not count, zero digits neither. */
export function toPlain(value: RawValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  const plain = String(value).trimEnd();
  return /^-?\d+\.\d+$/.test(plain) ? plain.replace(/\.?0+$/, '') : plain;
}

export function toPlainRecord(record: SourceRecord): { readonly [column: string]: string | null } {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, toPlain(value)]));
}

/** Equal as a list of records, in any order. */
export function sameRecords(
  got: readonly SourceRecord[],
  wanted: readonly SourceRecord[],
  what: string,
): void {
  const sorted = (records: readonly SourceRecord[]) =>
    records.map((record) => JSON.stringify(toPlainRecord(record))).sort();
  deepEqual(sorted(got), sorted(wanted), what);
}

export function isRecord(answer: KeyAnswer | undefined): answer is SourceRecord {
  return answer !== null && answer !== undefined && !(answer instanceof Error);
}

export function columnsOf(object: ObjectName): readonly string[] {
  return FIXTURE[object].columns.map((column) => column.name);
}

/** A request for all columns of an object. */
export function all(object: ObjectName, limit: number, more: Partial<SelectRequest> = {}): SelectRequest {
  return { columns: columnsOf(object), limit, ...more };
}

/** Every page from the request's cursor on; each must be full but the last, and hand out a cursor. */
export async function readPages(
  source: Source,
  object: string,
  request: SelectRequest,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let after = request.after;
  for (;;) {
    const page = await source.select(object, after === undefined ? request : { ...request, after });
    pages.push(page);
    ok(page.records.length <= request.limit, 'a page is longer than its limit');
    if (page.last) return pages;
    equal(page.records.length, request.limit, 'a page that is not the last must be full');
    if (page.cursor === null) fail('a page with records must hand out a cursor');
    after = page.cursor;
    ok(pages.length <= 10_000, 'the pages do not end');
  }
}
