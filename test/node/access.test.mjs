// Credentials, scopes, reach, expiry, quota: who may see what, and how the answers say it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Sandbox, basic } from './sandbox.mjs';

let sandbox, R, W;
before(async () => {
  sandbox = await Sandbox.start('--size', 'small', '--pull-requests', '200');
  R = `/repositories/${sandbox.repository}`;
  W = `/workspaces/${sandbox.workspace}`;
});
after(() => sandbox.stop());

test('a Bearer token that nobody gave out gets 401 with the message of the service', async () => {
  const answer = await sandbox.fetch(R, { token: null, headers: { authorization: 'Bearer nonsense' } });
  assert.equal(answer.status, 401);
  assert.deepEqual(answer.json, { type: 'error', error: { message: 'Token is invalid, expired, or not supported for this endpoint.' } });
});

test('a wrong Basic credential gets 401, an empty body and WWW-Authenticate', async () => {
  const answer = await sandbox.fetch(R, { token: null, headers: { authorization: basic('a@example.com', 'wrong') } });
  assert.equal(answer.status, 401);
  assert.equal(answer.text, '');
  assert.equal(answer.headers.get('www-authenticate'), 'Basic realm="Bitbucket.org HTTP"');
});

test('no credential gets 401, but the list of hook events is public', async () => {
  assert.equal((await sandbox.fetch(R, { token: null })).status, 401);
  assert.equal((await sandbox.fetch('/hook_events', { token: null })).status, 200);
});

test('app passwords are switched off', async () => {
  assert.equal((await sandbox.fetch(R, { token: 'app-password' })).status, 401);
});

test('an API token is Basic only, with the address of its owner only', async () => {
  const api = sandbox.token('api');
  assert.equal((await sandbox.fetch(R, { token: 'api' })).status, 200);
  assert.equal((await sandbox.fetch(R, { token: null, headers: { authorization: `Bearer ${api.secret}` } })).status, 401);
  assert.equal((await sandbox.fetch(R, { token: null, headers: { authorization: basic('somebody@example.com', api.secret) } })).status, 401);
});

test('an access token is not good as Basic', async () => {
  const { secret } = sandbox.token('workspace');
  assert.equal((await sandbox.fetch(R, { token: null, headers: { authorization: basic('x-token-auth', secret) } })).status, 401);
});

test('a token that has expired on the clock of the sandbox gets 401', async () => {
  assert.equal((await sandbox.fetch(R, { token: 'expired' })).status, 401);
});

test('an OAuth client gets a token for its credentials, good for an hour of the clock', async () => {
  const client = sandbox.token('oauth');
  const ask = (headers, body) => fetch(`${sandbox.ready.git_base}/site/oauth2/access_token`, {
    method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body });
  const good = { authorization: basic(client.account, client.secret) };
  assert.equal((await ask({ authorization: basic(client.account, 'wrong') }, 'grant_type=client_credentials')).status, 401);
  assert.equal((await ask(good, 'grant_type=password')).status, 400);
  const answer = await ask(good, 'grant_type=client_credentials');
  const grant = await answer.json();
  assert.equal(answer.status, 200);
  assert.equal(grant.token_type, 'bearer');
  assert.equal(grant.expires_in, 3600);
  assert.equal(grant.refresh_token, undefined);
  assert.match(grant.scope, /pullrequest/);
  const headers = { authorization: `Bearer ${grant.access_token}` };
  const me = await sandbox.fetch('/user', { token: null, headers });
  assert.equal(me.json.type, 'app_user');
  assert.equal(me.headers.get('x-ratelimit-limit'), null);
  assert.equal((await sandbox.fetch(R, { token: 'oauth' })).status, 401, 'id and secret are no API credential');
  await sandbox.control('advance', { seconds: 3600 });
  const late = await sandbox.fetch('/user', { token: null, headers });
  assert.equal(late.status, 401);
  assert.equal(late.json.error.message, 'Access token expired. Use your refresh token to obtain a new access token.');
});

test('headers describe the credential', async () => {
  const answer = await sandbox.fetch(`${R}/pullrequests`, { token: 'repository' });
  assert.equal(answer.headers.get('x-credential-type'), 'repo_access_token');
  assert.equal(answer.headers.get('x-oauth-scopes'), 'repository, pullrequest, pipeline, webhook');
  assert.equal(answer.headers.get('x-accepted-oauth-scopes'), 'pullrequest');
});

test('a missing scope is 403 with what is required and granted, in the names of the token kind', async () => {
  const narrow = await sandbox.fetch(`${R}/pullrequests`, { token: 'narrow' });
  assert.equal(narrow.status, 403);
  assert.equal(narrow.json.error.message, 'Your credentials lack one or more required privilege scopes.');
  assert.deepEqual(narrow.json.error.detail, { required: ['pullrequest'], granted: ['account', 'project', 'repository'] });
  const api = await sandbox.fetch(`${R}/pullrequests`, { token: 'api-narrow' });
  assert.equal(api.status, 403);
  assert.deepEqual(api.json.error.detail.required, ['read:pullrequest:bitbucket']);
});

