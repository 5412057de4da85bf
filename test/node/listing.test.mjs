// Pages, fields, q, sort, times: the conventions that every listing follows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Sandbox } from './sandbox.mjs';

const every = 'state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED';
let sandbox, R, pulls;
before(async () => {
  sandbox = await Sandbox.start('--size', 'small', '--quota', '0');
  R = `/repositories/${sandbox.repository}`;
  pulls = await sandbox.all(`${R}/pullrequests?${every}&pagelen=50`);
});
after(() => sandbox.stop());

const q = (text) => `q=${encodeURIComponent(text)}`;
const status = async (path) => (await sandbox.fetch(path)).status;

test('pages are 10 to 100 long, 50 for pull requests and activity', async () => {
  const cases = [
    ['/pullrequests?pagelen=50', 200], ['/pullrequests?pagelen=51', 400], ['/pullrequests/activity?pagelen=50', 200],
    ['/pullrequests/activity?pagelen=51', 400], ['/commits?pagelen=100', 200], ['/commits?pagelen=101', 400],
    ['/refs/branches?pagelen=0', 400], ['/refs/branches?pagelen=ten', 400], ['/pullrequests?page=zero', 400],
  ];
  for (const [path, expected] of cases) assert.equal(await status(R + path), expected, path);
  assert.equal((await sandbox.fetch(`${R}/commits?pagelen=101`)).json.error.message, 'Invalid pagelen');
  assert.equal((await sandbox.get(`${R}/pullrequests?${every}&pagelen=1`)).values.length, 10, 'ten is the least');
  assert.equal((await sandbox.get(`${R}/pullrequests?${every}`)).pagelen, 10);
  assert.equal((await sandbox.get(`${R}/commits`)).pagelen, 30);
  assert.equal((await sandbox.get(`${R}/pullrequests/activity`)).pagelen, 20);
});

test('a walk over pages brings everything once, newest first', async () => {
  const page = await sandbox.get(`${R}/pullrequests?${every}&pagelen=50`);
  assert.equal(page.size, pulls.length);
  assert.equal(new Set(pulls.map((pull) => pull.id)).size, pulls.length);
  assert.deepEqual(pulls.map((pull) => pull.id), pulls.map((pull) => pull.id).sort((a, b) => b - a));
  const last = await sandbox.get(`${R}/pullrequests?${every}&pagelen=50&page=${Math.ceil(pulls.length / 50)}`);
  assert.equal(last.next, undefined);
  assert.match(last.previous, /page=/);
});

