// Every kind of answer against the published OpenAPI document.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { Sandbox, shared } from './sandbox.mjs';

const file = join(shared, 'bitbucket/openapi.json');
const skip = existsSync(file) ? false : `${file} is not there`;

// Where real answers are known to differ from the document, and how we know. Each must be met, or it goes.
const additional = (place, ...names) => (error) =>
  error.keyword === 'additionalProperties' && place.test(error.instancePath) && names.includes(error.params.additionalProperty);
const nulls = (place) => (error) => error.keyword === 'type' && place.test(error.instancePath);
const typeless = (place) => (error) =>
  error.keyword === 'required' && error.params.missingProperty === 'type' && place.test(error.instancePath);
const deviations = [
  { matches: additional(/(^|\/)(summary|content|rendered\/\w+)$/, 'type'), reason: 'rendered texts have a type (recorded pull requests, comments, commits)' },
  { matches: additional(/(^|\/)(source\/commit|destination\/commit|merge_commit|commit)$/, 'type', 'links'), reason: 'commits in pull requests have type and links (recorded pull requests)' },
  { matches: additional(/^(\/values\/\d+)?\/links$/, 'request-changes', 'statuses'), reason: 'pull requests link to these too (recorded pull requests)' },
  { matches: additional(/^(\/values\/\d+)?\/links$/, 'branches', 'tags', 'source'), reason: 'repositories link to these too (recorded repositories)' },
  { matches: additional(/^\/links$/, 'hooks', 'html_overview'), reason: 'workspaces link to these too (recorded workspace)' },
  { matches: additional(/(^|\/values\/\d+|\/project)\/links$/, 'self'), reason: 'projects link to themselves (recorded projects)' },
  { matches: nulls(/(^\/repository|\/(merge_commit|closed_by|source\/repository|author))$/), reason: 'absent people, commits and forks are null (API-FACTS 4.5)' },
  { matches: nulls(/\/participants\/\d+\/(state|participated_on)$/), reason: 'null for those who have not reviewed (API-FACTS 5.6)' },
  { matches: nulls(/(^|\/)(parent|mainbranch)$/), reason: 'null for what is no fork, or empty (API-FACTS 4.5, recorded repositories)' },
  { matches: nulls(/\/(user|creator)$/), reason: 'deleted people are null (API-FACTS 4.5)' },
  { matches: additional(/\/inline$/, 'outdated', 'context_lines'), reason: 'observed in inline comments (recorded comments, API-FACTS 5.8)' },
  { matches: nulls(/\/inline\/(from|to|start_from|start_to)$/), reason: 'null where a side has no line (API-FACTS 5.8)' },
  { matches: typeless(/\/(parent|comment)$/), reason: 'a comment is referred to by id and links only (API-FACTS 5.8)' },
  { matches: (error, what) => what.endsWith('/tasks') && error.keyword === 'additionalProperties' && /^\/values\/\d+$/.test(error.instancePath), reason: 'both halves of the task schema forbid what the other one lists' },
  { matches: nulls(/\/resolved_(on|by)$/), reason: 'null while a task is open (API-FACTS 5.8)' },
  { matches: nulls(/\/(old|new)$/), reason: 'null for files that are new or gone (API-FACTS 5.5)' },
  { matches: typeless(/\/links(\/(self|steps))?$/), reason: 'links have no type (recorded pipelines)' },
  { matches: typeless(/\/(environment|release)$/), reason: 'real deployments differ from the document (API-FACTS 5.10)' },
  { matches: (error) => error.schemaPath.includes('hook_events') && error.params.additionalProperty === 'links', reason: "the document's schema contradicts its own example" },
  { matches: nulls(/^\/error\/detail$/), reason: 'an object for missing scopes (API-FACTS 2.2)' },
];

let sandbox, ajv, document;
const met = new Set();
const compiled = new Map();

before(async () => {
  if (skip) return;
  document = JSON.parse(readFileSync(file, 'utf8'));
  ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(convert({ components: document.components, paths: document.paths }), 'spec');
  // A seed whose company has lost people of both kinds: shown as null, and as "Former user".
  sandbox = await Sandbox.start('--size', 'small', '--quota', '0', '--seed', '1');
  await pickExamples();
});

