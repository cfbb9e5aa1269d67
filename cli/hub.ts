#!/usr/bin/env node
// `hub`: the commands. Each is imported when it is called, so that none waits for what another one needs.
import { Command, InvalidArgumentError, Option } from 'commander';
import { HubError } from '../schema/errors.ts';
import type { AsideOptions } from './commands/aside.ts';
import type { DecodeOptions } from './commands/decode.ts';
import type { ExplainOptions } from './commands/explain.ts';
import type { ReconcileCommandOptions } from './commands/reconcile.ts';
import type { RegisterCommandOptions } from './commands/register.ts';
import type { SyncCommandOptions } from './commands/sync.ts';
import { readConfig, readEnvironment } from './config.ts';
import { tellParent } from './messages.ts';

const program = new Command('hub').description('一张网 One Network').showHelpAfterError();

program
  .command('start')
  .description('start everything on this machine: store, sandbox city, worker, gateway')
  .action(async () => (await import('./commands/start.ts')).runStart(readConfig(), readEnvironment()));
program
  .command('gateway')
  .description('the GraphQL gateway alone (needs HUB_DATABASE_URL)')
  .action(async () => (await import('./commands/gateway.ts')).runGateway(readConfig()));
program
  .command('worker')
  .description('the sync worker alone (needs HUB_DATABASE_URL)')
  .action(async () => (await import('./commands/worker.ts')).runWorker(readConfig()));
program
  .command('sync <unit> [feed...]')
  .description(
    'bring a unit up to date now and show how it goes: by its worker, or without one by this process',
  )
  .option('--here', 'by this process in any case')
  .option('--json', 'one line of JSON a feed, at the end')
  .action(async (unit: string, feeds: string[], options: SyncCommandOptions) =>
    (await import('./commands/sync.ts')).runSync(readConfig(), unit, feeds, options),
  );
program
  .command('register <folder>')
  .description(
    '接入 a department’s unit folder joins the running hub: lint, dry run, a report, and then live in every process',
  )
  .option('--dry-run', 'check and report, and change nothing')
  .option('--accept <ids...>', 'go live in spite of these findings of the dry run: M091, M092, M093')
  .option('--by <name>', 'who registers it')
  .option('--json', 'the report as JSON')
  .action(async (folder: string, options: RegisterCommandOptions) =>
    (await import('./commands/register.ts')).runRegister(readConfig(), folder, options),
  );
program
  .command('unregister <unit>')
  .description('take a unit out of the graph and of the workers; its tables stay')
  .option('--by <name>', 'who takes it out')
  .action(async (unit: string, options: { by?: string }) =>
    (await import('./commands/units.ts')).runUnregister(readConfig(), unit, options),
  );
program
  .command('units')
  .description('list the units that take part, and which process runs them')
  .option('--json', 'as JSON')
  .action(async (options: { json?: boolean }) =>
    (await import('./commands/units.ts')).runUnits(readConfig(), options),
  );
program
  .command('reconcile <unit> [type]')
  .description('compare a unit’s sources with the store now, and bring in what is missing')
  .option('--dry-run', 'find, and write nothing')
  .option('--json', 'everything as JSON')
  .action(async (unit: string, type: string | undefined, options: ReconcileCommandOptions) =>
    (await import('./commands/reconcile.ts')).runReconcile(readConfig(), unit, type, options),
  );
program
  .command('explain <file>')
  .description(
    'run a GraphQL operation and tell its way: door, statements, what was pushed down, expected rows',
  )
  .option('--variables <json>', 'a JSON object')
  .option('--operation <name>', 'which operation of the file')
  .option('--stitched', 'by the stitched door in any case')
  .option('--sql', 'with the text of the statements')
  .option('--json', 'everything as JSON')
  .action(async (file: string, options: ExplainOptions) =>
    (await import('./commands/explain.ts')).runExplain(readConfig(), file, options),
  );
program
  .command('key <name>')
  .description('make an API key: prints it once, and the entry for HUB_KEYS')
  .action(async (name: string) => (await import('./commands/key.ts')).runKey(name));

program
  .command('decode <codec> [file]')
  .description(
    'print what a file, answer or stream of frames holds as JSON lines: csv, xlsx, music, cap, ais, gb26875, gb28181, hj212, jt808, sl651; without a file, stdin',
  )
  .addOption(
    new Option('--encoding <word>', 'how its bytes are read')
      .choices(['utf-8', 'gb18030', 'detect'])
      .default('detect'),
  )
  .option('--records <path>', 'where the records lie in a document')
  .option('--header <rows>', "a table's header rows, such as 3,4", toRowNumbers)
  .option('--sheet <name>', "a workbook's sheet; without it, the first")
  .option('--raw', 'frames: take the bytes as they are, though they look like hexadecimal digits')
  .action(async (codec: string, file: string | undefined, options: DecodeOptions) => {
    const [{ runDecode }, { codecs }] = await Promise.all([
      import('./commands/decode.ts'),
      import('./codecs.ts'),
    ]);
    await runDecode(codec, file, options, codecs);
  });

