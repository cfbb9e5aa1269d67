// The environment, parsed once: the only file of the hub that reads process.env. All its faults are listed at once.
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { isAllowance } from '../connectors/kit/web/targets.ts';
import { HubError } from '../schema/errors.ts';
import { readSecretFile } from './secret-file.ts';

export type Config = {
  readonly host: string;
  readonly port: number;
  /** True when nobody asked for this port: then the next free one is harmless. */
  readonly portIsDefault: boolean;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly unitsDir: string;
  readonly keys: readonly { readonly id: string; readonly sha256: string }[];
  /** Where in this machine and in private networks sources over HTTP may be asked. */
  readonly privateTargets: readonly string[];
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Whether `hub start` also starts the sandbox city. */
  readonly sandbox: boolean;
  /**
   * A secret of a manifest, by its name: of the environment, else of HUB_SECRETS_DIR, where it is looked for each time.
   * Undefined when neither has it, or has it empty. Throws HUB_CONFIG_INVALID for a file that others may change.
   */
  readonly secret: (name: string) => string | undefined;
};

/** The checkout (or dist/) that this file belongs to. */
export const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .refine((value) => value > 0 && value < 65_536, 'must be from 1 to 65535');

const urlOf = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol),
      `must be a URL with ${schemes.join(' or ')}`,
    );

const keys = z.string().transform((text, context) =>
  text.split(',').map((entry) => {
    const [id = '', sha256 = ''] = entry.trim().split(':');
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(id) || !/^[0-9a-f]{64}$/.test(sha256)) {
      context.addIssue({
        code: 'custom',
        message: 'must be a comma list of name:sha256 (64 hex digits of the SHA-256 of the key)',
      });
    }
    return { id, sha256 };
  }),
);

const targets = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()))
  .refine(
    (entries) => entries.every(isAllowance),
    'must be a comma list of ranges (10.20.0.0/16), addresses and hosts, these with or without a port',
  );

/** Every variable of the hub. Names that begin with HUB_ and do not stand here are refused: a typing error must not be silent. */
const VARIABLES = {
  HOST: z.string().min(1),
  PORT: port,
  HUB_DATA_DIR: z.string().min(1),
  HUB_DATABASE_URL: urlOf('postgres:', 'postgresql:'),
  REDIS_URL: urlOf('redis:', 'rediss:'),
  HUB_UNITS_DIR: z.string().min(1),
  HUB_KEYS: keys,
  HUB_PRIVATE_TARGETS: targets,
  HUB_SECRETS_DIR: z.string().min(1),
  HUB_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']),
  HUB_SANDBOX: z.enum(['on', 'off']),
} as const;

type Parsed = { readonly [Name in keyof typeof VARIABLES]?: z.output<(typeof VARIABLES)[Name]> };

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** Parses an environment; rejects with HUB_CONFIG_INVALID that lists every fault, each with its variable and the fix. No value is repeated: it may be a secret. */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const parsed: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(VARIABLES)) {
    const text = environment[name];
    if (text === undefined || text === '') continue;
    const result = shape.safeParse(text);
    if (result.success) parsed[name] = result.data;
    else faults.push(`${name}: ${result.error.issues.map((issue) => issue.message).join('; ')}`);
  }
  faults.push(...unknownNames(environment));
  const values = parsed as Parsed;
  const host = values.HOST ?? '127.0.0.1';
  if (!LOOPBACK.includes(host) && values.HUB_KEYS === undefined) {
    faults.push('HOST: other addresses than 127.0.0.1 need keys; set HUB_KEYS=name:sha256 (see `hub key`)');
  }
  if (faults.length > 0)
    throw new HubError(
      'HUB_CONFIG_INVALID',
      `The environment has ${faults.length} fault(s):\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
  return toConfig(values, host, environment);
}

/** The configuration of this process. */
export function readConfig(): Config {
  return parseConfig(process.env);
}

/** The environment that child processes get: this one's. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

function toConfig(
  values: Parsed,
  host: string,
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const dataDir = toFolder(values.HUB_DATA_DIR ?? join(PROJECT, '.data'));
  const secretsDir = toFolder(values.HUB_SECRETS_DIR ?? join(dataDir, 'secrets'));
  return {
    host,
    port: values.PORT ?? 4000,
    portIsDefault: values.PORT === undefined,
    dataDir,
    databaseUrl: values.HUB_DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    unitsDir: toFolder(values.HUB_UNITS_DIR ?? join(PROJECT, 'connectors/units')),
    keys: values.HUB_KEYS ?? [],
    privateTargets: values.HUB_PRIVATE_TARGETS ?? [],
    logLevel: values.HUB_LOG_LEVEL ?? 'info',
    sandbox: values.HUB_SANDBOX !== 'off',
    // Empty is not set, as with the variables above: that is what a compose file gives for what nobody has set.
    secret: (name) => environment[name] || readSecretFile(secretsDir, name),
  };
}

function toFolder(text: string): string {
  const path = text.startsWith('~/') ? join(homedir(), text.slice(2)) : text;
  return isAbsolute(path) ? path : resolve(path);
}

/** HUB_TEST_… belongs to the tests. */
function unknownNames(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = Object.keys(VARIABLES);
  return Object.keys(environment)
    .filter((name) => name.startsWith('HUB_') && !name.startsWith('HUB_TEST_') && !known.includes(name))
    .map((name) => `${name}: no such variable; there are ${known.join(', ')}`);
}