after(() => sandbox?.stop());

// What the addresses below need: a pull request with reviews, a branch, a person and so on.
const details = {};

async function pickExamples() {
  const R = `/repositories/${sandbox.repository}`;
  const states = 'state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED';
  const pulls = await sandbox.all(`${R}/pullrequests?${states}&pagelen=50`);
  details.pull = pulls.find((pull) => pull.state === 'MERGED' && pull.comment_count > 3 && pull.source.repository).id;
  details.withTask = pulls.find((pull) => pull.task_count > 0).id;
  details.open = pulls.find((pull) => pull.state === 'OPEN' && pull.source.repository).id;
  const branch = await sandbox.get(`${R}/refs/branches/main`);
  details.branch = branch.name;
  details.commit = branch.target.hash;
  const built = (await sandbox.get(`${R}/pipelines/?sort=-created_on`)).values[0];
  details.pipeline = built.uuid;
  for (const pull of pulls) {
    const builds = await sandbox.get(`${R}/pullrequests/${pull.id}/statuses`);
    if (builds.values.length === 0) continue;
    details.withBuild = pull.id;
    details.built = pull.source.commit.hash;
    break;
  }
  details.person = (await sandbox.get(`/workspaces/${sandbox.workspace}/members`)).values[0].user.uuid;
}

// From OpenAPI 3.0's dialect to JSON Schema: "nullable" joins the types, "discriminator" goes (the types are open).
function convert(value) {
  if (Array.isArray(value)) return value.map(convert);
  if (value === null || typeof value !== 'object') return value;
  const { discriminator, nullable, ...rest } = value;
  const converted = Object.fromEntries(Object.entries(rest).map(([key, member]) => [key, convert(member)]));
  if (nullable && typeof converted.type === 'string') converted.type = [converted.type, 'null'];
  return converted;
}

function check(schema, value, what) {
  if (!compiled.has(schema.$ref)) compiled.set(schema.$ref, ajv.compile(schema));
  const validate = compiled.get(schema.$ref);
  validate(value);
  const faults = (validate.errors ?? []).filter((error) => {
    const known = deviations.findIndex((entry) => entry.matches(error, what));
    if (known >= 0) met.add(known);
    return known < 0;
  });
  const lines = [...new Set(faults.map((error) => `${error.instancePath.replace(/\/\d+/g, '/N')}: ${error.message} ${JSON.stringify(error.params)} @ ${error.schemaPath}`))];
  assert.equal(faults.length, 0, `${what}\n${lines.slice(0, 20).join('\n')}`);
}

// The schema that the document gives for an operation's answer.
function answerSchema(path, method, status) {
  const content = document.paths[path][method].responses[status]?.content?.['application/json'];
  assert.ok(content, `${method} ${path} ${status} has no schema`);
  const pointer = ['paths', path, method, 'responses', status, 'content', 'application/json', 'schema'];
  return { $ref: `spec#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}` };
}
const component = (name) => ({ $ref: `spec#/components/schemas/${name}` });

