// What each role sees: pages of others are refused with whom to ask, and nothing that can be pressed is refused afterwards.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { PAGES, addressOf, furnish, settle } from './pages.mjs';
import { ADMIN, Stage, skip } from './stage.mjs';

const ORDER = ['viewer', 'editor', 'admin'];
let stage, names;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ sync: true, options: ['--pull-requests', '80'] });
  const admin = await stage.administrator();
  for (const role of ['viewer', 'editor']) await stage.invite(`${role}@example.com`, role);
  names = await furnish(admin);
});
after(() => stage?.strike());
afterEach(() => assert.deepEqual(stage?.takeFaults() ?? [], []));

/** The application's own table: path and least role. */
function rolesOfPages() {
  const table = readFileSync(new URL('../../ui/src/pages/pages.ts', import.meta.url), 'utf8');
  return [...table.matchAll(/path: "([^"]+)"[^}]*?role: "(\w+)"/gs)].map(([, path, role]) => ({ path, role }));
}

function mayOpen(role, address) {
  const path = address.split('?')[0].replace(/\{[^}]+\}/g, '{}');
  const page = rolesOfPages().find((one) => one.path.replace(/\{[^}]+\}/g, '{}') === path);
  return ORDER.indexOf(role) >= ORDER.indexOf(page.role);
}

for (const role of ['viewer', 'editor'])
  test(`a page above the role ${role} says so and whom to ask, and the menu does not lead to it`, { skip }, async () => {
    const page = await stage.signedIn(`${role}@example.com`);
    const above = rolesOfPages().filter((one) => !mayOpen(role, one.path));
    assert.ok(above.some((one) => one.path === '/integrations/bitbucket/add'), 'the wizard is for administrators');
    for (const { path } of above) {
      await page.goto(path.replace(/\{[^}]+\}/g, '1'));
      await page.getByText(`yours is ${role}`).waitFor();
      assert.equal(await page.getByRole('link', { name: 'Ada Lovelace' }).getAttribute('href'), `mailto:${ADMIN}`);
      assert.equal(await page.getByRole('main').getByRole('button').count(), 0, path);
    }
    for (const start of ['/', '/settings/rules']) {
      await page.goto(start);
      const menu = page.getByRole('navigation', { name: 'Pages' });
      await menu.getByRole('link', { name: 'Overview' }).waitFor();
      const links = await menu.getByRole('link').evaluateAll((all) => all.map((one) => one.pathname));
      for (const path of links) assert.ok(mayOpen(role, path), `the menu leads a ${role} to ${path}`);
    }
    await page.context().close();
  });

for (const role of ['viewer', 'editor'])
  test(`a ${role} sees that Bitbucket is connected and whom to ask, and nothing of credentials`, { skip }, async () => {
    const page = await stage.signedIn(`${role}@example.com`);
    await page.goto('/integrations/bitbucket');
    const whom = page.getByRole('region', { name: 'Connected to Bitbucket' });
    await whom.getByText(`Ask Ada Lovelace (${ADMIN}).`).waitFor();
    await whom.getByText('healthy').waitFor();
    const main = page.getByRole('main');
    const proposal = page.getByRole('region', { name: 'Repositories of acme' }); // editors say what they would have read
    if (role === 'editor') await proposal.getByRole('button', { name: 'Propose the selection' }).waitFor();
    assert.equal(await main.getByRole('button').count(), await proposal.getByRole('button').count());
    assert.equal(await proposal.count(), role === 'editor' ? 1 : 0);
    assert.equal(await main.getByRole('link', { name: 'Add a connection' }).count(), 0);
    assert.doesNotMatch(await main.textContent(), /scope|token|credential/i);
    await page.context().close();
  });

/** What a page shows differs with the role, so no heading is waited for. */
async function show(page, path) {
  await page.goto(addressOf(path, names));
  await settle(page);
}

/** Presses everything on the page that can be pressed, one after the other. */
async function pressAll(page, path) {
  await show(page, path);
  const buttons = page.getByRole('main').getByRole('button', { disabled: false });
  const n = await buttons.count();
  for (let i = 0; i < n; i++) {
    const address = page.url();
    const button = buttons.nth(i);
    if (!(await button.isVisible().catch(() => false))) continue;
    await button.click({ timeout: 3000 }).catch(() => undefined); // what vanished with the one before it
    await page.waitForTimeout(60);
    await page.keyboard.press('Escape');
    if (page.url().split('?')[0] !== address.split('?')[0]) await show(page, path);
  }
  return n;
}

for (const role of ['viewer', 'editor'])
  test(`nothing that a ${role} can press is refused`, { skip }, async () => {
    const page = await stage.signedIn(`${role}@example.com`);
    const refused = [];
    page.on('response', (answer) => {
      const method = answer.request().method(); // what may not be seen, a page says in its place
      if (method !== 'GET' && answer.status() === 403) refused.push(`${page.url()}: ${method} ${answer.url()}`);
    });
    page.on('dialog', (dialog) => dialog.dismiss());
    let pressed = 0;
    for (const [path] of PAGES) if (mayOpen(role, path)) pressed += await pressAll(page, path);
    assert.ok(pressed > 20, `only ${pressed} buttons`);
    assert.deepEqual(refused, []);
    await page.context().close();
  });
