// Every fault does what the table says, to the requests it is meant for, as often as asked.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { Sandbox, root } from './sandbox.mjs';

const every = 'state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED';
let sandbox, R, other;
before(async () => {
  sandbox = await Sandbox.start('--size', 'small', '--pull-requests', '200', '--repositories', '6', '--quota', '0');
  R = `/repositories/${sandbox.repository}`;
  other = `/repositories/${sandbox.ready.repositories[1].full_name}`;
});
after(() => sandbox.stop());
afterEach(() => sandbox.clearFaults());

const status = async (path, options) => (await sandbox.fetch(path, options)).status;
const met = new Set();
async function play(fault, options = {}) {
  met.add(fault);
  await sandbox.faults({ fault, ...options });
}

test('unauthorized from the nth request on, for one token', async () => {
  await play('unauthorized', { nth: 3, token: 'workspace' });
  assert.deepEqual([await status(R), await status(R), await status(R), await status(R)], [200, 200, 401, 401]);
  assert.equal(await status(R, { token: 'broad' }), 200);
});

test('token-expires takes the token away for good', async () => {
  await sandbox.control('token', { name: 'short', kind: 'workspace-token' });
  const token = (await sandbox.control('token', { name: 'short' }));
  await play('token-expires', { token: 'short', nth: 2, count: 1 });
  assert.deepEqual([await status(R, { token }), await status(R, { token })], [200, 401]);
  await sandbox.clearFaults();
  assert.equal(await status(R, { token }), 401);
});

test('unauthorized-activity leaves the rest alone', async () => {
  await play('unauthorized-activity');
  assert.equal(await status(`${R}/pullrequests/activity`), 401);
  assert.equal(await status(`${R}/pullrequests`), 200);
});

test('forbidden on one repository of the listing', async () => {
  await play('forbidden', { repository: sandbox.ready.repositories[0].slug });
  const answer = await sandbox.fetch(`${R}/pullrequests`);
  assert.equal(answer.status, 403);
  assert.equal(answer.json.error.message, 'Forbidden');
  assert.equal(await status(`${other}/pullrequests`), 200);
  assert.equal((await sandbox.get(`/repositories/${sandbox.workspace}`)).values.length, sandbox.ready.repositories.length);
});

test('detail-object', async () => {
  await play('detail-object', { count: 1 });
  const answer = await sandbox.fetch(R);
  assert.equal(answer.status, 403);
  assert.equal(typeof answer.json.error.detail, 'object');
  assert.equal(typeof answer.json.error.fields.source, 'string');
  assert.equal(await status(R), 200);
});

test('not-found after some success', async () => {
  await play('not-found', { nth: 2 });
  assert.deepEqual([await status(R), await status(R)], [200, 404]);
});

test('gone', async () => {
  await play('gone', { path: '*/tasks' });
  const answer = await sandbox.fetch(`${R}/pullrequests/1/tasks`);
  assert.equal(answer.status, 410);
  assert.ok(answer.json.data.announcement_url);
});

test('rate-limit with every form of Retry-After', async () => {
  for (const [form, expected] of [['absent', null], ['seconds', '2'], ['date', 'Mon, 16 Nov 2026 08:00:02 GMT']]) {
    await play('rate-limit', { retry_after: form, count: 1 });
    const answer = await sandbox.fetch(R);
    assert.equal(answer.status, 429);
    assert.equal(answer.headers.get('retry-after'), expected);
    assert.equal(answer.headers.get('content-type'), 'text/plain');
  }
  await play('rate-limit', { retry_after: 'reset', count: 1, seconds: 9 });
  assert.equal((await sandbox.fetch(R)).headers.get('x-ratelimit-reset'), '9');
});

test('server-error', async () => {
  await play('server-error', { status: 503, count: 2 });
  assert.deepEqual([await status(R), await status(R), await status(R)], [503, 503, 200]);
});

test('server-error-sorted only where sort and state meet', async () => {
  await play('server-error-sorted');
  assert.equal(await status(`${R}/pullrequests?${every}&sort=updated_on`), 500);
  assert.equal(await status(`${R}/pullrequests?${every}`), 200);
  assert.equal(await status(`${R}/pullrequests?sort=updated_on`), 200);
});

