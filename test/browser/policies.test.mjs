// Approval policies: tried while they are written, set or proposed by role, decided by a second person.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { violationsOf } from './accessibility.mjs';
import { ADMIN, Stage, skip } from './stage.mjs';

let stage, admin;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ sync: true });
  admin = await stage.administrator();
  await stage.invite('vera@example.com', 'viewer');
  await stage.invite('edith@example.com', 'editor');
  await stage.invite('bea@example.com', 'admin');
});
after(() => stage?.strike());
afterEach(() => assert.deepEqual(stage?.takeFaults() ?? [], []));

const trial = (page) => page.getByRole('region', { name: 'Tried on the past' });
const outcome = async (page) => {
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], .skeleton') === null);
  return trial(page).getByText(/would have been refused\.|There was no merge/).textContent();
};
/** The sentence that the numbers of the API make. */
const sentenceOf = ({ merges, counts, days }) => {
  const failed = counts.filter((one) => one.then === 'failed').reduce((sum, one) => sum + one.merges, 0);
  return `Of ${merges} merges in the last ${days} days, ${failed} would have been refused.`;
};

test('a policy is tried while it is written, by the keyboard, and saved', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await page.goto('/settings/policies');
  await page.getByRole('heading', { name: 'No policy is in force' }).waitFor();
  await page.getByRole('link', { name: 'New policy' }).click();
  await page.getByRole('heading', { level: 1, name: 'New policy' }).waitFor();
  const first = await outcome(page);
  assert.equal(first, sentenceOf(await admin.ask('POST', '/policies/simulate', { least_approvals: 1 })));
  await page.getByLabel('Least approvals').fill('2');
  await page.getByText(sentenceOf(await admin.ask('POST', '/policies/simulate', { least_approvals: 2 }))).waitFor();
  await page.getByLabel('Merges of the last').selectOption('365');
  const year = await admin.ask('POST', '/policies/simulate', { least_approvals: 2, days: 365 });
  await page.getByText(sentenceOf(year)).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('days'), '365', 'the days live in the address');

  const { people } = await admin.ask('GET', '/policies/approvers');
  const search = page.getByLabel('Add a person or team');
  await search.fill(people[0].name.toUpperCase());
  await page.getByRole('list', { name: 'Matches' }).waitFor();
  await search.press('Enter');
  await page.getByRole('list', { name: 'Required approvers' }).getByText(people[0].name).waitFor();
  const required = [{ kind: 'person', id: people[0].id }];
  const asked = { least_approvals: 2, required, days: 365 };
  await page.getByText(sentenceOf(await admin.ask('POST', '/policies/simulate', asked))).waitFor();
  const rows = trial(page).locator('tbody tr');
  assert.equal(await rows.count(), 10);
  await page.getByRole('button', { name: /^Show the other/ }).click();
  const { failing } = await admin.ask('POST', '/policies/simulate', asked);
  assert.equal(await rows.count(), failing.length);
  const newest = failing[failing.length - 1];
  const link = rows.first().getByRole('link');
  assert.equal(await link.getAttribute('href'), `/pull-requests/${newest.repository_id}/${newest.number}`);

  await page.getByLabel('Least approvals').fill('200');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('A whole number from 0 to 100.').waitFor();
  assert.deepEqual((await admin.ask('GET', '/policies')).items, []);
  await page.getByLabel('Least approvals').fill('2');
  await page.getByLabel('In force from').fill('2026-03-01');
  await page.getByRole('button', { name: 'Save' }).press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Main branch of every repository' }).waitFor();
  const [policy] = (await admin.ask('GET', '/policies')).items;
  assert.deepEqual([policy.least_approvals, policy.required[0].id, policy.from, policy.state],
    [2, people[0].id, '2026-03-01T00:00:00Z', 'in-force']);
  await page.context().close();
});

test('a title that a spreadsheet would run is saved as words', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await page.route('**/api/v1/policies/simulate*', async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    answer.failing.at(-1).title = '=HYPERLINK("http://evil.example", 1)\r\n';
    await route.fulfill({ response, json: answer });
  });
  await page.goto('/settings/policies/new');
  await page.getByLabel('Least approvals').fill('90'); // nobody has as many
  await page.getByRole('link', { name: /^=HYPERLINK/ }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    trial(page).getByRole('button', { name: /^CSV/ }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
  assert.equal(lines[0], 'repository,number,title,merged,why,now,url');
  assert.match(lines[1], /^acme\/[a-z-]+,\d+,"'=HYPERLINK\(""http:\/\/evil\.example"", 1\)  ",\d{4}-/);
  await page.context().close();
});

test('a new version leaves the old one in its history, and a policy can be ended', { skip }, async () => {
  await admin.ask('POST', '/policies', { branch: 'release/*', least_approvals: 1, from: '2026-02-01' });
  const page = await stage.signedIn(ADMIN);
  await page.goto('/settings/policies');
  await page.getByRole('link', { name: 'release/* of every repository' }).click();
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Builds must pass').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
  const versions = page.getByRole('region', { name: 'Versions' }).locator('tbody tr');
  await versions.nth(1).waitFor();
  assert.match(await versions.first().textContent(), /^2 in force.*builds must pass/);
  assert.match(await versions.nth(1).textContent(), /^1 replaced/);
  await page.getByRole('button', { name: 'End it' }).click();
  await page.getByRole('dialog', { name: 'End this policy' }).getByRole('button', { name: 'End it' }).click();
  await page.getByText('It has an end now.').waitFor();
  await page.goto('/settings/policies');
  await page.getByText('1 policy that has ended').click();
  await page.getByRole('link', { name: 'release/* of every repository' }).waitFor();
  await page.context().close();
});

