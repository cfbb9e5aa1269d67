// The report of a registration as people read it: Chinese first, then English. Pure. It shows counts, names and codes; no value
// of a record, since those may be citizens' data.
import { toFaultText } from '../../connectors/kit/manifest/faults.ts';
import type { FeedTrial, TrialAside, TypeTrial } from '../../jobs/trial/contract.ts';
import type { ProcessLine, RegisterReport, RegisterState } from './report.ts';

export function toReportText(report: RegisterReport): string {
  const { unit, manifest, replaces } = report;
  const what = replaces === null ? '新接入 new' : `更新 update of version ${replaces}`;
  return [
    `\n  接入 Register  ${unit}  ${what}  清单 manifest ${manifest.slice(0, 12)}\n`,
    ...toManifestLines(report),
    ...toSecretLines(report),
    ...toTrialLines(report),
    ...toTableLines(report),
    ...toProcessLines(report.processes),
    `\n  ${toVerdict(report)}\n`,
  ].join('\n');
}

function toLine(isGood: boolean, zh: string, en: string, detail: string): string {
  return `  ${isGood ? '✓' : '✗'} ${zh} ${en}  ${detail}`;
}

function toManifestLines({ faults, refusals }: RegisterReport): readonly string[] {
  const errors = faults.filter(({ severity }) => severity === 'error');
  const isGood = errors.length + refusals.length === 0;
  return [
    toLine(
      isGood,
      '清单',
      'Manifest',
      `${errors.length} 错误 errors, ${faults.length - errors.length} 提示 others`,
    ),
    ...faults.map((fault) => `      ${fault.severity.padEnd(7)} ${toFaultText(fault)}`),
    ...refusals.map(({ code, message }) => `      error   ${code}  ${message}`),
  ];
}

function toSecretLines({ missingSecrets }: RegisterReport): readonly string[] {
  if (missingSecrets.length === 0) return [];
  return [
    toLine(false, '密钥', 'Secrets', `缺少 missing: ${missingSecrets.join(', ')}`),
    '      HUB_CONFIG_INVALID  设环境变量，或在 HUB_SECRETS_DIR 放同名文件 set the variables, or put files of these names into HUB_SECRETS_DIR',
    '      没有密钥不能试读 without them there is no dry run',
  ];
}

function toTrialLines({ feeds }: RegisterReport): readonly string[] {
  if (feeds.length === 0) return [];
  const isGood = feeds.every(({ findings }) => findings.every(({ severity }) => severity !== 'error'));
  return [
    toLine(
      isGood,
      '试读',
      'Dry run',
      '只读样本，不入库，不移动文件 a sample; nothing is written, no file is moved',
    ),
    ...feeds.flatMap(toFeedLines),
  ];
}

const STATES: Readonly<Record<FeedTrial['state'], string>> = {
  READ: '已读 read',
  EMPTY: '没有数据 nothing there',
  PUSHED: '由对方推送，无法试读 it sends by itself: cannot be asked',
  NOT_RUN: '本平台尚不能读 this hub cannot read it yet',
  FAILED: '失败 failed',
};

function toFeedLines(feed: FeedTrial): readonly string[] {
  const { records, rowsThere, files, notOurs, illegible } = feed;
  const counts = [
    ...(rowsThere === null ? [] : [`约 about ${rowsThere} 行在源 rows there`]),
    ...(files === null ? [] : [`${files} 个文件 files`]),
    ...(records === 0 ? [] : [`样本 sample ${records}`]),
    ...(notOurs === 0 ? [] : [`非本类 not ours ${notOurs}`]),
    ...(illegible === 0 ? [] : [`无法拆解 illegible ${illegible}`]),
  ];
  return [
    `      ${feed.feed}  ${STATES[feed.state]}${counts.length === 0 ? '' : `  ${counts.join(', ')}`}`,
    ...feed.types.flatMap(toTypeLines),
    ...feed.findings.map(
      ({ id, code, severity, message }) => `        ${severity.padEnd(7)} ${id ?? code ?? ''}  ${message}`,
    ),
  ];
}

function toTypeLines({ type, rows, doubled, setAside, unreadable, empty }: TypeTrial): readonly string[] {
  return [
    `        ${type}  可入库 would land ${rows}, 主键 keys ${doubled === 0 ? '唯一 unique' : `重复 doubled ${doubled}`}`,
    ...setAside.map((aside) => `          搁置 set aside ${toAsideText(aside)}`),
    ...unreadable.map((aside) => `          字段留空 left empty ${toAsideText(aside)}`),
    ...(empty.length === 0
      ? []
      : [`          样本中全空 without a value in the sample: ${empty.join(', ')}`]),
  ];
}

function toAsideText({ code, field, records }: TrialAside): string {
  return `${records}  ${code}${field === null ? '' : `  ${field}`}`;
}

function toTableLines({ tables, state }: RegisterReport): readonly string[] {
  if (tables.length === 0) return [];
  const verbs = new Map<string, number>();
  for (const statement of tables) {
    const verb = /^(--|\w+ \w+)/.exec(statement)?.[0] ?? 'other';
    verbs.set(verb, (verbs.get(verb) ?? 0) + 1);
  }
  const list = [...verbs].map(([verb, count]) => `${verb} ×${count}`).join(', ');
  const isDone = state === 'LIVE' || state === 'IN_PART';
  return [toLine(true, '数据表', 'Tables', `${isDone ? '已执行 done' : '将执行 to be done'}: ${list}`)];
}

const PROCESS_STATES: Readonly<Record<ProcessLine['state'], string>> = {
  DONE: '已接管 has taken over',
  LEFT_OUT: '未启用 has left it out',
  REFUSED: '未接管，沿用旧图谱 goes on with what it had',
  SILENT: '未回应 has not answered in time',
};

export function toProcessLines(processes: readonly ProcessLine[]): readonly string[] {
  return processes.map(({ id, role, state, reason }) => {
    const [zh, en] = role === 'WORKER' ? (['同步进程', 'Worker'] as const) : (['网关', 'Gateway'] as const);
    const why = reason === null ? '' : `: ${reason}`;
    return toLine(
      state === 'DONE',
      zh,
      en,
      `${id.split(':').slice(0, 2).join(':')}  ${PROCESS_STATES[state]}${why}`,
    );
  });
}

const VERDICTS: Readonly<Record<RegisterState, string>> = {
  LIVE: '已上线 Live in every process',
  IN_PART:
    '已登记，尚未处处上线 Registered, and not live everywhere yet: see above; processes that start later take it over',
  REFUSED: '未上线，什么都没有改变 Refused: nothing was changed',
  UNCHANGED: '清单没有变化，无事可做 The manifest is the one that is live: nothing was done',
  DRY_RUN: '试运行通过，什么都没有改变 Would go live: nothing was changed',
};

function toVerdict({ state, seconds }: RegisterReport): string {
  return `${VERDICTS[state]}${seconds === null ? '' : `  ${seconds.toFixed(1)} s`}`;
}
