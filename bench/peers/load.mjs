// The load, in a process of its own: autocannon keeps some requests in flight for some seconds. Order: { url, bodies,
// connections, seconds, warmUp, mustHave }. Bodies are sent in turn, so that none in flight is another's. Tells answers a
// second and latencies in milliseconds; whatever is no answer ends it with an error.
import autocannon from 'autocannon';

process.once('message', (order) => {
  run(order).then(
    (report) => process.send(report),
    (error) => process.send({ fault: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send({ url: '' });

const PATIENCE_SECONDS = 30;

async function run({ url, bodies, connections, seconds, warmUp, mustHave }) {
  let next = 0;
  if (warmUp > 0) await shoot(warmUp);
  const report = await shoot(seconds);
  // So slow that none came in time: as long as it takes, up to half a minute.
  const last = report.answers > 0 ? report : await shoot(PATIENCE_SECONDS);
  if (last.answers === 0) throw new Error(`${url} gave no answer within ${PATIENCE_SECONDS} s`);
  return last;

  async function shoot(duration) {
    let fault = null;
    const latencies = [];
    const began = performance.now();
    let ended = began;
    const shot = autocannon({
      url,
      connections,
      duration,
      timeout: 60,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-plan': '1' },
      requests: [
        {
          setupRequest: (request) => {
            next = (next + 1) % bodies.length;
            return { ...request, body: bodies[next] };
          },
          onResponse: (status, body) => {
            if (fault !== null || isAnswer(status, body, mustHave)) return;
            fault = `${url} answered ${status}: ${body.slice(0, 500)}`;
            shot.stop();
          },
        },
      ],
    });
    shot.on('response', (_client, _status, _length, milliseconds) => {
      latencies.push(milliseconds);
      ended = performance.now();
    });
    const { errors, timeouts } = await shot;
    if (fault === null && errors + timeouts > 0)
      fault = `${url}: ${errors} error(s), ${timeouts} time-out(s)`;
    if (fault !== null) throw new Error(fault);
    latencies.sort((left, right) => left - right);
    const toPercentile = (share) =>
      latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))];
    return {
      // Up to the last answer: what was in flight at the end is not counted, nor its time.
      perSecond: latencies.length / ((ended - began) / 1000),
      p50: toPercentile(0.5),
      p95: toPercentile(0.95),
      answers: latencies.length,
    };
  }
}

/** Cheap, so that the load does not take the processor from those that are measured: `errors` stands at the front or the end. */
function isAnswer(status, body, mustHave) {
  if (status < 200 || status > 299 || (mustHave !== null && !body.includes(mustHave))) return false;
  return !(body.slice(0, 200).includes('"errors"') || body.slice(-2000).includes('"errors"'));
}