test('viewers read, editors propose, and an administrator decides with a note', { skip }, async () => {
  const viewer = await stage.signedIn('vera@example.com');
  await viewer.goto('/settings/policies/1');
  await viewer.getByText('Editors propose policies and administrators set them; your role is viewer.').waitFor();
  await outcome(viewer);
  assert.equal(await viewer.getByRole('button', { name: /Change|End it|Propose/ }).count(), 0);
  await viewer.goto('/settings/policies/new');
  await viewer.getByText('This page is for the role editor').waitFor();
  await viewer.goto('/settings/proposals');
  await viewer.getByText('Administrators decide; your role is viewer.').waitFor();
  await viewer.context().close();

  const editor = await stage.signedIn('edith@example.com');
  await editor.goto('/settings/policies/1');
  await editor.getByRole('button', { name: 'Propose a change' }).click();
  await editor.getByLabel('Least approvals').fill('3');
  await editor.getByRole('button', { name: 'Propose', exact: true }).click();
  await editor.getByText('Proposal 1 waits for an administrator.').waitFor();
  assert.equal((await admin.ask('GET', '/policies/1')).versions.length, 1);
  await editor.goto('/integrations/bitbucket');
  await editor.getByRole('checkbox').first().uncheck();
  await editor.getByRole('button', { name: 'Propose the selection' }).click();
  await editor.getByText(/Proposal 2 waits for an administrator's decision: no longer read 1 repository/).waitFor();
  await editor.context().close();

  const page = await stage.signedIn(ADMIN);
  await page.getByRole('link', { name: 'Settings 2 proposals wait' }).click();
  await page.getByRole('link', { name: 'Proposals 2 proposals wait' }).click();
  const policy = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /^Policy for workspace/ }) });
  await policy.getByText(/would have been refused\.$/).waitFor();
  await policy.getByText('Which they are').click();
  await policy.getByRole('link').first().waitFor();
  assert.deepEqual(await violationsOf(page), []);
  await policy.getByLabel('Note').fill('agreed in the guild');
  await policy.getByRole('button', { name: 'Approve proposal 1' }).click();
  await page.getByText(/^Proposal 1 is approved and carried out/).waitFor();
  await page.getByRole('button', { name: 'Refuse proposal 2' }).click();
  await page.getByText(/^Proposal 2 is refused/).waitFor();
  await page.getByRole('region', { name: 'Decided' }).getByText('agreed in the guild').waitFor();
  await page.getByRole('link', { name: 'Proposals', exact: true }).waitFor(); // nothing waits any more
  const { versions } = await admin.ask('GET', '/policies/1');
  assert.deepEqual(versions.map((one) => one.least_approvals), [2, 3]);
  assert.equal(versions[1].written_by, `edith@example.com, approved by ${ADMIN}`);
  assert.ok((await admin.ask('GET', '/repositories')).items.every((one) => one.selected));
  await page.context().close();
});

test('where a second person is asked for nobody decides on their own proposal', { skip }, async () => {
  const ada = await stage.signedIn(ADMIN);
  await ada.goto('/settings/proposals');
  await ada.getByRole('button', { name: 'Let every change wait for a second person' }).click();
  await ada.getByText('From now on changes wait for a second person.').waitFor();
  await ada.goto('/settings/policies/1');
  await ada.getByRole('button', { name: 'Propose to end it' }).click();
  await ada.getByRole('dialog').getByRole('button', { name: 'Propose' }).click();
  await ada.getByText(/^Proposal 3 waits: end the policy for workspace/).waitFor();
  await ada.goto('/settings/proposals');
  await ada.getByText('You proposed it; another administrator decides. You may take it back.').waitFor();
  assert.equal(await ada.getByRole('button', { name: /^Approve/ }).count(), 0);

  const bea = await stage.signedIn('bea@example.com');
  await bea.goto('/settings/proposals');
  await bea.getByRole('button', { name: 'Approve proposal 3' }).click();
  await bea.getByText(/^Proposal 3 is approved/).waitFor();
  await ada.getByText('Nothing waits.').waitFor(); // her page hears of it
  assert.notEqual((await admin.ask('GET', '/policies/1')).versions[1].ended, null);
  await bea.getByRole('button', { name: 'Propose to make changes at once again' }).click();
  await bea.getByText(/waits for another administrator/).waitFor();
  await ada.getByRole('button', { name: 'Approve proposal 4' }).click();
  await ada.getByText(/^Proposal 4 is approved/).waitFor();
  await ada.getByRole('button', { name: 'Let every change wait for a second person' }).waitFor();
  await ada.context().close();
  await bea.context().close();
});
