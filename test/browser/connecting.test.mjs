// Connecting Bitbucket: every kind of credential, and everything that goes wrong, told to somebody who is new to it.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { violationsOf } from './accessibility.mjs';
import { ADMIN, Stage, skip } from './stage.mjs';

const ADD = '/integrations/bitbucket/add';
let stage, page;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ sandbox: true, options: ['--pull-requests', '40', '--quota', '0'] });
  await stage.administrator();
  page = await stage.signedIn(ADMIN);
});
after(() => stage?.strike());
afterEach(async () => {
  if (stage && stage.sandbox.exitCode === null) await stage.control('DELETE', 'faults');
  assert.deepEqual(stage?.takeFaults() ?? [], []);
});

const TITLES = {
  'workspace-token': 'Workspace access token',
  'project-token': 'Project access token',
  'repository-token': 'Repository access token',
  'api-token': 'API token',
  'oauth-client': 'OAuth consumer',
};

function day(ahead) {
  return new Date(Date.now() + ahead * 864e5).toISOString().slice(0, 10);
}

/** Through the wizard to its form: the kind, and how it is made. */
async function choose(kind) {
  await page.goto(ADD);
  await page.getByRole('radio', { name: new RegExp(`^${TITLES[kind]}`) }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { level: 2, name: new RegExp(TITLES[kind], 'i') }).waitFor();
  await page.getByRole('link', { name: 'I have it' }).click();
  await page.getByRole('heading', { name: 'Enter and check it' }).waitFor();
}

/** Fills in the form as somebody would who has the credential of this name. */
async function enter(name, { secret, place, account, expires = day(200), kind } = {}) {
  const token = stage.token(name);
  const isOne = (kind ?? token.kind) === 'repository-token';
  await page
    .getByLabel(isOne ? 'Repository' : 'Workspace', { exact: true })
    .fill(place ?? (isOne ? stage.ready.repositories[0].full_name : stage.ready.workspace.slug));
  await page.getByLabel(/^(Token|Secret of the consumer)/).fill(secret ?? token.secret);
  const owner = page.getByLabel(/^(E-mail address of|Key of)/);
  if ((await owner.count()) > 0) await owner.fill(account ?? token.account);
  await page.getByLabel('Expiry date').fill(expires);
}

async function check() {
  await page.getByRole('button', { name: /^Check/ }).click();
}

/** What the page says after a check: its first line, and everything. */
async function verdict(role) {
  const notice = page.getByRole(role).filter({ has: page.locator('strong') }).last();
  await notice.waitFor();
  return { first: await notice.locator('strong').first().textContent(), all: await notice.textContent() };
}

async function refused(expected) {
  const { first, all } = await verdict('alert');
  for (const words of expected) assert.match(all, words);
  assert.match(first, /\.$/, first);
  assert.equal(await page.getByRole('button', { name: 'Connect', exact: true }).count(), 0);
  assert.ok(await page.getByRole('button', { name: /^Check/ }).isEnabled());
  return all;
}

for (const [name, sees] of [
  ['workspace', /It sees \d+ repositories in/],
  ['project', /It sees \d+ repositories in/],
  ['repository', /It sees one repository, /],
  ['api', /The API token works: it is /],
  ['oauth', /The OAuth consumer '.*' works/],
])
  test(`the wizard leads to a good check of ${name}`, { skip }, async () => {
    const { kind, secret } = stage.token(name);
    await choose(kind);
    await enter(name);
    await check();
    const { first, all } = await verdict('status');
    assert.match(first, /works/);
    assert.match(all, sees);
    assert.match(all, /It reads the pull requests of/);
    assert.match(all, /It expires in \d+ days\./);
    assert.doesNotMatch(all, /Missing/);
    await page.getByRole('button', { name: 'Connect', exact: true }).waitFor();
    assert.deepEqual(await violationsOf(page), []);
    assert.ok(!(await page.content()).includes(secret), 'the secret is in the page');
  });