test('links and next lead to the sandbox', async () => {
  const page = await sandbox.fetch(`${R}/pullrequests?${every}&fields=%2Bvalues.participants,%2Bvalues.reviewers`);
  const addresses = page.text.match(/https?:\/\/[^"]+/g);
  assert.ok(addresses.length > 100);
  for (const address of addresses) assert.ok(address.startsWith(sandbox.ready.git_base), address);
});

test('commits page by an opaque context and have no size', async () => {
  const first = await sandbox.get(`${R}/commits?pagelen=10`);
  assert.equal(first.size, undefined);
  assert.equal(first.page, undefined);
  assert.match(first.next, /ctx=[0-9a-f]{32}&page=2$/);
  const commits = await sandbox.all(`${R}/commits?pagelen=100`);
  const seen = new Set();
  for (const commit of [...commits].reverse()) {
    assert.ok(commit.parents.every((parent) => seen.has(parent.hash)), 'children come before their parents');
    seen.add(commit.hash);
  }
  assert.equal(await status(`${R}/commits?ctx=00000000000000000000000000000000&page=2`), 400);
});

test('activity pages by an opaque context that later activity does not shift', async () => {
  const first = await sandbox.get(`${R}/pullrequests/activity?pagelen=50`);
  const second = await sandbox.get(first.next);
  const open = pulls.find((pull) => pull.state === 'OPEN');
  await sandbox.control('activity', { repository: sandbox.repository, number: open.id, kind: 'commented' });
  assert.deepEqual(await sandbox.get(first.next), second);
  const [newest] = (await sandbox.get(`${R}/pullrequests/activity`)).values;
  assert.equal(newest.pull_request.id, open.id);
  assert.ok(newest.comment);
  assert.equal(await status(`${R}/pullrequests/activity?ctx=0123456789abcdef`), 400);
});

test('activity of a pull request is its part of the activity of the repository', async () => {
  const all = await sandbox.all(`${R}/pullrequests/activity?pagelen=50`);
  for (const { id } of pulls.slice(0, 5)) {
    const own = await sandbox.all(`${R}/pullrequests/${id}/activity?pagelen=50`);
    assert.ok(own.length > 0);
    assert.deepEqual(own, all.filter((entry) => entry.pull_request.id === id));
  }
});

test('the first update of a pull request is its creation, the last one of a merged one its merge', async () => {
  for (const pull of pulls.filter((entry) => entry.state === 'MERGED').slice(0, 10)) {
    const updates = (await sandbox.all(`${R}/pullrequests/${pull.id}/activity?pagelen=50`)).filter((entry) => entry.update).map((entry) => entry.update);
    assert.deepEqual(updates.at(-1).changes, {});
    assert.equal(updates.at(-1).state, 'OPEN');
    const delay = Date.parse(updates.at(-1).date) - Date.parse(pull.created_on);
    assert.ok(delay >= 0 && delay < 1000, 'the entry is written right after the pull request');
    const merge = updates.find((update) => update.changes.status);
    assert.deepEqual(merge.changes.status, { old: 'open', new: 'fulfilled' });
    assert.equal(merge.state, 'MERGED');
    assert.equal(merge.source.commit.hash, pull.source.commit.hash);
  }
});

test('state may be repeated, and is OPEN when left out', async () => {
  const of = async (query) => new Set((await sandbox.all(`${R}/pullrequests?pagelen=50${query}`)).map((pull) => pull.state));
  assert.deepEqual(await of(''), new Set(['OPEN']));
  assert.deepEqual(await of('&state=DECLINED&state=MERGED'), new Set(['MERGED', 'DECLINED']));
  assert.deepEqual(await of(`&${q('state IN ("MERGED","DECLINED")')}`), new Set(['MERGED', 'DECLINED']));
  assert.equal(await status(`${R}/pullrequests?state=CLOSED`), 400);
});

test('fields: only these, and next only when named', async () => {
  const page = await sandbox.get(`${R}/pullrequests?${every}&fields=values.id,values.author.nickname`);
  assert.deepEqual(Object.keys(page), ['values']);
  for (const value of page.values) assert.ok(Object.keys(value).every((key) => ['id', 'author'].includes(key)));
  for (const value of page.values.filter((entry) => entry.author)) assert.deepEqual(Object.keys(value.author), ['nickname']);
  assert.ok((await sandbox.get(`${R}/pullrequests?${every}&fields=values.id,next`)).next);
});

test('fields: everything but these', async () => {
  const page = await sandbox.get(`${R}/pullrequests?${every}&fields=-values.links,-values.author.links,-size`);
  assert.equal(page.size, undefined);
  assert.ok(page.next);
  for (const value of page.values) {
    assert.equal(value.links, undefined);
    assert.ok(value.title);
    if (value.author) assert.ok(value.author.uuid && !value.author.links);
  }
});

test('fields: these too, which lists hide', async () => {
  const plain = (await sandbox.get(`${R}/pullrequests?${every}`)).values[0];
  assert.equal(plain.participants, undefined);
  assert.equal(plain.reviewers, undefined);
  assert.equal(plain.destination.repository.owner, undefined);
  const more = (await sandbox.get(`${R}/pullrequests?${every}&fields=%2Bvalues.participants,%2Bvalues.reviewers,%2Bvalues.destination.repository.owner`)).values[0];
  assert.ok(Array.isArray(more.participants) && Array.isArray(more.reviewers));
  assert.equal(more.title, plain.title);
  assert.equal(more.destination.repository.owner.username, sandbox.workspace);
  assert.equal(more.destination.repository.slug, undefined);
  const single = await sandbox.get(`${R}/pullrequests/${plain.id}`);
  assert.deepEqual(single.participants, more.participants);
  assert.ok(single.rendered.title.html);
});

test('fields: wildcards, and nothing but what is added', async () => {
  const all = (await sandbox.get(`${R}/pullrequests?${every}&fields=values.*`)).values[0];
  assert.ok(Array.isArray(all.participants) && all.title);
  const one = await sandbox.get(`${R}/pullrequests/${pulls[0].id}?fields=-*,%2Bid,%2Blinks.self`);
  assert.deepEqual(Object.keys(one).sort(), ['id', 'links']);
  assert.deepEqual(Object.keys(one.links), ['self']);
  assert.deepEqual(await sandbox.get(`${R}/pullrequests/${pulls[0].id}?fields=*`), await sandbox.get(`${R}/pullrequests/${pulls[0].id}`));
  assert.deepEqual(await sandbox.get(`${R}/pullrequests?fields=values.nonsense`), { values: (await sandbox.get(`${R}/pullrequests`)).values.map(() => ({})) });
});

test('q picks what a filter in JavaScript picks', async () => {
  const middle = pulls[Math.floor(pulls.length / 2)];
  const author = pulls.find((pull) => pull.author)?.author.uuid;
  const word = middle.title.split(' ')[1];
  const cases = [
    [`updated_on >= ${middle.updated_on}`, (pull) => pull.updated_on >= middle.updated_on],
    [`updated_on > "${middle.updated_on}"`, (pull) => pull.updated_on > middle.updated_on],
    [`created_on < ${middle.created_on.slice(0, 10)}`, (pull) => pull.created_on < middle.created_on.slice(0, 10)],
    [`id <= ${middle.id}`, (pull) => pull.id <= middle.id],
    [`id != ${middle.id} AND state = "MERGED"`, (pull) => pull.id !== middle.id && pull.state === 'MERGED'],
    [`author.uuid = "${author}"`, (pull) => pull.author?.uuid === author],
    ['author.uuid = null', (pull) => pull.author === null],
    [`title ~ "${word.toUpperCase()}"`, (pull) => pull.title.toLowerCase().includes(word.toLowerCase())],
    [`title !~ "${word}"`, (pull) => !pull.title.toLowerCase().includes(word.toLowerCase())],
    [`id IN (${pulls[0].id}, ${pulls[3].id})`, (pull) => [pulls[0].id, pulls[3].id].includes(pull.id)],
    [`id NOT IN (${pulls[0].id})`, (pull) => pull.id !== pulls[0].id],
    ['draft = true', (pull) => pull.draft],
    ['(state = "OPEN" OR state = "DECLINED") AND comment_count > 2', (pull) => ['OPEN', 'DECLINED'].includes(pull.state) && pull.comment_count > 2],
    [`source.branch.name = "${middle.source.branch.name}"`, (pull) => pull.source.branch.name === middle.source.branch.name],
  ];
  const current = await sandbox.all(`${R}/pullrequests?${every}&pagelen=50`);
  for (const [text, picks] of cases) {
    const found = await sandbox.all(`${R}/pullrequests?${every}&pagelen=50&fields=values.id,next&${q(text)}`);
    assert.deepEqual(found.map((pull) => pull.id), current.filter(picks).map((pull) => pull.id), text);
  }
});

test('q that is wrong is 400', async () => {
  for (const text of ['nonsense = 1', 'id', 'id =', 'id = "x"', '(id = 1', 'id = 1 id', 'title > ', 'updated_on >= yesterday', 'id ~ 3', 'state IN "OPEN"'])
    assert.equal(await status(`${R}/pullrequests?${q(text)}`), 400, text);
});

test('sort orders by one field, up or down', async () => {
  const dates = async (sort) => (await sandbox.all(`${R}/pullrequests?${every}&pagelen=50&sort=${sort}`)).map((pull) => pull.updated_on);
  const up = await dates('updated_on');
  assert.deepEqual(up, [...up].sort());
  assert.deepEqual(await dates('-updated_on'), [...up].reverse());
  assert.equal(await status(`${R}/pullrequests?sort=nonsense`), 400);
});

test('repositories filter by project and time, members by address', async () => {
  const key = sandbox.ready.repositories[0].project_key;
  const found = await sandbox.all(`/repositories/${sandbox.workspace}?${q(`project.key = "${key}"`)}`);
  assert.deepEqual(found.map((entry) => entry.slug).sort(), sandbox.ready.repositories.filter((entry) => entry.project_key === key).map((entry) => entry.slug).sort());
  const all = await sandbox.all(`/repositories/${sandbox.workspace}?sort=updated_on`);
  assert.deepEqual(all.map((entry) => entry.updated_on), all.map((entry) => entry.updated_on).sort());
  const since = all[1].updated_on;
  assert.equal((await sandbox.all(`/repositories/${sandbox.workspace}?${q(`updated_on >= ${since}`)}`)).length, all.length - 1);
  const W = `/workspaces/${sandbox.workspace}`;
  const email = sandbox.token('api').account;
  const plain = await sandbox.all(`${W}/members?pagelen=100`);
  assert.ok(plain.every((member) => member.user.email === undefined));
  const [member, ...rest] = await sandbox.all(`${W}/members?fields=%2Bvalues.user.email&${q(`user.email IN ("${email}","nobody@example.com")`)}`);
  assert.equal(member.user.email, email);
  assert.equal(rest.length, 0);
  const owners = await sandbox.all(`${W}/permissions?${q('permission="owner"')}`);
  assert.ok(owners.length > 0 && owners.every((entry) => entry.permission === 'owner'));
});

test('deployments refuse sort, ignore q, and need their slash; so do pipelines', async () => {
  assert.equal(await status(`${R}/deployments`), 404);
  assert.equal(await status(`${R}/pipelines`), 404);
  const sorted = await sandbox.fetch(`${R}/deployments/?sort=created_on`);
  assert.equal(sorted.status, 400);
  assert.equal(sorted.json.error.message, 'Invalid sort attribute');
  assert.deepEqual(await sandbox.get(`${R}/deployments/?${q('nonsense')}`).then((page) => page.size), (await sandbox.get(`${R}/deployments/`)).size);
});

test('times are written as each service writes them', async () => {
  assert.ok(pulls.every((pull) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/.test(pull.created_on)));
  const commits = (await sandbox.get(`${R}/commits?pagelen=100`)).values;
  assert.ok(commits.every((commit) => /T\d\d:\d\d:\d\d\+00:00$/.test(commit.date)));
  const pipelines = await sandbox.all(`${R}/pipelines/?pagelen=100`);
  assert.ok(pipelines.every((pipeline) => /T\d\d:\d\d:\d\d(\.\d*[1-9])?Z$/.test(pipeline.created_on)));
});

test('hashes have 12 characters in pull requests and 40 in commits', async () => {
  assert.ok(pulls.every((pull) => pull.source.commit.hash.length === 12));
  const { hash } = pulls.find((pull) => pull.state === 'MERGED').source.commit;
  const commit = await sandbox.get(`${R}/commit/${hash}`);
  assert.equal(commit.hash.length, 40);
  assert.ok(commit.hash.startsWith(hash));
});

test('commits that no branch reaches are found by name, by GET and by POST', async () => {
  const merged = pulls.filter((pull) => pull.state === 'MERGED');
  const reachable = new Set((await sandbox.all(`${R}/commits?pagelen=100&fields=values.hash,next`)).map((commit) => commit.hash));
  let lost = 0;
  for (const pull of merged.slice(0, 30)) {
    const { hash } = pull.source.commit;
    const base = pull.destination.commit.hash;
    const byGet = await sandbox.all(`${R}/commits?include=${hash}&exclude=${base}&pagelen=100`);
    const first = await sandbox.fetch(`${R}/commits?pagelen=100`, { method: 'POST', body: `include=${hash}&exclude=${base}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.ok(byGet.length > 0);
    assert.ok(byGet[0].hash.startsWith(hash));
    assert.deepEqual(first.json.values.map((commit) => commit.hash), byGet.map((commit) => commit.hash));
    lost += byGet.some((commit) => !reachable.has(commit.hash));
  }
  assert.ok(lost > 0, 'squash merges leave commits behind');
});

test('revisions that do not exist are 404 with their names', async () => {
  const unknown = 'f'.repeat(40);
  for (const answer of [await sandbox.fetch(`${R}/commits?include=${unknown}`), await sandbox.fetch(`${R}/commits`, { method: 'POST', body: `include=${unknown}` })]) {
    assert.equal(answer.status, 404);
    assert.deepEqual(answer.json.error.data.shas, [unknown]);
  }
});

test('line counts of a diffstat behind a pull request are those of the truth', async () => {
  const truth = await sandbox.control('truth', {}).then(async ({ path }) => JSON.parse((await import('node:fs')).readFileSync(path, 'utf8')));
  const own = truth.repositories.find((entry) => entry.full_name === sandbox.repository);
  for (const expected of own.pull_requests.filter((pull) => pull.state === 'MERGED').slice(-15)) {
    const files = await sandbox.fetch(`${R}/pullrequests/${expected.number}/diffstat`, { redirect: 'follow' }).then((answer) => answer.json.values);
    const total = files.reduce((sum, file) => sum + file.lines_added + file.lines_removed, 0);
    assert.equal(total, expected.lines_added + expected.lines_removed + expected.generated_lines, `#${expected.number}`);
  }
});

test('the clock stands still until it is moved, and shows in Date', async () => {
  const date = async () => (await sandbox.fetch(R)).headers.get('date');
  assert.equal(await date(), 'Mon, 16 Nov 2026 08:00:00 GMT');
  const before = (await sandbox.get(`${R}/pullrequests?${every}`)).size;
  await sandbox.control('advance', { days: 7 });
  assert.equal(await date(), 'Mon, 23 Nov 2026 08:00:00 GMT');
  assert.ok((await sandbox.get(`${R}/pullrequests?${every}`)).size >= before);
});