const R = '/repositories/{workspace}/{repo_slug}';
const W = '/workspaces/{workspace}';
// operation of the document, our address with {…} filled in, token
const answers = [
  ['/user', '/user', { token: 'api' }],
  ['/users/{selected_user}', () => `/users/${details.person}`],
  ['/user/workspaces', '/user/workspaces', { token: 'api' }],
  [W, 'W'],
  [`${W}/members`, 'W/members?pagelen=100'],
  [`${W}/permissions`, 'W/permissions?pagelen=100'],
  [`${W}/projects`, 'W/projects'],
  [`${W}/projects/{project_key}`, () => `W/projects/${sandbox.ready.repositories[0].project_key}`],
  [`${W}/pullrequests/{selected_user}`, () => `W/pullrequests/${details.person}?state=MERGED&pagelen=50`],
  ['/repositories/{workspace}', () => `/repositories/${sandbox.workspace}?pagelen=100`],
  [R, 'R'],
  [`${R}/pullrequests`, 'R/pullrequests?state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED&pagelen=50&fields=%2Bvalues.participants,%2Bvalues.reviewers'],
  [`${R}/pullrequests/{pull_request_id}`, () => `R/pullrequests/${details.pull}`],
  [`${R}/pullrequests/{pull_request_id}/comments`, () => `R/pullrequests/${details.pull}/comments?pagelen=100`],
  [`${R}/pullrequests/{pull_request_id}/tasks`, () => `R/pullrequests/${details.withTask}/tasks`],
  [`${R}/pullrequests/{pull_request_id}/statuses`, () => `R/pullrequests/${details.withBuild}/statuses`],
  [`${R}/commits`, 'R/commits?pagelen=100'],
  [`${R}/commit/{commit}`, () => `R/commit/${details.commit}`],
  [`${R}/commit/{commit}/statuses`, () => `R/commit/${details.built}/statuses`],
  [`${R}/diffstat/{spec}`, () => `R/diffstat/${details.commit}`],
  [`${R}/refs`, 'R/refs?pagelen=100'],
  [`${R}/refs/branches`, 'R/refs/branches?pagelen=100'],
  [`${R}/refs/branches/{name}`, () => `R/refs/branches/${details.branch}`],
  [`${R}/refs/tags`, 'R/refs/tags'],
  [`${R}/branching-model`, 'R/branching-model'],
  [`${R}/default-reviewers`, 'R/default-reviewers'],
  [`${R}/effective-default-reviewers`, 'R/effective-default-reviewers'],
  [`${R}/branch-restrictions`, 'R/branch-restrictions', { token: 'broad' }],
  [`${R}/permissions-config/users`, 'R/permissions-config/users', { token: 'broad' }],
  [`${W}/permissions/repositories`, 'W/permissions/repositories'],
  [`${R}/pipelines`, 'R/pipelines/?pagelen=100'],
  [`${R}/pipelines/{pipeline_uuid}`, () => `R/pipelines/${encodeURIComponent(details.pipeline)}`],
  [`${R}/pipelines/{pipeline_uuid}/steps`, () => `R/pipelines/${encodeURIComponent(details.pipeline)}/steps/`],
  [`${R}/deployments`, 'R/deployments/?pagelen=100'],
  [`${R}/environments`, 'R/environments/'],
  ['/hook_events', '/hook_events', { token: null }],
  ['/hook_events/{subject_type}', '/hook_events/repository', { token: null }],
];

function fill(address) {
  const path = typeof address === 'function' ? address() : address;
  return path.replace(/^R(?=\/|\?|$)/, `/repositories/${sandbox.repository}`).replace(/^W(?=\/|\?|$)/, `/workspaces/${sandbox.workspace}`);
}

for (const [operation, address, options] of answers) {
  test(`GET ${operation} has the published shape`, { skip }, async () => {
    const body = await sandbox.get(fill(address), options);
    if (Array.isArray(body.values) && !operation.endsWith('/tags')) assert.notEqual(body.values.length, 0, 'an empty page proves nothing');
    check(answerSchema(operation, 'get', '200'), body, `GET ${operation}`);
  });
}

test('a pull request diffstat has the published shape behind its redirect', { skip }, async () => {
  const first = await sandbox.fetch(fill(`R/pullrequests/${details.pull}/diffstat`));
  assert.equal(first.status, 302);
  const body = await sandbox.get(first.headers.get('location'));
  assert.notEqual(body.values.length, 0);
  check(answerSchema(`${R}/diffstat/{spec}`, 'get', '200'), body, 'diffstat');
});

test('the commits of an open pull request have the published shape', { skip }, async () => {
  const body = await sandbox.get(fill(`R/pullrequests/${details.open}/commits?pagelen=100`));
  assert.notEqual(body.values.length, 0);
  check(component('paginated_changeset'), body, 'pull request commits');
});

