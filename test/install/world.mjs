// What the scenarios share: a fresh clone of this repository's HEAD, a hub started in it, and what is left of its processes.
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const REPOSITORY = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** An ordinary user that every Debian has; PostgreSQL wants one that stands in the password file. */
const idOf = (flag) => Number(execFileSync('id', [flag, 'games'], { encoding: 'utf8' }));
export const ORDINARY = { uid: idOf('-u'), gid: idOf('-g') };
/** No service of this machine is reachable under these: the embedded default must never need one. */
const NOWHERE = { PGHOST: '127.0.0.9', REDIS_HOST: '127.0.0.9', MYSQL_HOST: '127.0.0.9' };

/** A clone in an empty folder with its dependencies installed. `closed`: under a home that only its owner may enter. */
export function openClone({ user, closed = false, ignoreScripts = false } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'one-network-install-'));
  const folder = join(home, 'clone');
  execFileSync('git', ['clone', '--quiet', REPOSITORY, folder]);
  if (user !== undefined) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, home]);
  chmodSync(home, closed ? 0o700 : 0o755);
  const began = Date.now();
  const flags = [
    'ci',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...(ignoreScripts ? ['--ignore-scripts'] : []),
  ];
  execFileSync('npm', flags, { cwd: folder, env: toEnvironment(home), stdio: 'pipe', ...user });
  return {
    folder,
    home,
    user,
    installSeconds: (Date.now() - began) / 1000,
    close() {
      for (const pid of listProcesses(folder)) tryKill(pid, 'SIGKILL');
      for (const place of sharedPlaces(folder)) rmSync(place, { recursive: true, force: true });
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function toEnvironment(home, extra = {}) {
  const { PATH, LANG, TERM } = process.env;
  return { PATH, LANG, TERM, HOME: home, ...NOWHERE, ...extra };
}

/** Starts `npm start` (or another script) in its own process group, as a terminal would. */
export function startHub(clone, environment = {}, args = ['start']) {
  const child = spawn('npm', args, {
    cwd: clone.folder,
    env: toEnvironment(clone.home, environment),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...clone.user,
  });
  const began = Date.now();
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (printed += chunk));
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const hub = {
    pid: child.pid,
    exited,
    printed: () => printed,
    seconds: () => (Date.now() - began) / 1000,
    async ready(limit = 120) {
      while (!/GraphQL\s+http/.test(printed)) {
        const ended = await Promise.race([exited, wait(50).then(() => null)]);
        if (ended !== null) throw new Error(`it ended with ${JSON.stringify(ended)}:\n${printed}`);
        if (hub.seconds() > limit) throw new Error(`not ready after ${limit} s:\n${printed}`);
      }
      return /GraphQL\s+(http\S+)/.exec(printed)[1];
    },
    /** Ctrl-C in a terminal: SIGINT to the whole foreground group. */
    async interrupt() {
      process.kill(-child.pid, 'SIGINT');
      return exited;
    },
    /** The power plug: SIGKILL to everything of this clone at once, PostgreSQL too when asked. */
    killAll({ postgres }) {
      for (const pid of listProcesses(clone.folder))
        if (postgres || !isPostgres(pid)) tryKill(pid, 'SIGKILL');
      tryKill(child.pid, 'SIGKILL');
    },
  };
  return hub;
}

/** Process numbers whose command line names the clone, or the place where root's PostgreSQL keeps its data. */
export function listProcesses(folder) {
  const marks = [folder, ...sharedPlaces(folder)];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      const text = commandOf(pid);
      const cwd = isPostgres(pid) ? '' : cwdOf(pid);
      return marks.some((mark) => text.includes(mark) || cwd.startsWith(mark));
    });
}

export const commandOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
};

function cwdOf(pid) {
  try {
    return execFileSync('readlink', [`/proc/${pid}/cwd`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}

const isPostgres = (pid) => /\/bin\/postgres /.test(commandOf(pid));

function sharedPlaces(folder) {
  const shared = '/var/lib/one-network';
  if (!existsSync(shared)) return [];
  return readdirSync(shared)
    .map((name) => join(shared, name))
    .filter(
      (place) =>
        existsSync(join(place, 'origin.txt')) &&
        readFileSync(join(place, 'origin.txt'), 'utf8').startsWith(folder),
    );
}

export function tryKill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}

/** Waits until no process of the clone is left; the ones that are, otherwise. */
export async function waitForNone(folder, limitSeconds = 20) {
  for (let waited = 0; waited < limitSeconds * 20; waited += 1) {
    if (listProcesses(folder).length === 0) return [];
    await wait(50);
  }
  return listProcesses(folder).map((pid) => `${pid} ${commandOf(pid)}`);
}

export async function ask(url, query) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

export function makeFolder(path, user) {
  mkdirSync(path, { recursive: true });
  if (user !== undefined) chownSync(path, user.uid, user.gid);
}