test('OAuth scopes imply others, scopes of API tokens do not', async () => {
  const { secret: implied } = await sandbox.control('token', { name: 'implied', kind: 'workspace-token', scopes: ['pullrequest:write'] });
  const bearer = { token: null, headers: { authorization: `Bearer ${implied}` } };
  assert.equal((await sandbox.fetch(R, bearer)).status, 200);
  assert.equal((await sandbox.fetch(`${R}/pullrequests`, bearer)).status, 200);
  assert.equal((await sandbox.fetch(`${W}/projects`, bearer)).status, 403);
  const admin = await sandbox.control('token', { name: 'admin-only', kind: 'workspace-token', scopes: ['repository:admin'] });
  assert.equal((await sandbox.fetch(R, { token: admin })).status, 403, 'repository:admin implies nothing');
  const written = await sandbox.control('token', { name: 'written', kind: 'api-token', account: sandbox.token('api').account, scopes: ['write:repository:bitbucket'] });
  assert.equal((await sandbox.fetch(R, { token: written })).status, 403);
});

test('what is out of reach is 404, and is not listed', async () => {
  const [first, ...others] = sandbox.ready.repositories;
  const elsewhere = others.find((repository) => repository.project_key !== first.project_key);
  const sibling = others.find((repository) => repository.project_key === first.project_key);
  const status = async (token, name) => (await sandbox.fetch(`/repositories/${name}`, { token })).status;
  assert.equal(await status('repository', first.full_name), 200);
  assert.equal(await status('repository', sibling.full_name), 404);
  assert.equal(await status('project', sibling.full_name), 200);
  assert.equal(await status('project', elsewhere.full_name), 404);
  assert.equal(await status('workspace', 'other/thing'), 404);
  const listed = async (token) => (await sandbox.all(`/repositories/${sandbox.workspace}`, { token })).map((entry) => entry.full_name).sort();
  assert.deepEqual(await listed('repository'), [first.full_name]);
  assert.deepEqual(await listed('project'), sandbox.ready.repositories.filter((entry) => entry.project_key === first.project_key).map((entry) => entry.full_name).sort());
  assert.equal((await listed('workspace')).length, sandbox.ready.repositories.length);
});

test('a repository answers by uuid, also without its workspace', async () => {
  const { uuid, full_name } = sandbox.ready.repositories[0];
  for (const workspace of [sandbox.workspace, encodeURIComponent(sandbox.ready.workspace.uuid), '%7B%7D'])
    assert.equal((await sandbox.get(`/repositories/${workspace}/${encodeURIComponent(uuid)}`)).full_name, full_name);
});

test('creating a hook needs the read scope of every event', async () => {
  const token = await sandbox.control('token', { name: 'hooks', kind: 'workspace-token', scopes: ['webhook', 'repository'] });
  const make = (events) => sandbox.fetch(`${R}/hooks`, { token, method: 'POST', body: JSON.stringify({ url: 'https://x.example/', events }) });
  assert.equal((await make(['repo:push'])).status, 201);
  const refused = await make(['repo:push', 'pullrequest:created']);
  assert.equal(refused.status, 403);
  assert.deepEqual(refused.json.error.detail.required, ['pullrequest']);
  assert.equal((await make(['repo:nothing'])).status, 400);
  const listed = await sandbox.all(`${R}/hooks`, { token });
  assert.ok(listed.every((hook) => !('secret' in hook) && hook.secret_set === false));
});

test('rate limit headers come to access tokens on repositories only', async () => {
  const limit = async (path, token) => (await sandbox.fetch(path, { token })).headers.get('x-ratelimit-limit');
  assert.equal(await limit(R, 'workspace'), '1000');
  assert.equal(await limit(W, 'workspace'), null);
  assert.equal(await limit(R, 'api'), null);
});

test('a used up allowance is 429 as plain text, near it a header warns, others are not touched', async () => {
  await sandbox.control('quota', { token: 'repository', used: 798 });
  const near = async () => (await sandbox.fetch(R, { token: 'repository' })).headers.get('x-ratelimit-nearlimit');
  assert.equal(await near(), 'false');
  assert.equal(await near(), 'false');
  assert.equal(await near(), 'true');
  await sandbox.control('quota', { token: 'repository', used: 1000 });
  const answer = await sandbox.fetch(R, { token: 'repository' });
  assert.equal(answer.status, 429);
  assert.equal(answer.headers.get('content-type'), 'text/plain');
  assert.equal(answer.text, 'Rate limit for this resource has been exceeded');
  assert.equal(answer.headers.get('retry-after'), null);
  assert.equal((await sandbox.fetch(R, { token: 'workspace' })).status, 200);
});

test('API tokens of one person share an allowance', async () => {
  await sandbox.control('quota', { token: 'api', used: 1000 });
  assert.equal((await sandbox.fetch(R, { token: 'api-narrow' })).status, 429);
  await sandbox.control('quota', { token: 'api', used: 0 });
  assert.equal((await sandbox.fetch(R, { token: 'api-narrow' })).status, 200);
});

test('requests are counted per token and kind of route', async () => {
  await sandbox.control('requests', undefined, 'DELETE');
  await sandbox.fetch(R);
  await sandbox.fetch(`${R}/pullrequests`);
  await sandbox.fetch(`${R}/pullrequests?page=2`);
  await sandbox.fetch(R, { token: 'narrow' });
  const counts = await sandbox.control('requests');
  assert.equal(counts.total, 4);
  assert.deepEqual(counts.tokens.workspace, { total: 3, routes: { repository: 1, pullrequests: 2 } });
  assert.deepEqual(counts.tokens.narrow, { total: 1, routes: { repository: 1 } });
});

test('the control address wants its own token', async () => {
  const answer = await fetch(`${sandbox.ready.control_base}/requests`, { headers: sandbox.authorization('workspace') });
  assert.equal(answer.status, 401);
});

test('ready.json is for its owner only', async () => {
  const { statSync } = await import('node:fs');
  assert.equal(statSync(`${sandbox.state}/ready.json`).mode & 0o777, 0o600);
});