test('each kind says how it is made and exactly what to tick', { skip }, async () => {
  for (const kind of Object.keys(TITLES)) {
    await page.goto(`${ADD}?step=create&kind=${kind}`);
    await page.getByText(/Plumbline only reads; nothing is written/).waitFor();
    const ticks = page.getByRole('rowheader');
    assert.ok((await ticks.count()) >= 3, kind);
    const names = (await ticks.locator('code').allTextContents()).join(' ');
    assert.match(names, /repository/);
    assert.match(names, /pullrequest/);
    assert.doesNotMatch(names, /write|admin|delete/);
  }
});

test('an app password is shown as legacy with the reason, and cannot be chosen', { skip }, async () => {
  await page.goto(ADD);
  const legacy = page.getByRole('radio', { name: /App password/ });
  assert.ok(await legacy.isDisabled());
  await page.getByText(/switched app passwords off on 28 July 2026\. Use an access token or an API token/).waitFor();
  await page.goto(`${ADD}?step=token&kind=app-password`);
  await page.getByRole('heading', { name: 'How shall Plumbline sign in to Bitbucket?' }).waitFor();
});

test('a token with unneeded scopes works, and they are named', { skip }, async () => {
  await choose('workspace-token');
  await enter('broad');
  await check();
  const { first, all } = await verdict('status');
  assert.match(first, /works/);
  assert.match(all, /It may do more than Plumbline needs \(.*repository:admin.*\)\. One that can only read is safer\./);
  assert.match(await page.getByText('Not needed').locator('..').textContent(), /pullrequest:write/);
});

test('a token that ends soon works, and its successor is asked for', { skip }, async () => {
  await choose('workspace-token');
  // The sandbox's clock stands two weeks behind this machine's.
  await enter('workspace', { expires: day(3) });
  await check();
  const { all } = await verdict('status');
  assert.match(all, /It expires in \d+ days: create its successor now\./);
});

test('a missing scope is named, with what cannot be read without it', { skip }, async () => {
  await choose('workspace-token');
  await enter('narrow');
  await check();
  await refused([/lacks the scope pullrequest, without which pull requests and reviews cannot be read\. Create one that has it\./]);
  assert.match(await page.getByText('Missing', { exact: true }).locator('..').textContent(), /pullrequest/);
  assert.deepEqual(await violationsOf(page), []);
});

test('a wrong and an expired token are refused with what to do', { skip }, async () => {
  await choose('workspace-token');
  for (const secret of ['ATCTTthisIsNoTokenOfOurs', stage.token('expired').secret]) {
    await enter('workspace', { secret });
    await check();
    const all = await refused([
      /Bitbucket does not accept this workspace access token\./,
      /copy it again, whole, or create a new workspace access token with the scopes repository and pullrequest/,
    ]);
    assert.ok(!all.includes(secret));
  }
  await enter('workspace');
  await check();
  assert.match((await verdict('status')).first, /works/);
});

