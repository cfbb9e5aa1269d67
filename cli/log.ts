// The hub's log: JSON lines on standard output (`hub start` keeps them in files), with what must not be printed taken out.
import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type HubLog = Logger;

export function openLog(config: Pick<Config, 'logLevel'>, name: string): HubLog {
  return pino({
    name,
    level: config.logLevel,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['*.password', '*.authorization', 'req.headers', '*.url'], censor: '[hidden]' },
  });
}
