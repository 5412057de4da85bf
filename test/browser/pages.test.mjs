// Every page: readable for everybody in light and dark, no wider than a phone, within the content policy, small at first.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { violationsOf } from './accessibility.mjs';
import { PAGES, applicationPaths, furnish, isOf, open } from './pages.mjs';
import { ADMIN, Stage, skip } from './stage.mjs';

const KILOBYTES_AT_FIRST = 150;
let stage, names;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ sync: true });
  const admin = await stage.administrator();
  names = await furnish(admin);
});
after(() => stage?.strike());
afterEach(() => assert.deepEqual(stage?.takeFaults() ?? [], []));

test('the list of pages holds every page of the application and no other', () => {
  const paths = applicationPaths();
  assert.ok(paths.includes('/'), 'the table of pages is not read');
  const forgotten = paths.filter((path) => !PAGES.some(([address]) => isOf(address, path)));
  const unknown = PAGES.filter(([address]) => !paths.some((path) => isOf(address, path)));
  assert.deepEqual({ forgotten, unknown }, { forgotten: [], unknown: [] });
});

for (const colorScheme of ['light', 'dark'])
  test(`no page has a barrier that axe-core finds, ${colorScheme}`, { skip }, async () => {
    const page = await stage.signedIn(ADMIN, { colorScheme });
    for (const one of PAGES) {
      await open(page, one, names);
      assert.deepEqual(await violationsOf(page), [], one[0]);
    }
    await page.context().close();
  });

test('no page is wider than a phone of 360 pixels', { skip }, async () => {
  const page = await stage.signedIn(ADMIN, { viewport: { width: 360, height: 740 }, hasTouch: true });
  for (const one of PAGES) {
    await open(page, one, names);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, one[0]);
  }
  await page.context().close();
});

test('the first page needs little script', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await open(page, ['/', 'What needs a hand'], names);
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((one) => one.name.endsWith('.js'))
      .map((one) => one.encodedBodySize || one.decodedBodySize),
  );
  const bytes = scripts.reduce((sum, size) => sum + size, 0);
  assert.ok(bytes > 0 && bytes < KILOBYTES_AT_FIRST * 1024, `${bytes} bytes`);
  await page.context().close();
});

test('a count leads to as many pull requests', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await open(page, ['/flow', 'By repository'], names);
  const link = page.getByRole('region', { name: 'Percentiles by repository' }).locator('td a').first();
  const count = Number(await link.textContent());
  await link.click();
  await page.getByRole('heading', { level: 1, name: 'Pull requests' }).waitFor();
  const address = new URL(page.url());
  const { n } = await page.evaluate((query) => fetch(`/api/v1/pull-requests${query}`).then((answer) => answer.json()), address.search);
  assert.equal(n, count);
  await page.context().close();
});

test('each chart has its numbers as a table and as CSV', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await open(page, ['/flow', 'By repository'], names);
  const charts = page.getByRole('img');
  assert.ok((await charts.count()) >= 4);
  for (const name of ['phases-by-week', 'cycle-time-distribution']) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `CSV of ${name}` }).click(),
    ]);
    assert.equal(download.suggestedFilename(), `${name}.csv`);
  }
  await page.getByText('As a table: Throughput by week').click();
  await page.getByRole('columnheader', { name: 'declined' }).waitFor();
  await page.context().close();
});