// The document has no schema for activity: its parts have.
test('activity is made of parts that have the published shape', { skip }, async () => {
  const entries = [];
  for (const { full_name } of sandbox.ready.repositories)
    entries.push(...(await sandbox.all(`/repositories/${full_name}/pullrequests/activity?pagelen=50`)));
  const kinds = { comment: 0, update: 0, approval: 0, changes_requested: 0, none: 0 };
  for (const entry of entries) {
    check(component('pullrequest'), entry.pull_request, 'activity pull_request');
    const kind = Object.keys(kinds).find((name) => entry[name]) ?? 'none';
    kinds[kind]++;
    assert.deepEqual(Object.keys(entry).sort(), kind === 'none' ? ['pull_request'] : [kind, 'pull_request'].sort());
    if (kind === 'comment') check(component('pullrequest_comment'), entry.comment, 'activity comment');
    if (kind === 'update') {
      check(component('pullrequest_endpoint'), entry.update.source, 'activity source');
      check(component('pullrequest_endpoint'), entry.update.destination, 'activity destination');
      if (entry.update.author) check(component('account'), entry.update.author, 'activity author');
      assert.match(entry.update.date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
      assert.equal(typeof entry.update.changes, 'object');
    }
    const verdict = entry.approval ?? entry.changes_requested;
    if (verdict) {
      check(component('pullrequest'), verdict.pullrequest, 'activity verdict');
      if (verdict.user) check(component('account'), verdict.user, 'activity user');
      assert.match(verdict.date, /\+00:00$/);
    }
  }
  for (const [kind, n] of Object.entries(kinds)) assert.ok(n > 0, `no entry of kind ${kind}`);
  const actors = entries.flatMap((entry) => (entry.comment ? [entry.comment.user] : entry.update ? [entry.update.author] : []));
  assert.ok(actors.includes(null), 'nobody is shown as null');
  assert.ok(actors.some((actor) => actor?.display_name === 'Former user'), 'nobody is shown as a former user');
  assert.ok(actors.some((actor) => actor?.type === 'app_user'), 'no app acts');
});

test('a webhook subscription has the published shape when made, listed, changed and read', { skip }, async () => {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ description: 'Plumbline', url: 'https://plumbline.example/hook', active: true, secret: 's3cret', events: ['repo:push', 'pullrequest:created'] });
  for (const base of ['R', 'W']) {
    const made = await sandbox.fetch(fill(`${base}/hooks`), { method: 'POST', body, headers });
    assert.equal(made.status, 201, made.text);
    check(component('webhook_subscription'), made.json, 'hook');
    assert.equal(made.json.secret_set, true);
    assert.equal(made.json.secret, undefined);
    const address = made.headers.get('location');
    assert.equal(address, made.json.links.self.href);
    check(component('paginated_webhook_subscriptions'), await sandbox.get(fill(`${base}/hooks`)), 'hooks');
    const changed = await sandbox.fetch(address, { method: 'PUT', headers, body: JSON.stringify({ secret: '', active: false }) });
    assert.equal(changed.status, 200);
    assert.equal(changed.json.secret_set, false);
    assert.equal(changed.json.active, false);
    assert.deepEqual(changed.json.events, ['repo:push', 'pullrequest:created']);
    check(component('webhook_subscription'), await sandbox.get(address), 'hook read');
    assert.equal((await sandbox.fetch(address, { method: 'DELETE' })).status, 204);
    assert.equal((await sandbox.fetch(address)).status, 404);
  }
});

test('errors have the published shape', { skip }, async () => {
  const cases = [
    ['/nothing', 404],
    ['/repositories', 410],
    [fill('R/pullrequests?pagelen=51'), 400],
    [fill('R/pullrequests/999999'), 404],
    [fill('R/branch-restrictions'), 403],
  ];
  for (const [path, status] of cases) {
    const answer = await sandbox.fetch(path);
    assert.equal(answer.status, status, path);
    check(component('error'), answer.json, `error of ${path}`);
  }
});

test('every known deviation is still met', { skip }, () => {
  const unmet = deviations.filter((_, index) => !met.has(index)).map((entry) => entry.reason);
  assert.deepEqual(unmet, []);
});