test('timeout-555 on diffstats', async () => {
  await play('timeout-555');
  assert.equal(await status(`${R}/diffstat/main`), 555);
  assert.equal(await status(`${R}/commits`), 200);
});

test('redirect-elsewhere', async () => {
  await play('redirect-elsewhere', { to: 'http://127.0.0.1:1/2.0' });
  const answer = await sandbox.fetch(R);
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get('location'), `http://127.0.0.1:1/2.0${R}`);
});

test('html-502', async () => {
  await play('html-502');
  const answer = await sandbox.fetch(R);
  assert.equal(answer.status, 502);
  assert.match(answer.headers.get('content-type'), /^text\/html/);
});

test('next-elsewhere', async () => {
  await play('next-elsewhere');
  assert.match((await sandbox.get(`${R}/pullrequests?${every}`)).next, /^http:\/\/elsewhere\.example\//);
});

test('next-loop', async () => {
  await play('next-loop');
  const first = await sandbox.get(`${R}/pullrequests?${every}`);
  assert.deepEqual(await sandbox.get(first.next), first);
});

test('repeated-page shows a page twice and loses nothing', async () => {
  const right = (await sandbox.all(`${R}/pullrequests?${every}`)).map((pull) => pull.id);
  await play('repeated-page', { nth: 2, count: 1 });
  const seen = (await sandbox.all(`${R}/pullrequests?${every}`)).map((pull) => pull.id);
  assert.equal(seen.length, right.length + 10);
  assert.deepEqual([...new Set(seen)], right);
});

test('empty-page shows an empty page with next and loses nothing', async () => {
  const right = await sandbox.all(`${R}/pullrequests?${every}`);
  await play('empty-page', { count: 1 });
  const first = await sandbox.get(`${R}/pullrequests?${every}`);
  assert.deepEqual(first.values, []);
  assert.deepEqual((await sandbox.all(first.next)).map((pull) => pull.id), right.map((pull) => pull.id));
});

test('huge-comment', async () => {
  const commented = (await sandbox.all(`${R}/pullrequests?${every}&pagelen=50`)).find((pull) => pull.comment_count > 0);
  await play('huge-comment', { bytes: 3000000 });
  const [comment] = (await sandbox.get(`${R}/pullrequests/${commented.id}/comments`)).values;
  assert.equal(comment.content.raw.length, 3000000);
});

test('unknown-enum and unknown-activity', async () => {
  await play('unknown-enum');
  await play('unknown-activity');
  assert.ok((await sandbox.get(`${R}/pullrequests?${every}`)).values.every((pull) => pull.state === 'PONDERING'));
  const entries = (await sandbox.get(`${R}/pullrequests/activity`)).values;
  assert.equal(entries.length, 21);
  assert.ok(entries[1].reaction);
});

test('deleted-fork', async () => {
  await play('deleted-fork');
  assert.ok((await sandbox.get(`${R}/pullrequests?${every}`)).values.every((pull) => pull.source.repository === null));
});

test('clock-jump moves Date', async () => {
  await play('clock-jump', { seconds: -3600 });
  assert.equal((await sandbox.fetch(R)).headers.get('date'), 'Mon, 16 Nov 2026 07:00:00 GMT');
});

test('truncated-json', async () => {
  await play('truncated-json');
  const answer = await sandbox.fetch(R);
  assert.equal(answer.status, 200);
  assert.throws(() => JSON.parse(answer.text));
});

test('slow-body still brings the whole body', async () => {
  const right = await sandbox.get(R);
  await play('slow-body', { pause_ms: 1 });
  assert.deepEqual(await sandbox.get(R), right);
});

test('connection-reset', async () => {
  await play('connection-reset', { count: 1 });
  await assert.rejects(sandbox.fetch(R));
  assert.equal(await status(R), 200);
});

test('probability with a seed strikes the same requests each time', async () => {
  const strikes = async () => {
    await sandbox.clearFaults();
    await play('server-error', { probability: 0.5, seed: 11 });
    const seen = [];
    for (let i = 0; i < 40; i++) seen.push(await status(R));
    return seen;
  };
  const first = await strikes();
  assert.ok(first.includes(500) && first.includes(200));
  assert.deepEqual(await strikes(), first);
});

test('rules say how often they matched and struck; an unknown fault is refused', async () => {
  await play('server-error', { nth: 2 });
  await status(R);
  await status(R);
  const [rule] = (await sandbox.control('faults')).faults;
  assert.deepEqual([rule.matched, rule.struck], [2, 1]);
  await assert.rejects(sandbox.faults({ fault: 'nonsense' }), /no fault named nonsense/);
});

test('rename: the old address is gone or redirects, the uuid stays', async () => {
  const place = sandbox.ready.repositories[2];
  const old = `/repositories/${place.full_name}`;
  await play('rename', { path: `/2.0${old}`, slug: 'fresh', count: 1 });
  assert.equal(await status(old), 404);
  assert.equal((await sandbox.get(`/repositories/${sandbox.workspace}/${encodeURIComponent(place.uuid)}`)).slug, 'fresh');
  await sandbox.clearFaults();
  await sandbox.control('rename', { repository: 'fresh', slug: 'fresher', redirect: true });
  const moved = await sandbox.fetch(`/repositories/${sandbox.workspace}/fresh/pullrequests?state=MERGED`);
  assert.equal(moved.status, 301);
  assert.equal(moved.headers.get('location'), `${sandbox.ready.api_base}/repositories/${sandbox.workspace}/fresher/pullrequests?state=MERGED`);
  assert.equal(await status(moved.headers.get('location')), 200);
});

test('a repository token follows its repository through a rename; one for elsewhere reaches nothing', async () => {
  const reach = sandbox.ready.repositories.at(-1);
  const token = await sandbox.control('token', { name: 'follows', kind: 'repository-token', reach: reach.full_name });
  await sandbox.control('rename', { repository: reach.slug, slug: 'moved-on' });
  assert.equal(await status(`/repositories/${sandbox.workspace}/moved-on`, { token }), 200);
  assert.equal(await status(R, { token }), 404);
  const stranger = await sandbox.control('token', { name: 'stranger', kind: 'workspace-token', reach: 'elsewhere' });
  assert.equal(await status(R, { token: stranger }), 404);
  assert.deepEqual((await sandbox.get(`/repositories/${sandbox.workspace}`, { token: stranger })).values, []);
});

test('delete-repository: it vanishes from everywhere', async () => {
  const place = sandbox.ready.repositories[3];
  await play('delete-repository', { path: `/2.0/repositories/${place.full_name}*`, nth: 2, count: 1 });
  assert.deepEqual([await status(`/repositories/${place.full_name}`), await status(`/repositories/${place.full_name}`)], [200, 404]);
  const listed = await sandbox.all(`/repositories/${sandbox.workspace}`);
  assert.ok(!listed.some((entry) => entry.uuid === place.uuid));
});

test('a workspace may be renamed', async () => {
  await sandbox.control('rename', { workspace: 'renamed-works', redirect: true });
  assert.equal((await sandbox.get('/workspaces/renamed-works')).slug, 'renamed-works');
  assert.equal(await status(`/workspaces/${sandbox.workspace}`), 404);
  assert.equal(await status(R), 301);
  assert.equal(await status(`/repositories/renamed-works/${sandbox.ready.repositories[0].slug}`), 200);
});

test('docs/sandbox.md has the table of faults', async () => {
  const rows = readFileSync(join(root, 'docs/sandbox.md'), 'utf8').matchAll(/^\| `([a-z0-9-]+)` \| `([/*][^`]*)` \|/gm);
  const documented = [...rows].map(([, fault, path]) => ({ fault, path }));
  const known = (await sandbox.control('faults')).known.map(({ fault, path }) => ({ fault, path }));
  assert.deepEqual(documented, known);
});

test('every fault of the table is tried here', async () => {
  const known = (await sandbox.control('faults')).known.map((entry) => entry.fault);
  assert.deepEqual(known.filter((fault) => !met.has(fault)), []);
});
