// A folder in memory that keeps the contract of deliveries: files given oldest first, read a page at a time, put away when
// settled. For tests of the jobs; the real one is connectors/kinds/file.
import type {
  Delivery,
  DeliveryEnd,
  Page,
  Source,
  SourceRecord,
  Unreadable,
} from '../../connectors/kit/contract.ts';
import { HubError } from '../../schema/errors.ts';

export type MemoryFile = Delivery & {
  readonly rows: readonly SourceRecord[];
  readonly fault?: HubError;
  readonly unreadable?: readonly Unreadable[];
};

export type MemoryFolder = Source & {
  readonly files: MemoryFile[];
  readonly settled: { readonly name: string; readonly state: DeliveryEnd['state'] }[];
  readonly readings: string[];
};

export function openMemoryFolder(files: readonly MemoryFile[], pageRows = 2): MemoryFolder {
  const refuse = async (): Promise<never> => {
    throw new HubError('HUB_SOURCE_UNSUPPORTED', 'a folder has files and nothing else');
  };
  const known = new Set<string>();
  const folder: MemoryFolder = {
    files: [...files],
    settled: [],
    readings: [],
    capabilities: {
      describe: false,
      declares: false,
      readMany: false,
      select: true,
      scan: true,
      listen: false,
      spans: false,
      deliveries: true,
      digests: false,
      filter: [],
    },
    describe: refuse,
    readMany: refuse,
    digest: refuse,
    listen: refuse,
    deliveries: async (_object, options) =>
      folder.files
        .filter(({ id }) => options?.again === true || !known.has(id))
        .map(({ id, name, receivedAt, captures = {} }) => ({ id, name, receivedAt, captures })),
    settle: async (_object, delivery, { state }) => {
      const at = folder.files.findIndex(({ id }) => id === delivery);
      if (at < 0) return;
      const [file] = folder.files.splice(at, 1);
      known.add(delivery);
      folder.settled.push({ name: file?.name ?? '', state });
    },
    select: async (_object, { delivery, after = '0' }) => {
      const file = folder.files.find(({ id }) => id === delivery);
      if (file === undefined) throw new HubError('HUB_SOURCE_CURSOR', 'no such delivery');
      if (file.fault !== undefined) throw file.fault;
      const from = Number(after);
      const records = file.rows.slice(from, from + pageRows).map((row, index) => ({
        ...row,
        '@file': file.name,
        '@row': from + index + 2,
      }));
      const end = from + records.length;
      const page = { records, cursor: String(end), last: end >= file.rows.length, unpushed: [] };
      return file.unreadable === undefined || from > 0 ? page : { ...page, unreadable: file.unreadable };
    },
    async *scan(object, request) {
      folder.readings.push(folder.files.find(({ id }) => id === request.delivery)?.name ?? '');
      let after = request.after;
      for (;;) {
        const page: Page = await folder.select(object, after === undefined ? request : { ...request, after });
        yield page;
        if (page.last) return;
        after = page.cursor ?? after;
      }
    },
    close: async () => undefined,
  };
  return folder;
}
