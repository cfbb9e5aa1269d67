// An open folder as a source: it gives its complete files as deliveries, reads one at a time, and puts it away. It holds
// nothing open between calls; every call ends at once when the source closes or its caller cancels.
import { HubError, isHubError } from '../../../schema/errors.ts';
import type { Codecs } from '../../kit/codec.ts';
import type {
  CallOptions,
  Capabilities,
  Delivery,
  DeliveryEnd,
  ObjectShape,
  Page,
  SelectRequest,
  Source,
  SourceSettings,
} from '../../kit/contract.ts';
import { toAbortError } from '../../kit/resilience/abort.ts';
import type { Clock } from '../../kit/resilience/clock.ts';
import { type FilePlace, refuse, toFileFault, toMark } from './faults.ts';
import { openFingerprints, parseDeliveryId, toDeliveryId } from './fingerprint.ts';
import { type FileEntry, openFolder } from './folder.ts';
import { openPutAway } from './put-away.ts';
import { openReadings } from './readings.ts';
import { toReason } from './reason.ts';
import { type ObjectPlan, toFolderPlan } from './settings.ts';
import { type OnStranger, toStrangerWatch } from './strangers.ts';
import { openWalk } from './walk.ts';

export const fileCapabilities: Capabilities = {
  describe: true,
  readMany: false,
  select: true,
  scan: true,
  listen: false,
  spans: false,
  deliveries: true,
  digests: false,
  filter: [],
};

export type FileParts = {
  readonly codecs: Codecs;
  readonly clock: Clock;
  /** Told once of each file that no object of the manifest takes: it stays where it lies. */
  readonly onStranger?: OnStranger;
};

/** Looks at nothing yet. Throws as `toFolderPlan` does. */
export function openFileSource(settings: SourceSettings, parts: FileParts): Source {
  const { codecs, clock, onStranger = () => undefined } = parts;
  const plan = toFolderPlan(settings, codecs);
  const { place } = plan;
  const folder = openFolder(plan.folder, plan.stableMs, clock);
  const fingerprints = openFingerprints(plan.fileBytes);
  const readings = openReadings(plan, folder, fingerprints);
  const putAway = openPutAway(plan.folder, place);
  const closing = new AbortController();

  const call = <T>(options: CallOptions | undefined, work: (signal: AbortSignal) => Promise<T>) =>
    withEnd(place, closing.signal, options?.signal, work);
  const find = (name: string): ObjectPlan => {
    const found =
      plan.objects.get(name) ??
      [...plan.objects.values()].find((object) => object.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    const known = [...plan.objects.keys()].join(', ');
    throw refuse('HUB_SOURCE_SHAPE', { ...place, object: name }, `no such object; the manifest has ${known}`);
  };
  const watch = toStrangerWatch(plan, onStranger);
  const listOf = async (object: ObjectPlan): Promise<readonly FileEntry[]> => {
    const entries = await folder.look();
    watch(entries);
    return entries.filter(({ name }) => object.match(name) !== null);
  };

  const select: Source['select'] = (object, request, options) =>
    call(options, (signal) => {
      const own = find(object);
      refuseRequest(request, own.place);
      return readings.page(own, request, signal);
    });
  const unsupported = async (words: string): Promise<never> => {
    throw refuse('HUB_SOURCE_UNSUPPORTED', place, words);
  };
  return {
    capabilities: fileCapabilities,
    describe: (names, options) =>
      call(options, async () => {
        const objects = (names ?? [...plan.objects.keys()]).map(find);
        const shapes: ObjectShape[] = [];
        for (const object of objects) shapes.push(await toShape(object, (await listOf(object)).at(-1)));
        return shapes;
      }),
    readMany: () => unsupported('a folder has files, no records by key'),
    select,
    async *scan(object, request, options) {
      let after = request.after;
      for (;;) {
        const page: Page = await select(
          object,
          after === undefined ? request : { ...request, after },
          options,
        );
        yield page;
        if (page.last) return;
        after = page.cursor ?? after;
      }
    },
    digest: () => unsupported('a folder counts nothing by itself'),
    listen: () => unsupported('a folder sends nothing by itself'),
    deliveries: (object, options) =>
      call(options, async (signal) => {
        const found: Delivery[] = [];
        const own = find(object);
        for (const entry of await listOf(own)) {
          signal.throwIfAborted();
          const sha256 = await fingerprints.of(entry, signal);
          if (sha256 === null) continue;
          if (options?.again !== true && (await putAway.isRepeat(entry, sha256)))
            await putAway.archive(entry, sha256, toMonth()).catch(orLeave);
          else found.push(toDelivery(own, entry, sha256, clock.now()));
        }
        return found;
      }),
    settle: (object, delivery, end, options) =>
      call(options, async (signal) => {
        const own = find(object);
        const id = parseDeliveryId(delivery);
        const entry = id === null ? null : await folder.find(id.name);
        // Gone, or another content by now: it was settled before, and what lies there is a delivery of its own.
        if (id === null || entry === null || (await fingerprints.of(entry, signal)) !== id.sha256) return;
        const at = { ...own.place, file: entry.name };
        await settleFile(entry, id.sha256, end).catch((error) => {
          throw toFileFault(error, at, 'put');
        });
      }),
    close: async () => closing.abort(),
  };

  async function settleFile(entry: FileEntry, sha256: string, end: DeliveryEnd): Promise<void> {
    if (end.state !== 'refused') return putAway.archive(entry, sha256, toMonth());
    return putAway.reject(entry, sha256, toReason(end.error), new Date(clock.now()).toISOString());
  }

  function toMonth(): string {
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: plan.zone }).format(clock.now());
    return day.slice(0, 7);
  }
}

