// The scenarios: each a sentence of what a person may do to `npm start`, and what must hold afterwards.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ask, makeFolder, ORDINARY, openClone, startHub, waitForNone } from './world.mjs';

const SHOW = `{ divisions(level: COUNTY) { code name hydroStations(first: 3) { nodes { id name
  latestRiver { stage flow observedAt } rain(last: 3) { nodes { amount period observedAt } } source { freshness via receivedAt } } } } }`;

/** The one-network view: three departments in one answer. */
const VIEW = `{ divisions(level: COUNTY) { code name
  hydroStations(first: 20) { nodes { id name latestRiver { stage observedAt } source { freshness } } }
  fireHotspots(first: 20) { nodes { id confidence location { lon lat } } }
  weatherStations { nodes { id name latestWeather { rain1h temperature } } } } }`;
/** A file is complete when it has lain there for ten seconds, by two looks: until then the view has no fires. */
const FULL_VIEW_SECONDS = 90;

/** From `npm start` to the first correct answer, as the issue asks: at most this long after install. */
const FIRST_ANSWER_SECONDS = 45;

export const SCENARIOS = {
  'as root, in an open folder': () => withClone({}, startAndStop),
  'as root, under a closed home': () => withClone({ closed: true }, startAndStop),
  'as an ordinary user, under a closed home': () => withClone({ user: ORDINARY, closed: true }, startAndStop),
  'without install scripts': () => withClone({ ignoreScripts: true }, startAndStop),
  'twice in a row': () => withClone({}, twice),
  'killed at any moment': () => withClone({}, killed),
  'killed at any moment, as an ordinary user': () => withClone({ user: ORDINARY, closed: true }, killed),
  'stopped at any moment': () => withClone({}, stopped),
  'with its ports taken': () => withClone({}, portsTaken),
  'with its environment set': () => withClone({}, environmentSet),
  'started twice at once': () => withClone({}, secondStart),
  'the test command, as an ordinary user without any service': () =>
    withClone({ user: ORDINARY, closed: true, ignoreScripts: true }, testCommand),
};

async function withClone(options, scenario) {
  const clone = openClone(options);
  try {
    return `install ${clone.installSeconds.toFixed(1)} s; ${await scenario(clone)}`;
  } finally {
    clone.close();
  }
}

async function startAndStop(clone) {
  const hub = startHub(clone);
  const url = await hub.ready();
  const stations = await checkAnswer(url);
  const seconds = hub.seconds();
  assert.ok(seconds <= FIRST_ANSWER_SECONDS, `first correct answer after ${seconds} s:\n${hub.printed()}`);
  const fires = await checkView(url, hub);
  const full = hub.seconds();
  await checkStop(clone, hub);
  return `first correct answer after ${seconds.toFixed(1)} s (${stations} stations), the view over three departments after ${full.toFixed(1)} s (${fires} fires), Ctrl-C left no process`;
}

async function twice(clone) {
  await startAndStop(clone);
  return startAndStop(clone);
}

/** Eight kills spread over the start and the first minute, alternately with and without PostgreSQL's own processes. */
async function killed(clone) {
  const moments = [0.4, 1.2, 2, 3, 4, 5.5, 8, 12];
  for (const [index, moment] of moments.entries()) {
    const hub = startHub(clone);
    await Promise.race([wait(moment * 1000), hub.exited]);
    hub.killAll({ postgres: index % 2 === 0 });
    await hub.exited;
  }
  return `killed after ${moments.join(', ')} s; then ${await startAndStop(clone)}`;
}

/** Ctrl-C at eight moments of the start and behind it: whatever is opening, nothing stays behind, and it starts again. */
async function stopped(clone) {
  const moments = [0.4, 1.2, 2, 3, 4, 5.5, 8, 12];
  for (const moment of moments) {
    const hub = startHub(clone);
    await Promise.race([wait(moment * 1000), hub.exited]);
    await hub.interrupt();
    assert.deepEqual(await waitForNone(clone.folder), [], `stopped after ${moment} s:\n${hub.printed()}`);
    assert.doesNotMatch(hub.printed(), /HUB_[A-Z]+_|Error|✗/, `stopped after ${moment} s:\n${hub.printed()}`);
  }
  return `stopped after ${moments.join(', ')} s, without a fault or a process left; then ${await startAndStop(clone)}`;
}

/** The gateway's, the store's, and those of hydrology and weather; forestry and education are folders. */
async function portsTaken(clone) {
  const strangers = await Promise.all([4000, 54_320, 15_432, 15_480].map(listen));
  try {
    const note = await startAndStop(clone);
    const hub = startHub(clone, { PORT: '4000' });
    const { code } = await hub.exited;
    assert.notEqual(code, 0);
    assert.match(hub.printed(), /HUB_CONFIG_PORT_TAKEN.*4000/s);
    assert.deepEqual(await waitForNone(clone.folder), []);
    return `next free ports: ${note}; a port asked for by name: refused with its number`;
  } finally {
    for (const stranger of strangers) stranger?.close();
  }
}

