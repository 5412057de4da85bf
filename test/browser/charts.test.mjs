// The pages about numbers: every count leads to exactly what it counts, filters travel, people are shown only where that is allowed.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { violationsOf } from './accessibility.mjs';
import { ADMIN, Stage, skip } from './stage.mjs';

let stage;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ sync: true });
  await stage.administrator();
});
after(() => stage?.strike());
afterEach(() => assert.deepEqual(stage?.takeFaults() ?? [], []));

async function settled(page) {
  await page.waitForFunction(() => document.querySelector('main h1') && document.querySelector('.skeleton') === null);
  await page.waitForFunction(() => [...document.querySelectorAll('.chart-place')].every((place) => place.firstChild));
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}

async function open(page, path) {
  await page.goto(path);
  await settled(page);
}

/** How many pull requests the API lists for a page's address. */
async function listed(page, search) {
  return page.evaluate((query) => fetch(`/api/v1/pull-requests${query}`).then((answer) => answer.json()), search).then(({ n }) => n);
}

/** Links of tables whose text is a number, to the list of pull requests: [{text, search, table}]. */
async function counts(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('main td a[href^="/pull-requests?"]')]
      .filter((link) => /^[\d,]+$/.test(link.textContent))
      .map((link) => ({
        text: link.textContent,
        search: new URL(link.href).search,
        table: link.closest('[role="region"]').getAttribute('aria-label'),
      })),
  );
}

test('every count of every table leads to as many pull requests', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  for (const [path, tables] of [
    ['/flow', ['What moved the cycle time, by repository, as a table', 'Phases by week, mean, as a table', 'Cycle time by week, as a table',
      'Throughput by week, as a table', 'Distribution of the cycle time, as a table', 'Percentiles by repository']],
    ['/flow?days=30&size=M&time=working', ['Distribution of the cycle time, as a table']],
    ['/delivery', []],
  ]) {
    await open(page, path);
    const found = await counts(page);
    for (const table of tables) assert.ok(found.some((one) => one.table === table), `${path}: ${table} has no count`);
    for (const { text, search, table } of found)
      assert.equal(await listed(page, search), Number(text.replaceAll(',', '')), `${path}: ${table}: ${search}`);
  }
  await page.context().close();
});

test('shares of merges past review lead to the pull requests that they are made of', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await open(page, '/reviews');
  const rows = page.getByRole('region', { name: 'Merged past review, by repository, table' }).locator('tbody tr');
  assert.ok((await rows.count()) >= 2);
  for (const row of await rows.all()) {
    const n = Number(await row.locator('td').nth(1).textContent());
    const link = row.locator('td').nth(0).locator('a');
    const share = Number((await link.textContent()).replace('%', ''));
    const count = await listed(page, new URL(await link.getAttribute('href'), stage.origin).search);
    assert.equal(Math.round((100 * count) / n), share);
  }
  await page.context().close();
});

test('a click on a bar or a point leads where its table does', { skip }, async () => {
  const page = await stage.signedIn(ADMIN, { viewport: { width: 1280, height: 900 } });
  await open(page, '/flow');
  const bars = page.getByRole('img', { name: 'Distribution of the cycle time' }).or(
    page.locator('section').filter({ has: page.getByRole('heading', { name: 'Distribution of the cycle time' }) }).locator('svg'),
  ).first();
  const longest = bars.locator('g[aria-label="bar"] rect, rect');
  const boxes = await longest.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
  await longest.nth(boxes.indexOf(Math.max(...boxes))).click();
  await page.getByRole('heading', { level: 1, name: 'Pull requests' }).waitFor();
  const search = new URL(page.url()).searchParams;
  assert.ok(search.has('longer') && search.get('state') === 'merged' && search.get('days') === '90', page.url());
  await page.goBack();
  await settled(page);
  const scatter = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Size against cycle time' }) }).locator('svg');
  await scatter.locator('circle').first().click({ force: true });
  await page.getByRole('heading', { name: 'What happened' }).waitFor();
  await page.context().close();
});

test('what moved the cycle time is told in words, drawn and as a table that adds up', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await open(page, '/flow');
  const told = await page.evaluate(() => fetch('/api/v1/cycle-time-change?days=90').then((answer) => answer.json()));
  assert.ok(told.change !== null && told.items.length > 3, JSON.stringify(told).slice(0, 300));
  const card = page.locator('section').filter({ has: page.getByRole('heading', { name: /^What moved the cycle time/ }) });
  await card.getByText(told.change > 0 ? /rose to/ : /fell to/).waitFor();
  await card.getByLabel('By', { exact: true }).selectOption('size');
  await card.getByRole('heading', { name: 'What moved the cycle time, by size' }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('moved'), 'size');
  await card.getByText('As a table').click();
  const rows = await card.locator('tbody tr').count();
  assert.equal(rows, told.items.filter((item) => item.by === 'size').length);
  await page.context().close();
});

test('filters travel in the address from page to page', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await open(page, '/flow');
  await page.getByLabel('Period', { exact: true }).selectOption('180');
  await page.getByLabel('Repository', { exact: true }).selectOption('acme/checkout-api');
  for (const name of ['Reviews', 'Commits', 'Delivery', 'Overview', 'Flow']) {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await settled(page);
    const query = new URL(page.url()).searchParams;
    assert.deepEqual([query.get('days'), query.get('repository')], ['180', 'acme/checkout-api'], name);
    assert.equal(await page.getByLabel('Repository', { exact: true }).inputValue(), 'acme/checkout-api', name);
  }
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Pull requests' }).click();
  await page.getByRole('heading', { level: 1, name: 'Pull requests' }).waitFor();
  assert.equal(new URL(page.url()).search, ''); // that page has filters of its own
  await page.context().close();
});

test('charts with next to nothing to draw are drawn, or say so', { skip }, async () => {
  const page = await stage.signedIn(ADMIN, { viewport: { width: 360, height: 740 } });
  for (const path of ['/flow?days=7', '/flow?days=7&size=XL', '/reviews?days=7', '/commits?days=7', '/delivery?days=7', '/?days=7',
    '/flow?repository=acme/checkout-api&size=XS', '/flow?days=365&time=working']) {
    await open(page, path);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, path);
    assert.equal(await page.getByRole('alert').count(), 0, path);
  }
  await page.context().close();
});

test('people are compared only where the workspace says so', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await open(page, '/reviews');
  await page.getByText('This workspace shows no measures by person.').waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Who reviews whom' }).count(), 0);
  stage.setting('privacy.people', 'on');
  await open(page, '/reviews');
  await page.getByRole('heading', { name: 'Who reviews whom' }).waitFor();
  const found = (await counts(page)).filter((one) => one.table === 'Who reviews whom, table');
  assert.ok(found.length > 10);
  for (const { text, search, table } of found) assert.equal(await listed(page, search), Number(text), `${table}: ${search}`);
  assert.deepEqual(await violationsOf(page), []);
  stage.setting('privacy.people', 'off');
  await open(page, '/reviews');
  await page.getByText('This workspace shows no measures by person.').waitFor();
  await page.context().close();
});

test('light or dark is a choice that stays in the browser', { skip }, async () => {
  const page = await stage.signedIn(ADMIN, { colorScheme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await open(page, '/settings/account');
  const light = await ground();
  await page.getByLabel('Colours').selectOption('dark');
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.reload();
  await settled(page);
  assert.equal(await ground(), dark);
  await page.getByLabel('Colours').selectOption('system');
  assert.equal(await ground(), light);
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.equal(await ground(), dark);
  await page.context().close();
});