/** A file that is there twice but cannot be put away is not given, and does no harm where it is. */
const orLeave = (error: unknown) => {
  if (toFileFault(error, { unit: '', source: '' }, 'put').code !== 'HUB_SOURCE_REFUSED') throw error;
};

function toDelivery(object: ObjectPlan, entry: FileEntry, sha256: string, nowMs: number): Delivery {
  const completeMs = Math.min(entry.modifiedMs, nowMs);
  const captures = object.match(entry.name) ?? {};
  return {
    id: toDeliveryId({ name: entry.name, sha256 }),
    name: entry.name,
    receivedAt: new Date(completeMs).toISOString(),
    ...(Object.keys(captures).length === 0 ? {} : { captures }),
  };
}

function refuseRequest({ delivery, order = [], span }: SelectRequest, place: FilePlace): void {
  const words =
    delivery === undefined
      ? 'a folder is read one file at a time: ask for `deliveries`, then with `delivery`'
      : order.length > 0 || span !== undefined
        ? 'a file is read in its own order, and whole'
        : null;
  if (words !== null) throw refuse('HUB_SOURCE_UNSUPPORTED', place, words);
}

/** The columns of one file; none when there is none, or it cannot be read. */
async function toShape(object: ObjectPlan, entry: FileEntry | undefined): Promise<ObjectShape> {
  const columns = entry === undefined ? [] : await readColumns(object, entry);
  return {
    name: object.name,
    columns: columns.map((name) => ({ name, kind: 'text', native: object.form.codec.name, nullable: true })),
    key: [],
    rows: null,
  };
}

async function readColumns(object: ObjectPlan, entry: FileEntry): Promise<readonly string[]> {
  const walk = openWalk(object, entry, () => (record) => record);
  try {
    while (walk.columns() === null && !walk.isDone()) await walk.step();
    return walk.columns() ?? [];
  } catch (error) {
    if (isHubError(error)) return [];
    throw error;
  }
}

/** Also leaves a file system that hangs: what it answers later is thrown away. */
async function withEnd<T>(
  place: FilePlace,
  closing: AbortSignal,
  given: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const name = `${place.unit}.${place.source}`;
  const toEnd = () =>
    closing.aborted
      ? new HubError('HUB_SOURCE_CLOSED', `${name}: the source was closed`, { place })
      : toAbortError(given?.reason, name, place);
  const signal = given === undefined ? closing : AbortSignal.any([closing, given]);
  if (signal.aborted) throw toEnd();
  let onAbort = (): void => undefined;
  const ended = new Promise<never>((_, reject) => {
    onAbort = () => reject(toEnd());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work(signal), ended]);
  } catch (error) {
    if (signal.aborted) throw toEnd();
    if (toMark(error) !== 'unknown') throw toFileFault(error, place, 'look');
    throw isHubError(error) ? error : new HubError('HUB_INTERNAL', `${name}: ${String(error)}`, { place });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
