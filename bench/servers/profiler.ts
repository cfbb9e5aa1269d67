// Where the time of a gateway's process goes while it is under load: its parent says when to begin and when to end, and gets
// the profile.
import { type Profiler, Session } from 'node:inspector/promises';

/** The message 'begin' starts a profile, 'end' ends it and sends it. */
export function profileOnDemand(): void {
  const session = new Session();
  session.connect();
  process.on('message', (message) => {
    const answer = message === 'begin' ? runBegin(session) : runEnd(session);
    answer.then(
      (told) => process.send?.(told),
      (error: unknown) => process.send?.({ fault: String(error) }),
    );
  });
}

async function runBegin(session: Session): Promise<'begun'> {
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
  return 'begun';
}

async function runEnd(session: Session): Promise<Profiler.Profile> {
  const { profile } = await session.post('Profiler.stop');
  return profile;
}
