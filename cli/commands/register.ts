// `hub register <folder>`: a department's system joins the running hub. Exit code 0: live everywhere (or it would be), 1:
// refused, 2: registered and not live everywhere.
import { openUnitFolder } from '../../connectors/kit/manifest/unit-folder.ts';
import { HubError } from '../../schema/errors.ts';
import type { Config } from '../config.ts';
import { toStopSignal } from '../lifetime.ts';
import { toOwnName } from '../open-hub.ts';
import { withOperator } from '../open-operator.ts';
import { print } from '../print.ts';
import { ACCEPTABLE, registerUnit } from '../register/register-unit.ts';
import type { RegisterState } from '../register/report.ts';
import { toReportText } from '../register/report-text.ts';

export type RegisterCommandOptions = {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly accept?: readonly string[];
  readonly by?: string;
};

const CODES: Readonly<Record<RegisterState, number>> = {
  LIVE: 0,
  UNCHANGED: 0,
  DRY_RUN: 0,
  REFUSED: 1,
  IN_PART: 2,
};

export async function runRegister(
  config: Config,
  folder: string,
  { dryRun = false, json = false, accept = [], by = toOwnName() }: RegisterCommandOptions,
): Promise<void> {
  const unknown = accept.filter((id) => !ACCEPTABLE.includes(id));
  if (unknown.length > 0)
    throw new HubError(
      'HUB_CONFIG_INVALID',
      `--accept takes ${ACCEPTABLE.join(', ')}, but got: ${unknown.join(', ')}`,
    );
  const read = await openUnitFolder(folder);
  await withOperator(
    config,
    async (operator) => {
      const report = await registerUnit(operator, read, { dryRun, accept, by, signal: toStopSignal() });
      print(json ? JSON.stringify(report) : toReportText(report));
      process.exitCode = CODES[report.state];
    },
    { looks: false },
  );
}
