// Recordings: small ones written here, and the tables of Apache DevLake where they are at hand.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { Sandbox, root, shared } from './sandbox.mjs';

const every = 'state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED';
const folders = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'recording-'));
  folders.push(folder);
  return folder;
}

function record(files) {
  const folder = makeFolder();
  for (const [name, value] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), JSON.stringify(value));
  }
  return folder;
}

const api = 'https://api.bitbucket.org/2.0';
const ana = { type: 'user', uuid: '{11111111-1111-1111-1111-111111111111}', display_name: 'Ana', nickname: 'ana' };
const ben = { type: 'user', uuid: '{22222222-2222-2222-2222-222222222222}', display_name: 'Ben', nickname: 'ben' };
const end = (name, hash) => ({ branch: { name }, commit: { type: 'commit', hash }, repository: { type: 'repository', full_name: 'acme/web', uuid: '{33333333-3333-3333-3333-333333333333}' } });
const pull = (id, more) => ({
  type: 'pullrequest', id, title: `Change ${id}`, description: '', state: 'OPEN', draft: false, author: ana, closed_by: null,
  created_on: `2026-03-0${id}T10:00:00.000000+00:00`, updated_on: `2026-03-0${id}T18:00:00.000000+00:00`,
  source: end('topic', 'aaaaaaaaaaaa'), destination: end('main', 'bbbbbbbbbbbb'), merge_commit: null,
  links: { self: { href: `${api}/repositories/acme/web/pullrequests/${id}` }, html: { href: `https://bitbucket.org/acme/web/pull-requests/${id}` } }, ...more,
});
const recording = {
  'web/repository.json': {
    type: 'repository', uuid: '{33333333-3333-3333-3333-333333333333}', full_name: 'acme/web', slug: 'web', name: 'Web', created_on: '2026-01-01T00:00:00.000000+00:00',
    updated_on: '2026-03-04T18:00:00.000000+00:00', mainbranch: { type: 'branch', name: 'main' }, workspace: { type: 'workspace', slug: 'acme', name: 'Acme', uuid: '{44444444-4444-4444-4444-444444444444}' },
    links: { clone: [{ name: 'https', href: 'https://ana@bitbucket.org/acme/web.git' }] },
  },
  'web/pull-requests.json': { values: [
    pull(1, { state: 'MERGED', closed_by: ben, participants: [{ type: 'participant', user: ben, role: 'REVIEWER', approved: true, state: 'approved', participated_on: '2026-03-01T12:00:00.000000+00:00' }], reviewers: [ben] }),
    pull(2, { state: 'DECLINED', closed_by: ana, source: end('other', 'cccccccccccc') }),
    pull(3, { source: end('third', 'dddddddddddd') }),
  ] },
  'web/comments/1.json': [{ type: 'pullrequest_comment', id: 7, created_on: '2026-03-01T11:00:00.000000+00:00', updated_on: '2026-03-01T11:00:00.000000+00:00', user: ben, deleted: false, content: { raw: 'Hm', markup: 'markdown', html: '<p>Hm</p>' } }],
  'web/commits/1.json': [
    { type: 'commit', hash: `aaaaaaaaaaaa${'0'.repeat(28)}`, date: '2026-03-01T09:00:00+00:00', author: { raw: 'Ana <ana@example.com>' }, message: 'Two', parents: [{ type: 'commit', hash: `aaaaaaaaaaa1${'0'.repeat(28)}` }] },
    { type: 'commit', hash: `aaaaaaaaaaa1${'0'.repeat(28)}`, date: '2026-03-01T08:00:00+00:00', author: { raw: 'Ana <ana@example.com>' }, message: 'One', parents: [] },
  ],
  'web/activity/3.json': [{ pull_request: { type: 'pullrequest', id: 3, title: 'Change 3' } }],
};

test('a recording is served as recorded, with links to the sandbox and its clock after the newest instant', async () => {
  const sandbox = await Sandbox.start('--replay', record(recording));
  const R = '/repositories/acme/web';
  assert.equal(sandbox.ready.now, '2026-03-04T18:01:00.000000+00:00');
  const found = await sandbox.all(`${R}/pullrequests?${every}`);
  assert.deepEqual(found.map((entry) => entry.id), [3, 2, 1]);
  assert.equal(found[2].participants, undefined, 'lists hide them');
  assert.equal((await sandbox.get(`${R}/pullrequests/1`)).participants.length, 1);
  assert.equal(found[0].links.self.href, `${sandbox.ready.api_base}${R}/pullrequests/3`);
  assert.equal(found[0].links.html.href, `${sandbox.ready.git_base}/acme/web/pull-requests/3`);
  const [clone] = (await sandbox.get(R)).links.clone;
  assert.equal(clone.href, sandbox.ready.git_base.replace('http://', 'http://ana@') + '/acme/web.git');
  assert.deepEqual((await sandbox.all(`${R}/pullrequests?q=${encodeURIComponent('id > 1')}&${every}`)).map((entry) => entry.id), [3, 2]);
  assert.equal((await sandbox.fetch(`${R}/pullrequests`, { token: 'narrow' })).status, 403);
  assert.equal((await sandbox.fetch(`${R}/pullrequests?pagelen=51`)).status, 400);
  await sandbox.stop();
});

