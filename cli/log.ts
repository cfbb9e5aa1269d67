// The hub's log: JSON lines on standard output (`hub start` keeps them in files), with what must not be printed taken out.
import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

export type HubLog = Logger;

/** `to` 2: standard error, for commands whose answer is their standard output. */
export function openLog(config: Pick<Config, 'logLevel'>, name: string, to: 1 | 2 = 1): HubLog {
  const options = {
    name,
    level: config.logLevel,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['*.password', '*.authorization', 'req.headers', '*.url'], censor: '[hidden]' },
  };
  return to === 1 ? pino(options) : pino(options, pino.destination({ fd: 2, sync: true }));
}
