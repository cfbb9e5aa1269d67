#!/usr/bin/env node
// `hub`: the commands. Each reads the configuration, opens what it needs and leaves its exit code.
import { Command } from 'commander';
import { HubError } from '../schema/errors.ts';
import { runConnectorBuildCommand, runConnectorLint, runConnectorSchema } from './commands/connector.ts';
import { runGateway } from './commands/gateway.ts';
import { runKey } from './commands/key.ts';
import { runStart } from './commands/start.ts';
import { runWorker } from './commands/worker.ts';
import { readConfig, readEnvironment } from './config.ts';
import { tellParent } from './messages.ts';

const program = new Command('hub').description('一张网 One Network').showHelpAfterError();

program
  .command('start')
  .description('start everything on this machine: store, sandbox city, worker, gateway')
  .action(() => runStart(readConfig(), readEnvironment()));
program
  .command('gateway')
  .description('the GraphQL gateway alone (needs HUB_DATABASE_URL)')
  .action(() => runGateway(readConfig()));
program
  .command('worker')
  .description('the sync worker alone (needs HUB_DATABASE_URL)')
  .action(() => runWorker(readConfig()));
program
  .command('key <name>')
  .description('make an API key: prints it once, and the entry for HUB_KEYS')
  .action((name: string) => runKey(name));

const connector = program.command('connector').description('what a department does with its unit folder');
connector
  .command('build [folder...]')
  .description('write schema.graphql from unit.yaml')
  .action((folders: string[]) => runConnectorBuildCommand(folders, readConfig().unitsDir));
connector
  .command('lint [folder...]')
  .description('report every fault of unit.yaml, and a schema.graphql that differs')
  .action((folders: string[]) => runConnectorLint(folders, readConfig().unitsDir));
connector
  .command('schema')
  .description('print the JSON Schema of unit.yaml, for editors')
  .action(() => runConnectorSchema());

program.parseAsync().catch((error: unknown) => {
  const text =
    error instanceof HubError
      ? `${error.code}  ${error.message}`
      : `HUB_INTERNAL  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  tellParent({
    type: 'failed',
    code: error instanceof HubError ? error.code : 'HUB_INTERNAL',
    message: text,
  });
  process.stderr.write(`\n  ${text}\n\n`);
  // The message to the parent leaves before the process does.
  setTimeout(() => process.exit(1), 50);
});