test('activity that was not recorded is put together from what the objects say', async () => {
  const sandbox = await Sandbox.start('--replay', record(recording));
  const R = '/repositories/acme/web';
  const merged = await sandbox.all(`${R}/pullrequests/1/activity`);
  const shape = merged.map((entry) => [Object.keys(entry).find((key) => key !== 'pull_request'), entry.update?.date ?? entry.approval?.date ?? entry.comment.created_on]);
  assert.deepEqual(shape, [
    ['update', '2026-03-01T18:00:00.000000+00:00'], ['approval', '2026-03-01T12:00:00.000000+00:00'],
    ['comment', '2026-03-01T11:00:00.000000+00:00'], ['update', '2026-03-01T10:00:00.000000+00:00'],
  ]);
  assert.deepEqual(merged[0].update.changes, { status: { old: 'open', new: 'fulfilled' } });
  assert.equal(merged[0].update.author.uuid, ben.uuid);
  assert.deepEqual(merged[3].update.changes, {});
  assert.equal((await sandbox.all(`${R}/pullrequests/2/activity`))[0].update.changes.status.new, 'rejected');
  assert.deepEqual(await sandbox.all(`${R}/pullrequests/3/activity`), recording['web/activity/3.json'], 'what was recorded stays');
  assert.equal((await sandbox.all(`${R}/pullrequests/activity?pagelen=10`)).length, 4 + 2 + 1);
  await sandbox.stop();
});

test("a pull request's commits are found by its source, and by name", async () => {
  const sandbox = await Sandbox.start('--replay', record(recording));
  const R = '/repositories/acme/web';
  const hashes = (list) => list.map((commit) => commit.hash);
  const own = recording['web/commits/1.json'].map((commit) => commit.hash);
  assert.deepEqual(hashes(await sandbox.all(`${R}/pullrequests/1/commits`)), own);
  assert.deepEqual(hashes(await sandbox.all(`${R}/commits?include=aaaaaaaaaaaa&exclude=bbbbbbbbbbbb`)), own);
  assert.deepEqual(hashes(await sandbox.all(`${R}/commits?include=${own[0]}&exclude=${own[1]}`)), [own[0]]);
  const unknown = await sandbox.fetch(`${R}/commits?include=dddddddddddd`);
  assert.equal(unknown.status, 404);
  assert.deepEqual(unknown.json.error.data.shas, ['dddddddddddd']);
  await sandbox.stop();
});

test('a folder without a recording is refused in words', async () => {
  await assert.rejects(Sandbox.start('--replay', makeFolder()), /holds no repository\.json/);
});

const raw = join(shared, 'corpus/devlake/raw');
test("DevLake's tables become a recording in which everything is found", { skip: existsSync(raw) ? false : `${raw} is not there` }, async () => {
  const folder = makeFolder();
  const said = execFileSync(join(root, 'scripts/import-devlake'), [raw, folder], { encoding: 'utf8' });
  assert.match(said, /57 pull requests, 18 comments on 9 of them, 8 commits of 1, 22 pipelines, 27 deployments/);
  const sandbox = await Sandbox.start('--replay', folder);
  const R = `/repositories/${sandbox.repository}`;
  assert.equal((await sandbox.all(`${R}/pullrequests?${every}&pagelen=50`)).length, 57);
  assert.equal((await sandbox.all(`${R}/pipelines/?pagelen=100`)).length, 22);
  assert.equal((await sandbox.all(`${R}/deployments/?pagelen=100`)).length, 27);
  const [slug] = readdirSync(folder);
  for (const file of readdirSync(join(folder, slug, 'comments'))) {
    const recorded = JSON.parse(readFileSync(join(folder, slug, 'comments', file), 'utf8')).map((comment) => comment.id);
    const served = await sandbox.all(`${R}/pullrequests/${file.replace('.json', '')}/comments`);
    assert.deepEqual(served.map((comment) => comment.id), recorded);
  }
  assert.equal((await sandbox.all(`${R}/pullrequests/3/commits`)).length, 8);
  const comments = (await sandbox.all(`${R}/pullrequests/activity?pagelen=50`)).filter((entry) => entry.comment);
  assert.equal(new Set(comments.map((entry) => entry.comment.id)).size, 18);
  await sandbox.stop();
});
