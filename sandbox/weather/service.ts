// The weather bureau's two roads: /cimiss-web/api for the observations, /warning/alerts for the warnings. It has no faults of
// its own but those of its data.
import type { Instant } from '../clock/sandbox-clock.ts';
import type { Call, Reply } from '../http/http-system.ts';
import { type CapArchive, toArchiveReply } from './cap-archive.ts';
import { type MusicService, toMusicText } from './music.ts';

export type ServiceOptions = {
  readonly music: MusicService;
  readonly archive: CapArchive;
  now(): Instant;
};

export function toService({ music, archive, now }: ServiceOptions): (call: Call) => Reply {
  let count = 0;
  return ({ method, path, query, headers }) => {
    if (method !== 'GET') return toPlain(405, 'GET only');
    if (path === '/cimiss-web/api') {
      const isScript = query.get('dataFormat') === 'jsonp';
      count += 1;
      const type = isScript ? 'application/javascript' : 'application/json';
      return { status: 200, type, text: toMusicText(music, query, now(), count) };
    }
    if (path !== '/warning/alerts') return toPlain(404, 'Not found');
    const key = headers['x-api-key'];
    const answer = toArchiveReply(archive, query, typeof key === 'string' ? key : undefined, now());
    return { ...answer, type: 'application/xml' };
  };
}

function toPlain(status: number, text: string): Reply {
  return { status, type: 'text/plain', text };
}
