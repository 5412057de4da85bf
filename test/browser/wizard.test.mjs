// Setting a connection up in the browser, from an empty Overview to the first findings; leaving and going on; changing
// it later; several tokens of one repository each.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { violationsOf } from './accessibility.mjs';
import { ADMIN, Stage, skip } from './stage.mjs';

let stage, ready;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ sandbox: true });
  ready = stage.ready;
  await stage.administrator();
});
after(() => stage?.strike());
afterEach(() => assert.deepEqual(stage?.takeFaults() ?? [], []));

const heading = (page, name) => page.getByRole('heading', { level: 2, name });

async function seen(page, name) {
  await heading(page, name).waitFor();
  await page.waitForFunction(() => document.querySelector('.skeleton') === null);
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  assert.deepEqual(await violationsOf(page), [], name);
  for (const width of [360, 1100]) {
    await page.setViewportSize({ width, height: 800 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${name}: ${wide} at ${width}`);
  }
}

/** Enters a token, has it checked, and connects. */
async function connect(page, place, secret, name) {
  await page.getByLabel(/^(Workspace|Repository)$/).fill(place);
  await page.getByLabel('Name of the connection').fill(name);
  await page.getByLabel('Token').fill(secret);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
}

test('an administrator sets a workspace up, from the empty Overview to the first findings', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  const { slug } = ready.workspace;
  await page.getByRole('link', { name: 'Connect Bitbucket' }).click();
  await page.getByRole('radio', { name: /^Workspace access token/ }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('link', { name: 'I have it' }).click();
  await connect(page, `https://bitbucket.org/${slug}/workspace/overview`, stage.token('workspace').secret, 'demo');

  // Repositories: all of them to begin with; one is left out, and found by search.
  await seen(page, `Which repositories of ${slug} shall be read?`);
  assert.deepEqual((await stage.admin.ask('GET', '/sync')).connections, {});
  const boxes = page.getByRole('checkbox');
  const all = await boxes.count();
  assert.equal(all, ready.repositories.length);
  const left = ready.repositories[0].full_name;
  await page.getByLabel('Search').fill(left);
  await page.getByRole('checkbox', { name: left }).uncheck();
  await page.getByLabel('Search').fill('');
  await page.getByText(`${all - 1} of ${all} repositories will be read`).waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();

  // Approvers: a policy for all, and one for a repository.
  await seen(page, 'Who must approve a merge?');
  await page.getByText('no merge is judged').waitFor();
  await page.getByLabel('Least approvals').fill('2');
  await page.getByRole('button', { name: 'Add this policy' }).click();
  await page.getByRole('list', { name: 'Policies' }).getByRole('listitem').first().waitFor();
  const special = ready.repositories[1].full_name;
  await page.getByLabel('For', { exact: true }).selectOption('repository');
  await page.getByLabel('Repository', { exact: true }).selectOption(special);
  await page.getByLabel('Least approvals').fill('1');
  await page.getByLabel('Builds must pass').check();
  await page.getByRole('button', { name: 'Add this policy' }).click();
  await page.getByRole('list', { name: 'Policies' }).getByText(special).waitFor();
  const { items } = await stage.admin.ask('GET', '/policies');
  assert.deepEqual(items.map((one) => [one.scope, one.subject, one.least_approvals, one.builds_must_pass]).sort(), [
    ['repository', special, 1, true],
    ['workspace', null, 2, false],
  ]);
  await page.getByRole('button', { name: 'Continue' }).click();

  // It may be left here; the Overview and the list of connections lead back to the same step.
  await seen(page, 'Main branch and releases');
  await page.goto('/');
  await heading(page, 'The set-up is not finished').waitFor();
  assert.deepEqual(await violationsOf(page), []);
  await page.goto('/integrations/bitbucket');
  await page.getByText('Its set-up is not finished').first().waitFor();
  await page.getByRole('link', { name: 'Finish the set-up of demo' }).click();

  // Main branch and releases.
  await seen(page, 'Main branch and releases');
  await page.getByLabel(`Main branch of ${special}`).fill('develop');
  await page.getByText('Bitbucket says').waitFor();
  await page.getByRole('button', { name: `Use that for ${special}` }).click();
  await page.getByText('Bitbucket says').waitFor({ state: 'detached' });
  await page.getByLabel(/^What counts as a release of all of/).first().selectOption('merge');
  const group = page.getByRole('region', { name: /^Repositories of/ }).first();
  const inGroup = (await group.getByRole('rowheader').allTextContents()).map((name) => `${slug}/${name}`);
  await page.getByRole('button', { name: 'Continue' }).click();
  await seen(page, 'How far back shall it read?');
  const kinds = await stage.admin.ask('GET', '/releases');
  for (const row of kinds.items) {
    assert.equal(row.kind, inGroup.includes(row.repository) ? 'merge' : 'deployments', row.repository);
    assert.equal(row.chosen_main_branch, null);
  }

  // How far back, with what it costs.
  assert.match(await page.getByRole('radio', { name: /^90 days/ }).locator('..').textContent(), /\d+ pull requests?, \d+ requests?/);
  assert.ok(await page.getByRole('radio', { name: /^2 years/ }).isChecked());
  await page.getByRole('radio', { name: /^1 year/ }).check();
  await page.getByRole('button', { name: 'Start reading' }).click();

  // The reading, and what it finds.
  await heading(page, 'demo is set up').waitFor();
  await page.getByText('Everything is read:').waitFor({ timeout: 60_000 });
  await page.getByRole('list', { name: 'First findings' }).getByRole('link').first().waitFor();
  assert.deepEqual(await violationsOf(page), []);
  const shown = Number((await page.getByText('Pull requests read').locator('..').locator('dd').textContent()).replace(/\D/g, ''));
  const report = await stage.admin.ask('GET', '/report');
  assert.equal(shown, report.coverage.pull_requests);
  assert.ok(shown > 0);
  const { items: connections } = await stage.admin.ask('GET', '/connections');
  assert.deepEqual([connections[0].setup_step, connections[0].history_days], [null, 365]);
  assert.equal(connections[0].repositories_selected, all - 1);
  await page.getByRole('link', { name: 'See the first insights' }).click();
  await page.getByRole('heading', { level: 2, name: 'What needs a hand' }).waitFor();
  await page.context().close();
});

test('what the wizard set is changed where the connection is listed', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await page.goto('/integrations/bitbucket');
  const card = page.getByRole('region', { name: 'demo', exact: true });
  await card.getByText('1 year').waitFor();
  await card.getByRole('button', { name: 'How far back… demo reads' }).click();
  await card.getByRole('radio', { name: /^Everything/ }).check();
  await card.getByRole('button', { name: 'Save' }).click();
  await card.getByText('everything', { exact: true }).waitFor();
  const special = ready.repositories[1].full_name;
  const releases = page.getByRole('region', { name: `Main branch and releases of ${ready.workspace.slug}` });
  await releases.getByLabel(`Main branch of ${special}`).fill('a..b');
  await releases.getByRole('button', { name: 'Save' }).click();
  await releases.getByRole('alert').getByText('not the name of a branch').waitFor();
  await releases.getByLabel(`Main branch of ${special}`).fill('release');
  await releases.getByRole('button', { name: 'Save' }).click();
  await releases.getByText('Saved for 1 repository').waitFor();
  const { items } = await stage.admin.ask('GET', '/releases');
  assert.equal(items.find((row) => row.repository === special).chosen_main_branch, 'release');
  await page.context().close();
});

test('tokens of one repository each are added in a row and set up together', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  const token = stage.token('repository');
  const [first, second] = ready.repositories.map((one) => one.full_name);
  const { secret } = await stage.control('POST', 'token', {
    name: 'second',
    kind: 'repository-token',
    scopes: ['repository', 'pullrequest', 'pipeline'],
    reach: second,
  });
  await page.goto('/integrations/bitbucket/add?step=token&kind=repository-token');
  await connect(page, first, token.secret, 'one');
  await seen(page, 'one is connected');
  await page.getByRole('link', { name: 'Add the token of another repository' }).click();
  await heading(page, 'Enter and check it').waitFor();
  assert.equal(await page.getByLabel('Repository').inputValue(), `${ready.workspace.slug}/`);
  await connect(page, second, secret, 'two');
  await seen(page, 'two is connected');
  assert.deepEqual((await page.locator('.dash-list li strong').allTextContents()).sort(), [first, second].sort());
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /^(Skip|Continue)$/ }).click();
  await heading(page, 'Main branch and releases').waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('all 2 connections').waitFor();
  await page.getByRole('radio', { name: /^90 days/ }).check();
  await page.getByRole('button', { name: 'Start reading' }).click();
  await heading(page, 'two is set up').waitFor();
  const { items } = await stage.admin.ask('GET', '/connections');
  for (const name of ['one', 'two']) {
    const one = items.find((item) => item.name === name);
    assert.deepEqual([one.setup_step, one.history_days], [null, 90], name);
  }
  await page.context().close();
});

test('others are told whom to ask', { skip }, async () => {
  await stage.invite('vera@example.com', 'viewer');
  const { items } = await stage.admin.ask('GET', '/connections');
  for (const item of items) await stage.admin.ask('DELETE', `/connections/${item.id}`, {});
  const page = await stage.signedIn('vera@example.com');
  await heading(page, 'Nothing is connected yet').waitFor();
  await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Connect Bitbucket' }).count(), 0);
  assert.deepEqual(await violationsOf(page), []);
  await page.context().close();
});
