// Ending a connection, with all that only it brought: what goes is told in numbers beforehand, and gone afterwards.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { violationsOf } from './accessibility.mjs';
import { ADMIN, Stage, skip } from './stage.mjs';

let stage, admin;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ sync: true, options: ['--pull-requests', '60'] });
  admin = await stage.administrator();
});
after(() => stage?.strike());
afterEach(() => assert.deepEqual(stage?.takeFaults() ?? [], []));

test('a connection is ended together with what it brought, and not before it is said twice', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  const { n } = await admin.ask('GET', '/pull-requests?bots=with');
  await page.goto('/integrations/bitbucket');
  const card = page.getByRole('region', { name: 'demo', exact: true });
  await card.getByRole('button', { name: 'Disconnect… demo' }).click();
  const group = card.getByRole('group', { name: 'Disconnect demo' });
  await group.getByRole('button', { name: 'Keep it' }).click();
  assert.equal((await admin.ask('GET', '/connections')).items.length, 1);

  await card.getByRole('button', { name: 'Disconnect… demo' }).click();
  await group.getByText('pull requests, reviews, commits, insights and the log of merges').waitFor();
  await group.getByLabel('Also delete what only this connection brought').check();
  const text = await group.textContent();
  assert.ok(text.includes(`${n} pull requests`), text);
  assert.ok(!text.includes('Stays:'), text);
  assert.deepEqual(await violationsOf(page), []);
  await group.getByRole('button', { name: 'Disconnect and delete demo' }).click();
  await page.getByRole('link', { name: 'Add a connection' }).first().waitFor();
  await card.waitFor({ state: 'detached' });

  await page.goto('/');
  await page.getByRole('heading', { name: 'Nothing is connected yet' }).waitFor();
  const { items } = await admin.ask('GET', '/acts?act=connection.purge');
  assert.equal(items.length, 1);
  await page.context().close();
});
