// Pull requests as people look for them: filters in the address, filters kept by name, one with its life to scale, and the
// numbers of other pages that lead there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { ADMIN, Stage, skip } from './stage.mjs';

let stage, admin;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ sync: true });
  admin = await stage.administrator();
});
after(() => stage?.strike());
afterEach(() => assert.deepEqual(stage?.takeFaults() ?? [], []));

const rows = (page) => page.getByRole('table').locator('tbody tr');

/** Waits until the list says that it holds so many. */
async function holds(page, n) {
  const words = n === 1 ? '1 pull request' : `${n} pull requests`;
  await page.getByRole('region', { name: 'Pull requests' }).getByRole('status').filter({ hasText: words }).waitFor();
}

test('the list grows to its end, page by page', { skip }, async () => {
  const { n } = await admin.ask('GET', '/pull-requests?bots=with');
  assert.ok(n > 100, `${n}`);
  const page = await stage.signedIn(ADMIN);
  await page.goto('/pull-requests?bots=with');
  await holds(page, n);
  assert.equal(await rows(page).count(), 50);
  for (let shown = 50; shown < n; shown = Math.min(shown + 50, n)) {
    await page.getByRole('button', { name: /Show more/ }).click();
    await rows(page).nth(Math.min(shown + 50, n) - 1).waitFor();
  }
  assert.equal(await rows(page).count(), n);
  assert.equal(await page.getByRole('button', { name: /Show more/ }).count(), 0);
  const links = await rows(page).locator('th a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  assert.equal(new Set(links).size, n);
  await page.context().close();
});

test('filters stand in the address, are kept by name, and make the CSV', { skip }, async () => {
  const merged = await admin.ask('GET', '/pull-requests?state=merged&size=S');
  const page = await stage.signedIn(ADMIN);
  await page.goto('/pull-requests');
  await page.getByLabel('State', { exact: true }).selectOption('merged');
  await page.getByText('More filters').click();
  await page.getByLabel('Size', { exact: true }).selectOption('S');
  await holds(page, merged.n);
  assert.equal(new URL(page.url()).search, '?state=merged&size=S');
  await page.getByLabel('Save these filters as').fill('small merges');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Clear all filters' }).click();
  assert.equal(new URL(page.url()).search, '');
  await page.reload();
  await page.getByRole('link', { name: 'small merges' }).click();
  await holds(page, merged.n);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: /^CSV/ }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
  assert.equal(lines.length, merged.n + 1);
  await page.getByRole('button', { name: 'Forget the saved filter small merges' }).click();
  assert.equal(await page.getByRole('link', { name: 'small merges' }).count(), 0);
  await page.context().close();
});

test('a filter that names nobody is answered in words, and can be mended', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await page.goto('/pull-requests?author=Nobody+At+All');
  await page.getByRole('alert').filter({ hasText: "Nobody is known as 'Nobody At All'" }).waitFor();
  await page.getByLabel('Author').fill('');
  await page.keyboard.press('Enter');
  await rows(page).first().waitFor();
  await page.goto('/pull-requests?author=123456789');
  await page.getByText('No pull request fits these filters.').waitFor();
  await page.context().close();
});

test('the life of one is drawn to scale and told in order', { skip }, async () => {
  const { items } = await admin.ask('GET', '/pull-requests?state=merged&sort=-review-comments');
  const { repository, number, title, url } = items[0];
  const one = await admin.ask('GET', `/pull-requests/${repository.key}/${number}`);
  const page = await stage.signedIn(ADMIN);
  await page.goto(`/pull-requests/${repository.key}/${number}`);
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  const parts = await page
    .getByRole('img', { name: /Coding/ })
    .locator('rect')
    .evaluateAll((all) => all.map((rect) => Number(rect.getAttribute('width'))));
  assert.equal(parts.length, one.phases.length);
  const whole = one.phases.reduce((sum, phase) => sum + phase.seconds, 0);
  for (const [i, phase] of one.phases.entries())
    assert.ok(Math.abs(parts[i] - Math.max(1, (1000 * phase.seconds) / whole)) < 0.5, `${phase.id}: ${parts[i]}`);
  await page.getByText(`${one.timeline.length} events`).waitFor();
  const times = await page.locator('.moment time').evaluateAll((all) => all.map((one) => one.dateTime));
  assert.deepEqual(times, [...times].sort());
  assert.equal(await page.getByRole('main').getByRole('link', { name: /^Bitbucket/ }).getAttribute('href'), url);
  await page.context().close();
});

test('numbers of other pages lead to the pull requests behind them', { skip }, async () => {
  const behind = await admin.ask('GET', '/pull-requests?state=merged&mark=unreviewed&days=365');
  assert.ok(behind.n > 0);
  const page = await stage.signedIn(ADMIN);
  await page.goto('/reviews?days=365');
  await page.getByRole('link', { name: /Merged without review/ }).click();
  await holds(page, behind.n);
  const { throughput } = await admin.ask('GET', '/report?days=30');
  assert.ok(throughput.merged > 0);
  await page.goto('/');
  await page.getByRole('link', { name: /^Merged \d/ }).click();
  await holds(page, throughput.merged);
  await page.goto('/reviews');
  await page.getByText('This workspace shows no measures by person.').waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  await page.context().close();
});

test('where no delivery is known the page says how to tell of one', { skip }, async () => {
  const { items } = await admin.ask('GET', '/repositories');
  const page = await stage.signedIn(ADMIN);
  let silent = 0;
  for (const { full_name } of items) {
    const path = `/query?measures=deployments,lead-time&days=90&repository=${full_name}`;
    const { rows: answer } = await admin.ask('GET', path);
    const isKnown = answer[0].cells.some((cell) => cell.value !== null);
    silent += isKnown ? 0 : 1;
    await page.goto(`/delivery?repository=${full_name}`);
    await page.getByRole('heading', { name: isKnown ? 'Deployments by week' : 'Not known yet' }).waitFor();
    if (!isKnown) await page.getByText('plumbline releases set PATTERN merge').waitFor();
  }
  assert.ok(silent > 0 && silent < items.length, `${silent} of ${items.length}`);
  await page.context().close();
});
