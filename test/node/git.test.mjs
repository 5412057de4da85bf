// Git over smart HTTP: the same credentials, scopes and reach as the API, and never in its way.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Sandbox, basic } from './sandbox.mjs';

const run = promisify(execFile);
let sandbox, folder, first;
before(async () => {
  sandbox = await Sandbox.start('--size', 'small', '--quota', '0');
  folder = mkdtempSync(join(tmpdir(), 'sandbox-clones-'));
  [first] = sandbox.ready.repositories;
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await sandbox.stop();
});

// The credential goes in by the environment, as a header, so that it is on no command line.
function git(authorization, ...args) {
  const env = {
    PATH: process.env.PATH, HOME: folder, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.extraHeader', GIT_CONFIG_VALUE_0: `Authorization: ${authorization}`,
  };
  return run('git', args, { env, maxBuffer: 1 << 26 });
}
const address = (name) => `${sandbox.ready.git_base}/${name}.git`;
const as = (name, user = 'x-token-auth') => basic(user, sandbox.token(name).secret);

test('a mirror holds the commits and branches that the API lists', async () => {
  const target = join(folder, 'mirror.git');
  await git(as('workspace'), 'clone', '-q', '--mirror', address(first.full_name), target);
  const { stdout: hashes } = await git('', '-C', target, 'rev-list', '--all');
  const R = `/repositories/${first.full_name}`;
  const listed = await sandbox.all(`${R}/commits?pagelen=100&fields=values.hash,next`);
  assert.deepEqual(hashes.trim().split('\n').sort(), listed.map((commit) => commit.hash).sort());
  const { stdout: refs } = await git('', '-C', target, 'for-each-ref', '--format=%(refname:lstrip=2) %(objectname)', 'refs/heads');
  const branches = await sandbox.all(`${R}/refs/branches?pagelen=100`);
  assert.deepEqual(refs.trim().split('\n').sort(), branches.map((branch) => `${branch.name} ${branch.target.hash}`).sort());
  const { stdout: dates } = await git('', '-C', target, 'log', '--all', '--format=%H %at');
  const byHash = new Map(dates.trim().split('\n').map((line) => line.split(' ')));
  for (const branch of branches) assert.equal(Date.parse(branch.target.date) / 1000, Number(byHash.get(branch.target.hash)));
});

test('every user name that git uses with a token is good, and no other', async () => {
  const refs = (authorization) => git(authorization, 'ls-remote', '--heads', address(first.full_name));
  await refs(as('workspace'));
  await refs(as('api', 'x-bitbucket-api-token-auth'));
  await assert.rejects(refs(as('workspace', 'somebody')));
  await assert.rejects(refs(as('api', 'x-token-auth')));
  await assert.rejects(refs(as('expired')));
  await assert.rejects(refs(as('app-password', sandbox.token('app-password').account)));
});

test('reach and scope hold for git too', async () => {
  const status = async (name, authorization) => (await sandbox.fetch(`${address(name)}/info/refs?service=git-upload-pack`, { token: null, headers: { authorization } })).status;
  const elsewhere = sandbox.ready.repositories[1].full_name;
  assert.equal(await status(first.full_name, as('repository')), 200);
  assert.equal(await status(elsewhere, as('repository')), 404);
  const { secret } = await sandbox.control('token', { name: 'no-repository', kind: 'workspace-token', scopes: ['account'] });
  assert.equal(await status(first.full_name, basic('x-token-auth', secret)), 403);
  const anonymous = await sandbox.fetch(`${address(first.full_name)}/info/refs?service=git-upload-pack`, { token: null });
  assert.equal(anonymous.status, 401);
  assert.match(anonymous.headers.get('www-authenticate'), /^Basic/);
});

test('nobody can push', async () => {
  const answer = await sandbox.fetch(`${address(first.full_name)}/info/refs?service=git-receive-pack`, { token: null, headers: { authorization: as('broad') } });
  assert.equal(answer.status, 403);
});

test('a partial clone works', async () => {
  const target = join(folder, 'partial.git');
  await git(as('workspace'), 'clone', '-q', '--bare', '--filter=blob:none', address(first.full_name), target);
  const { stdout } = await git('', '-C', target, 'rev-list', '--all', '--objects', '--missing=print');
  assert.match(stdout, /^\?/m);
});

test('a fetch after the clock has moved brings what the API lists then', async () => {
  const target = join(folder, 'later.git');
  await git(as('workspace'), 'clone', '-q', '--mirror', address(first.full_name), target);
  const { stdout: old } = await git('', '-C', target, 'rev-list', '--all');
  await sandbox.control('advance', { days: 10 });
  await git(as('workspace'), '-C', target, 'fetch', '-q', '--prune');
  const { stdout: now } = await git('', '-C', target, 'rev-list', '--branches');
  const listed = await sandbox.all(`/repositories/${first.full_name}/commits?pagelen=100&fields=values.hash,next`);
  assert.deepEqual(now.trim().split('\n').sort(), listed.map((commit) => commit.hash).sort());
  assert.ok(listed.length > old.trim().split('\n').length);
});

test('a git client that stops reading does not hold up the API, nor the end of the sandbox', async () => {
  const one = await Sandbox.start('--size', 'small', '--pull-requests', '100');
  const { full_name } = one.ready.repositories[0];
  const url = new URL(`${one.ready.git_base}/${full_name}.git/info/refs?service=git-upload-pack`);
  const { connect } = await import('node:net');
  const socket = connect(url.port, url.hostname);
  socket.on('error', () => {});
  socket.pause();
  socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('x-token-auth', one.token('workspace').secret)}\r\n\r\n`);
  await one.get(`/repositories/${full_name}`);
  await one.get(`/repositories/${full_name}/pullrequests`);
  assert.deepEqual(await one.stop(), { code: 0, signal: null });
  socket.destroy();
});

test('a sandbox that is ended while it makes histories ends at once and leaves no process behind', async () => {
  const one = await Sandbox.start('--size', 'medium');
  const state = one.state;
  assert.deepEqual(await one.stop(), { code: 0, signal: null });
  for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
    let command = '';
    try {
      command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      continue; // it ended meanwhile
    }
    assert.ok(!command.includes(state), `process ${pid} still works in the state folder`);
  }
});

test('without histories the API works and git says that there are none', async () => {
  const bare = await Sandbox.start('--size', 'small', '--pull-requests', '100', '--no-git');
  const { full_name } = bare.ready.repositories[0];
  const pulls = await bare.get(`/repositories/${full_name}/pullrequests?state=MERGED`);
  assert.match(pulls.values[0].source.commit.hash, /^[0-9a-f]{12}$/);
  const answer = await bare.fetch(`${bare.ready.git_base}/${full_name}.git/info/refs?service=git-upload-pack`, { token: null, headers: { authorization: basic('x-token-auth', bare.token('workspace').secret) } });
  assert.equal(answer.status, 404);
  await bare.stop();
});
