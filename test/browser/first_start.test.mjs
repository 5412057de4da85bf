// The first minutes: the set-up code, the first administrator, signing in, and nothing connected yet.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { violationsOf } from './accessibility.mjs';
import { ADMIN, PASSWORD, Stage, skip } from './stage.mjs';

let stage;
before(async () => {
  if (!skip) stage = await Stage.set({});
});
after(() => stage?.strike());
afterEach(() => assert.deepEqual(stage?.takeFaults() ?? [], []));

test('a wrong set-up code makes no administrator', { skip }, async () => {
  const page = await stage.page();
  await page.goto('/');
  await page.getByRole('heading', { name: 'Set up Plumbline' }).waitFor();
  assert.deepEqual(await violationsOf(page), []);
  await page.getByLabel('Set-up code').fill('not-the-code');
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByLabel('E-mail address').fill(ADMIN);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create the administrator' }).click();
  await page.getByRole('alert').waitFor();
  await page.context().close();
});

test('the set-up code makes the first administrator, who reads what to do next', { skip }, async () => {
  const page = await stage.page();
  await page.goto('/');
  await page.getByLabel('Set-up code').fill(stage.code);
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByLabel('E-mail address').fill(ADMIN);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create the administrator' }).click();
  await page.getByRole('heading', { name: 'Nothing is connected yet' }).waitFor();
  await page.getByText('plumbline connect --workspace').waitFor();
  assert.deepEqual(await violationsOf(page), []);
  for (const path of ['/insights', '/flow', '/settings/rules']) {
    await page.goto(path);
    await page.getByRole('heading', { name: 'Nothing is connected yet' }).waitFor();
  }
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.context().close();
});

test('a wrong password is refused in words, and the right one lets in', { skip }, async () => {
  const page = await stage.page();
  await page.goto('/');
  await page.getByLabel('E-mail address').fill(ADMIN);
  await page.getByLabel('Password').fill('not the password at all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Sign in' }).count(), 1);
  assert.deepEqual(await violationsOf(page), []);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.context().close();
});

test('who is invited by a link makes an account, and no server ever hears the secret in an address', { skip }, async () => {
  const admin = await stage.page();
  await admin.goto('/settings/users');
  await admin.getByLabel('E-mail address').fill(ADMIN);
  await admin.getByLabel('Password').fill(PASSWORD);
  await admin.getByRole('button', { name: 'Sign in' }).click();
  await admin.getByRole('heading', { name: 'Invite somebody' }).waitFor();
  await admin.getByLabel('E-mail address').fill('eddi@example.com');
  await admin.getByRole('button', { name: 'Make a link' }).click();
  const link = await admin.getByText(/\/join#/).textContent();
  const secret = link.split('#').pop().trim();

  const page = await stage.page();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(link.trim());
  await page.getByRole('heading', { name: 'Join Plumbline' }).waitFor();
  await page.getByText('eddi@example.com').waitFor();
  assert.deepEqual(await violationsOf(page), []);
  await page.getByLabel('Your name').fill('Eddi');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  assert.ok(asked.length > 0 && asked.every((url) => !url.split('#')[0].includes(secret)), asked.join('\n'));

  await admin.goto(link.trim());
  await admin.getByText('You are signed in already').waitFor();
  await page.context().close();
  await admin.context().close();
});
