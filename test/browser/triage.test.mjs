// Going through findings: by the keyboard, with filters in the address, and only by those who may.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ADMIN, Stage, skip } from './stage.mjs';

const OPEN = '/findings?state=open,acknowledged';
let stage, admin;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ sync: true });
  admin = await stage.administrator();
  await stage.invite('vera@example.com', 'viewer');
  await stage.invite('edith@example.com', 'editor');
});
after(() => stage?.strike());
afterEach(() => assert.deepEqual(stage?.takeFaults() ?? [], []));

const rows = (page) => page.locator('[data-row]');
const focused = (page) =>
  page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('data-row') ?? null);
const stateOf = async (id) => (await admin.ask('GET', `/findings/${id}`)).state;

test('a finding is acknowledged, snoozed and dismissed without the mouse', { skip }, async () => {
  const page = await stage.signedIn('edith@example.com');
  await page.goto('/insights');
  await rows(page).first().waitFor();
  const ids = await rows(page).evaluateAll((all) => all.map((row) => row.dataset.row));
  assert.ok(ids.length > 3, 'the sandbox plants more findings than that');

  await page.keyboard.press('j');
  assert.equal(await focused(page), ids[0]);
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(page), ids[1]);
  await page.keyboard.press('k');
  assert.equal(await focused(page), ids[0]);

  await page.keyboard.press('a');
  await page.getByRole('status').filter({ hasText: 'Acknowledged' }).waitFor();
  assert.equal(await stateOf(ids[0]), 'acknowledged');
  await page.locator(`[data-row="${ids[0]}"]`).getByText('acknowledged').waitFor();

  await page.keyboard.press('s');
  await page.getByRole('dialog').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'days');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await focused(page), ids[0], 'the focus is back where it was');
  await page.keyboard.press('s');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: 'Snoozed' }).waitFor();
  assert.equal(await stateOf(ids[0]), 'snoozed');
  await page.locator(`[data-row="${ids[0]}"]`).waitFor({ state: 'detached' });
  await page.waitForFunction((id) => document.activeElement?.closest('[data-row]')?.dataset.row === id, ids[1]);

  await page.keyboard.press('d');
  await page.getByLabel('Reason').fill('known, d and j are letters here');
  await page.getByRole('dialog').getByRole('button', { name: 'Dismiss' }).press('Enter');
  await page.getByRole('status').filter({ hasText: 'Dismissed' }).waitFor();
  assert.equal(await stateOf(ids[1]), 'dismissed');

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('status').filter({ hasText: 'Reopened' }).waitFor();
  assert.equal(await stateOf(ids[1]), 'open');
  await page.context().close();
});

test('a finding says what, why, with what evidence, what next, and who did what', { skip }, async () => {
  const { findings } = await admin.ask('GET', `${OPEN}&rule=waiting-for-review`);
  const finding = findings[0];
  const page = await stage.signedIn('edith@example.com');
  await page.goto('/insights?rule=waiting-for-review');
  await rows(page).first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: finding.pull_request_title }).waitFor();
  assert.equal(new URL(page.url()).pathname, `/insights/${finding.id}`);
  for (const name of ['What', 'Next step', 'Evidence', 'Why it matters', 'History'])
    await page.getByRole('heading', { level: 2, name, exact: true }).waitFor();
  await page.getByText(finding.what).waitFor();
  await page.keyboard.press('m');
  await page.getByLabel('Reason').fill('this repository is asleep');
  await page.getByRole('dialog').getByRole('button', { name: 'Mute' }).click();
  await page.getByRole('status').filter({ hasText: 'Muted' }).waitFor();
  await page.getByText('this repository is asleep').waitFor();
  await page.context().close();
});

test('filters stand in the address, and an address brings them back', { skip }, async () => {
  const { findings } = await admin.ask('GET', OPEN);
  const repository = findings.find((one) => one.repository !== null).repository.name;
  const expected = findings.filter((one) => one.repository?.name === repository && one.severity === 'notice').length;
  const page = await stage.signedIn(ADMIN);
  await page.goto('/insights');
  await rows(page).first().waitFor();
  await page.getByLabel('Repository').selectOption(repository);
  await page.getByLabel('Severity').selectOption('notice');
  assert.equal(new URL(page.url()).searchParams.get('repository'), repository);
  assert.equal(new URL(page.url()).searchParams.get('severity'), 'notice');
  assert.equal(await rows(page).count(), expected);
  await page.reload();
  await rows(page).first().waitFor();
  assert.equal(await rows(page).count(), expected);
  assert.equal(await page.getByLabel('Repository').inputValue(), repository);
  await page.getByLabel('Text').fill('jjj no finding says this');
  await page.getByText('No finding fits these filters.').waitFor();

  await page.goto('/flow?days=180&time=working');
  await page.getByLabel('Period', { exact: true }).waitFor();
  assert.equal(await page.getByLabel('Period', { exact: true }).inputValue(), '180');
  assert.equal(await page.getByLabel('Time', { exact: true }).inputValue(), 'working');
  await page.getByLabel('Period', { exact: true }).selectOption('365');
  assert.equal(new URL(page.url()).searchParams.get('days'), '365');
  await page.context().close();
});

test('a viewer sees findings and rules and is told why he cannot act', { skip }, async () => {
  const page = await stage.signedIn('vera@example.com');
  await page.goto('/insights');
  await rows(page).first().waitFor();
  await page.keyboard.press('j');
  const id = await focused(page);
  await page.keyboard.press('a');
  await page.getByRole('status').filter({ hasText: 'Only editors and administrators' }).waitFor();
  assert.equal(await stateOf(id), 'open');
  await page.keyboard.press('Enter');
  await page.getByText('Your role is viewer. Editors and administrators act on findings.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Acknowledge' }).count(), 0);
  await page.goto('/settings/rules');
  await page.getByText('Administrators set the rules; your role is viewer.').waitFor();
  assert.equal(await page.getByRole('spinbutton').count(), 0);
  assert.ok(await page.getByRole('switch').first().isDisabled());
  await page.goto('/settings/users');
  await page.getByText('This page is for the role admin; yours is viewer.').waitFor();
  await page.context().close();
});

test('a rule is tried on the last 90 days before it is saved, and taken back', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await page.goto('/settings/rules?rule=stale');
  const card = page.locator('#stale');
  const field = card.getByRole('spinbutton');
  await field.fill('5000');
  await card.getByText('Between 1 and 365.').waitFor();
  assert.ok(await card.getByRole('button', { name: 'Save' }).isDisabled());
  await field.fill('2');
  await card.getByRole('button', { name: 'Try on the last 90 days' }).click();
  await card.getByRole('status').filter({ hasText: 'as tried' }).waitFor();
  await card.getByRole('button', { name: 'Save' }).click();
  await card.getByRole('button', { name: 'Back to the defaults' }).waitFor();
  const value = async () => (await admin.ask('GET', '/rules')).rules.find((rule) => rule.id === 'stale').parameters[0].value;
  assert.equal(await value(), 2);
  await card.getByRole('button', { name: 'Back to the defaults' }).click();
  await card.getByRole('button', { name: 'Back to the defaults' }).waitFor({ state: 'detached' });
  assert.equal(await value(), 7);
  await page.context().close();
});