async function environmentSet(clone) {
  const faulty = startHub(clone, {
    PORT: 'eighty',
    REDIS_URL: 'nowhere',
    HUB_DATABASE_URL: 'mysql://h/d',
    HUB_TYPO: '1',
  });
  assert.notEqual((await faulty.exited).code, 0);
  for (const name of ['PORT', 'REDIS_URL', 'HUB_DATABASE_URL', 'HUB_TYPO'])
    assert.match(faulty.printed(), new RegExp(name));

  const dataDir = join(clone.home, 'elsewhere');
  makeFolder(dataDir, clone.user);
  const environment = { PORT: '4555', HUB_DATA_DIR: dataDir };
  const services = [];
  if (await isReachable(6379)) services.push('REDIS_URL');
  if (await isReachable(5432)) services.push('HUB_DATABASE_URL');
  const database = services.includes('HUB_DATABASE_URL') ? await openDatabase() : null;
  if (services.includes('REDIS_URL')) environment.REDIS_URL = 'redis://127.0.0.1:6379/9';
  if (database !== null) environment.HUB_DATABASE_URL = database.url;
  try {
    const hub = startHub(clone, environment);
    const url = await hub.ready();
    assert.match(url, /:4555\//);
    await checkAnswer(url);
    await checkView(url, hub);
    await checkStop(clone, hub);
  } finally {
    await database?.close();
    if (services.includes('REDIS_URL')) await flushRedis();
  }
  return `4 faults at once; PORT and HUB_DATA_DIR honoured; also ${services.join(' and ') || 'no service reachable'}`;
}

async function secondStart(clone) {
  const first = startHub(clone);
  const url = await first.ready();
  const second = startHub(clone);
  assert.notEqual((await second.exited).code, 0);
  assert.match(second.printed(), /HUB_POSTGRES_DATA.*in use by process \d+/s);
  await checkAnswer(url);
  await checkStop(clone, first);
  return 'the second one is refused with the process that has the folder; the first goes on';
}

/** The README's test command where MariaDB's address leads nowhere and no redis-server stands in the path. */
async function testCommand(clone) {
  const path = process.env.PATH.split(':').filter((folder) => !existsSync(join(folder, 'redis-server')));
  const tools = join(clone.home, 'tools');
  makeFolder(tools, clone.user);
  // What stood beside redis-server in its folder and is needed all the same.
  for (const name of [
    'sh',
    'bash',
    'env',
    'git',
    'node',
    'npm',
    'npx',
    'ls',
    'cat',
    'sleep',
    'id',
    'chmod',
    'rm',
    'mkdir',
  ])
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(tools, name));
  const environment = {
    PATH: [tools, ...path].join(':'),
    HUB_TEST_MARIADB_URL: 'mysql://root@127.0.0.9:3999/test',
  };
  const tests = startHub(clone, environment, ['test']);
  const { code } = await tests.exited;
  assert.equal(code, 0, tests.printed().slice(-5000));
  const [closing] = /\d+ passed, \d+ failed, \d+ skipped/.exec(tests.printed()) ?? [];
  assert.deepEqual(await waitForNone(clone.folder), []);
  return `${closing} in ${tests.seconds().toFixed(0)} s`;
}

/** The Show query of the spine: every county, stations with a stage, three rain values each, and their age. */
async function checkAnswer(url) {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await ask(url, SHOW);
    try {
      return checkShow(answer);
    } catch (error) {
      if (attempt >= 100) throw error;
      await wait(100);
    }
  }
}

function checkShow(answer) {
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  const divisions = answer.data.divisions;
  const stations = divisions.flatMap((division) => division.hydroStations.nodes);
  assert.ok(divisions.length >= 11, `only ${divisions.length} counties`);
  assert.ok(stations.length >= 22, `only ${stations.length} stations`);
  const rain = stations.flatMap((station) => station.rain.nodes);
  assert.ok(
    rain.length >= 30 && rain.every((one) => /^PT(5M|1H)$/.test(one.period)),
    JSON.stringify(rain.slice(0, 3)),
  );
  assert.ok(stations.some((station) => typeof station.latestRiver?.stage === 'number'));
  assert.ok(
    stations.every((station) => station.source.via === 'STORE' && station.source.freshness === 'LIVE'),
    JSON.stringify(stations[0].source),
  );
  return stations.length;
}

/** Waits until all three departments stand in one answer; the number of its fires. */
async function checkView(url, hub) {
  for (;;) {
    const answer = await ask(url, VIEW);
    try {
      return checkFull(answer);
    } catch (error) {
      if (hub.seconds() > FULL_VIEW_SECONDS) throw error;
      await wait(200);
    }
  }
}

function checkFull(answer) {
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  const touched = answer.extensions.sources.map(
    ({ unit, status, requests }) => `${unit} ${status} ${requests}`,
  );
  assert.deepEqual(touched.toSorted(), ['forestry OK 1', 'hydrology OK 1', 'weather OK 1']);
  const all = (field) => answer.data.divisions.flatMap((division) => division[field].nodes);
  assert.ok(all('hydroStations').some((station) => typeof station.latestRiver?.stage === 'number'));
  assert.ok(all('weatherStations').some((station) => typeof station.latestWeather?.temperature === 'number'));
  const fires = all('fireHotspots').length;
  assert.ok(fires > 0, 'no fire yet');
  return fires;
}

async function checkStop(clone, hub) {
  await hub.interrupt();
  assert.deepEqual(await waitForNone(clone.folder), []);
}

/** Takes the port; null where somebody else has it, which is as good. */
function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
  });
}

function isReachable(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function openDatabase() {
  const { default: pg } = await import('pg');
  const name = `install_${process.pid}`;
  const run = async (text) => {
    const client = new pg.Client({ connectionString: 'postgres://postgres@127.0.0.1:5432/test' });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  await run(`create database ${name} encoding 'UTF8' template template0`);
  return {
    url: `postgres://postgres@127.0.0.1:5432/${name}`,
    close: () => run(`drop database ${name} with (force)`),
  };
}

async function flushRedis() {
  const socket = connect({ port: 6379, host: '127.0.0.1' });
  // Unread, the answers would keep the socket from closing.
  socket.resume();
  socket.write('SELECT 9\r\nFLUSHDB\r\nQUIT\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
}
