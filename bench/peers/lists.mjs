// The load of bench/register.ts, in a process of its own: autocannon asks a running gateway one question after the other, until it
// is told to end. Order: { url, questions, connections }; `questions` are [query, codes], where `codes` are the errors that the query
// is known to be answered with. On `take` it tells what was met since the last one: { asked, failed, words, times }.
import autocannon from 'autocannon';

/** A day: it is ended before. */
const LONGEST_SECONDS = 86_400;
const MOST_WORDS = 5;

const nothing = () => ({ asked: 0, failed: 0, words: [], times: [] });
let met = nothing();

process.once('message', ({ url, questions, connections }) => {
  const shot = autocannon({
    ...{ url: `${url}/graphql`, connections, duration: LONGEST_SECONDS, timeout: 60, method: 'POST' },
    headers: { 'content-type': 'application/json' },
    requests: questions.map(([query, codes]) => ({
      body: JSON.stringify({ query }),
      onResponse: (status, body) => {
        const seen = toCodes(body);
        if (status !== 200 || (seen !== '' && seen !== codes)) note(`${status} ${seen} ${query}`);
      },
    })),
  });
  shot.on('response', (_client, _status, _length, milliseconds) => {
    met.asked += 1;
    met.times.push(milliseconds);
  });
  // Connections that broke, and answers that did not come in time.
  shot.on('reqError', (error) => note(String(error)));
  process.on('message', () => {
    process.send({ ...met, times: met.times.sort((left, right) => left - right) });
    met = nothing();
  });
});
process.on('disconnect', () => process.exit(0));
process.send({ url: '' });

function note(words) {
  met.failed += 1;
  if (met.words.length < MOST_WORDS) met.words.push(words);
}

/** Of its errors; an answer that cannot be read is one. */
function toCodes(body) {
  if (body.startsWith('{"data":') && !body.slice(-2000).includes('"errors"')) return '';
  try {
    const { errors = [] } = JSON.parse(body);
    return [...new Set(errors.map(({ extensions }) => extensions?.code ?? '?'))].sort().join();
  } catch {
    return 'unreadable';
  }
}