const drift = program
  .command('drift')
  .description("list how a unit's tables differ from what is known of them")
  .argument('[unit]')
  .action(async (unit: string | undefined) =>
    (await import('./commands/drift.ts')).runDrift(readConfig(), unit),
  );
drift
  .command('accept <unit> [feed]')
  .description('take the present shape as known: of the unit, or of one source/object')
  .action(async (unit: string, feed: string | undefined) =>
    (await import('./commands/drift.ts')).runDriftAccept(readConfig(), unit, feed),
  );

const connector = program.command('connector').description('what a department does with its unit folder');
connector
  .command('build [folder...]')
  .description('write schema.graphql from unit.yaml')
  .action(async (folders: string[]) =>
    (await import('./commands/connector.ts')).runBuild(folders, readConfig().unitsDir),
  );
connector
  .command('lint [folder...]')
  .description('report every fault of unit.yaml, and a schema.graphql that differs')
  .action(async (folders: string[]) =>
    (await import('./commands/connector.ts')).runLint(folders, readConfig().unitsDir),
  );
connector
  .command('schema')
  .description('print the JSON Schema of unit.yaml, for editors')
  .action(async () => (await import('./commands/connector.ts')).runSchema());

const aside = program.command('aside').description('搁置的记录 records that could not land');
aside
  .command('list [unit] [type]')
  .description('why records were set aside, how many, and the newest of them')
  .option('--code <code>', 'of one reason only')
  .option('--json', 'as JSON')
  .action(async (unit: string | undefined, type: string | undefined, options: AsideOptions) =>
    (await import('./commands/aside.ts')).runAsideList(unit, type, options, readConfig()),
  );
aside
  .command('show <id>')
  .description('one original: its fields, its bytes in hex, and why it could not land')
  .action(async (id: string) => (await import('./commands/aside.ts')).runAsideShow(id, readConfig()));
aside
  .command('replay <unit> [type]')
  .description('map them once more by the next run of their feeds, after the mapping was mended')
  .option('--id <id...>', 'these only')
  .option('--code <code>', 'of one reason only')
  .action(async (unit: string, type: string | undefined, options: { id?: string[]; code?: string }) =>
    (await import('./commands/aside.ts')).runAsideReplay(unit, type, options, readConfig()),
  );

const jobs = program.command('jobs').description('队列 what stands in the queue');
jobs
  .command('list [unit]', { isDefault: true })
  .description('schedules, next and last runs, and jobs that ended for good')
  .option('--json', 'as JSON')
  .action(async (unit: string | undefined, options: { json?: boolean }) =>
    (await import('./commands/jobs.ts')).runJobs(unit, options, readConfig()),
  );
jobs
  .command('retry <unit> [feed]')
  .description('ask for a run in place of each job that ended for good')
  .action(async (unit: string, feed: string | undefined) =>
    (await import('./commands/jobs.ts')).runJobsRetry(unit, feed, readConfig()),
  );
jobs
  .command('run <unit> [feed]')
  .description('ask for a run by hand; it goes before all others')
  .action(async (unit: string, feed: string | undefined) =>
    (await import('./commands/jobs.ts')).runJobsRun(unit, feed, readConfig()),
  );

const deletes = program.command('deletes').description('删除刹车 rows that the delete brake holds back');
deletes
  .command('list [unit]', { isDefault: true })
  .description('which feeds would delete too much, how much, and the first keys')
  .action(async (unit: string | undefined) =>
    (await import('./commands/deletes.ts')).runDeletes(unit, readConfig()),
  );
deletes
  .command('accept <unit> <feed> [list]')
  .description(
    'let the next run of this feed (or of the feeds of this type; of one list of theirs) delete as many, once',
  )
  .action(async (unit: string, feed: string, list: string | undefined) =>
    (await import('./commands/deletes.ts')).runDeletesAccept(unit, feed, list, readConfig()),
  );

function toRowNumbers(text: string): number[] {
  const rows = text.split(',').map(Number);
  const isAscending = rows.every((row, at) => Number.isInteger(row) && row > (rows[at - 1] ?? 0));
  if (!isAscending) throw new InvalidArgumentError('must be row numbers in their order, such as 3,4');
  return rows;
}

program.parseAsync().catch((error: unknown) => {
  const coded = error instanceof HubError;
  const text = coded
    ? `${error.code}  ${error.message}`
    : `HUB_INTERNAL  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  tellParent({
    type: 'failed',
    code: coded ? error.code : 'HUB_INTERNAL',
    message: error instanceof Error ? error.message : String(error),
  });
  process.stderr.write(`\n  ${text}\n\n`);
  // The message to the parent leaves before the process does.
  setTimeout(() => process.exit(1), 50);
});
