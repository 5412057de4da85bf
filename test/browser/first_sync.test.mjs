// While the first sync runs the pages fill by themselves: nobody has to load them again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN, Stage, skip } from './stage.mjs';

let stage;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ connect: true });
  await stage.administrator();
});
after(() => stage?.strike());

test('the first page follows the first sync to its end', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  let loads = 0;
  page.on('domcontentloaded', () => (loads += 1));
  const needs = page.getByRole('region', { name: 'What needs a hand' });
  await needs.getByRole('link', { name: /^All \d+ of / }).first().waitFor({ timeout: 120_000 });
  const data = page.getByRole('region', { name: 'Data' });
  await data.getByText('complete', { exact: true }).waitFor({ timeout: 120_000 });
  await page.locator('.syncing').waitFor({ state: 'detached' });
  assert.ok((await page.locator('.figure').count()) >= 6);
  assert.equal(loads, 0);
  assert.deepEqual(stage.takeFaults(), []);
  await page.context().close();
});