test('a credential of another kind than the one chosen is recognised', { skip }, async () => {
  await choose('workspace-token');
  await enter('api', { kind: 'workspace-token' });
  await check();
  await refused([/It looks like an API token: choose the kind API token/]);
  await enter('repository', { kind: 'workspace-token' });
  await check();
  assert.match((await verdict('status')).all, /Bitbucket says that it is a repository access token: choose that kind\./);

  await choose('api-token');
  await enter('api', { secret: stage.token('workspace').secret });
  await check();
  await refused([/It looks like an access token/]);
  await enter('api', { account: 'nobody@example.com' });
  await check();
  await refused([/Check the e-mail address/]);

  await choose('oauth-client');
  await enter('oauth', { secret: 'not-the-secret' });
  await check();
  await refused([/gives no token to this OAuth consumer/, /Check the consumer's key and secret/]);
});

test('a place that is not there, or is of another token, is named', { skip }, async () => {
  await choose('workspace-token');
  await enter('workspace', { place: 'nowhere' });
  await check();
  await refused([/does not reach the workspace 'nowhere'\./, /Check the name, as in bitbucket\.org\/WORKSPACE/]);

  await choose('repository-token');
  const other = stage.ready.repositories[1].full_name;
  await enter('repository', { place: other });
  await check();
  const all = await refused([/does not reach the repository/, /bitbucket\.org\/WORKSPACE\/REPOSITORY/]);
  assert.ok(all.includes(other) && all.includes(`It sees one repository, ${stage.ready.repositories[0].full_name}.`), all);
});

test('an address pasted whole is taken for the place in it', { skip }, async () => {
  await choose('repository-token');
  const name = stage.ready.repositories[0].full_name;
  await enter('repository', { place: `https://bitbucket.org/${name}/pull-requests/` });
  assert.equal(await page.getByLabel('Repository', { exact: true }).inputValue(), name);
  await check();
  assert.match((await verdict('status')).first, /works/);
});

test('the expiry date is held to a year, and an API token must have one', { skip }, async () => {
  await choose('workspace-token');
  for (const [expires, reason] of [[day(367), 'rangeOverflow'], [day(-1), 'rangeUnderflow']]) {
    await enter('workspace', { expires });
    const asked = [];
    page.on('request', (request) => request.method() === 'POST' && asked.push(request.url()));
    await check();
    const validity = await page.getByLabel('Expiry date').evaluate((input, key) => input.validity[key], reason);
    assert.ok(validity, reason);
    assert.deepEqual(asked, []);
    page.removeAllListeners('request');
  }
  await choose('api-token');
  await enter('api', { expires: '' });
  assert.ok(await page.getByLabel('Expiry date').evaluate((input) => input.validity.valueMissing));
});

for (const [name, fault, expected] of [
  ['in trouble', { fault: 'server-error' }, [/Bitbucket has trouble of its own/, /not known yet, and nothing was kept: try again/]],
  ['cut off', { fault: 'connection-reset' }, [/An answer ended early/, /nothing was kept: try again/]],
  ['busy', { fault: 'rate-limit', retry_after: 'seconds', seconds: 600 }, [/request allowance is used up/, /opens again in \d+ s\. Try again then/]],
])
  test(`Bitbucket ${name} says nothing of the token, and the check can be made again`, { skip }, async () => {
    await choose('workspace-token');
    await enter('workspace');
    await stage.control('POST', 'faults', fault);
    await check();
    await refused(expected);
    await stage.control('DELETE', 'faults');
    // What was typed is still there; also the token.
    await check();
    assert.match((await verdict('status')).first, /works/);
  });

test('a checked repository token is connected; its name may not be taken twice', { skip }, async () => {
  for (const turn of [1, 2]) {
    await choose('repository-token');
    await enter('repository');
    await page.getByLabel('Name of the connection').fill('shop');
    await check();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    if (turn === 2) break;
    await page.getByRole('heading', { name: 'Enter and check it' }).waitFor({ state: 'detached' });
    const { items } = await stage.admin.ask('GET', '/connections');
    assert.deepEqual(
      items.map((item) => [item.name, item.kind, item.repositories_selected]),
      [['shop', 'repository-token', 1]],
    );
  }
  const { all } = await verdict('alert');
  assert.match(all, /There is a connection 'shop' already\. Choose another name, or renew/);
});

test('a refused renewal keeps what there is; a good one is told', { skip }, async () => {
  await page.goto('/integrations/bitbucket');
  const card = page.getByRole('region', { name: 'shop', exact: true });
  await card.getByRole('button', { name: /Renew the credential/ }).click();
  await card.getByLabel('New token').fill('ATCTTthisIsNoTokenOfOurs');
  await card.getByLabel('Expiry date').fill(day(100));
  await card.getByRole('button', { name: 'Check and renew' }).click();
  assert.match(await card.getByRole('alert').textContent(), /does not accept this repository access token.*copy it again/s);
  await card.getByLabel('New token').fill(stage.token('repository').secret);
  await card.getByRole('button', { name: 'Check and renew' }).click();
  await card.getByText('The repository access token works.').waitFor();
  const { items } = await stage.admin.ask('GET', '/connections');
  assert.equal(items[0].expires.slice(0, 10), day(100));
  assert.deepEqual(await violationsOf(page), []);
});

test('without Bitbucket in reach the check says so', { skip }, async () => {
  await choose('workspace-token');
  await enter('workspace');
  await stage.stopSandbox();
  await check();
  const all = await refused([/Bitbucket cannot be reached\./, /Check the network/, /nothing was kept: try again/]);
  assert.ok(!all.includes(stage.token('workspace').secret));
});
