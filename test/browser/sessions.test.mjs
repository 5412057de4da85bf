// Sessions that end and servers that go away: said at once, and the page goes on where it was.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { violationsOf } from './accessibility.mjs';
import { ADMIN, PASSWORD, Stage, skip } from './stage.mjs';

const VERA = 'vera@example.com';
let stage;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ sync: true, options: ['--pull-requests', '40'] });
  await stage.administrator();
  await stage.invite(VERA, 'viewer');
});
after(() => stage?.strike());
afterEach(() => assert.deepEqual(stage?.takeFaults() ?? [], []));

async function signInAgain(page, email, password = PASSWORD) {
  await page.getByText('Your session has ended. Sign in to go on where you were.').waitFor();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('a session that has ended leads to signing in, and back to the page', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await page.goto('/insights?severity=critical');
  await page.getByRole('heading', { level: 1, name: 'Insights' }).waitFor();
  await page.context().clearCookies();
  // The page may notice by itself before anybody presses anything.
  await page.evaluate(() => document.querySelector('nav a[href="/flow"]')?.click());
  await page.getByText('Your session has ended.').waitFor();
  const address = page.url();
  await signInAgain(page, ADMIN);
  await page.getByRole('heading', { level: 1, name: address.endsWith('/flow') ? 'Flow' : 'Insights' }).waitFor();
  assert.equal(page.url(), address);
  await page.context().close();
});

test('signing out in one tab signs the others out, and signing in brings them back', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  const other = await page.context().newPage();
  await other.goto('/reviews');
  await other.getByRole('heading', { level: 1, name: 'Reviews' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.equal(await page.getByText('Your session has ended').count(), 0, 'whoever signs out knows it');
  await signInAgain(other, ADMIN);
  await other.getByRole('heading', { level: 1, name: 'Reviews' }).waitFor();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.context().close();
});

test('a password that is changed elsewhere ends this session', { skip }, async () => {
  const next = 'another horse battery staple';
  const page = await stage.signedIn(VERA);
  await page.goto('/flow');
  await page.getByRole('heading', { level: 1, name: 'Flow' }).waitFor();
  const elsewhere = await stage.signedIn(VERA);
  await elsewhere.evaluate(
    async ([current, password]) => {
      const { csrf_token: token } = await fetch('/api/v1/session').then((answer) => answer.json());
      const answer = await fetch('/api/v1/password', {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'x-csrf-token': token },
        body: JSON.stringify({ current, password }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    [PASSWORD, next],
  );
  await page.getByRole('link', { name: 'Reviews' }).click();
  await signInAgain(page, VERA, next);
  await page.getByRole('heading', { level: 1, name: 'Reviews' }).waitFor();
  await elsewhere.context().close();
  await page.context().close();
});

test('a server that goes away is said, and the page goes on when it is back', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await page.goto('/insights');
  await page.getByRole('heading', { level: 1, name: 'Insights' }).waitFor();
  await page.waitForFunction(() => document.querySelector('.skeleton') === null);
  await stage.stopServer();
  // The stream of events notices by itself; whoever presses something notices at once.
  await page.getByRole('link', { name: 'Delivery' }).click();
  await page.getByText('Plumbline does not answer.').waitFor();
  assert.deepEqual(await violationsOf(page), []);
  await stage.startServer();
  await page.getByText('Plumbline does not answer.').waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'By environment' }).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  await page.context().close();
  stage.takeFaults(); // the browser notes each request that got no answer
});

test('a page that only waits notices that the server is gone, and keeps what it shows', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await page.getByRole('heading', { name: 'What needs a hand' }).waitFor();
  await page.getByLabel('Period').selectOption('90');
  await stage.stopServer();
  await page.getByText('Plumbline does not answer.').waitFor();
  await page.getByRole('heading', { name: 'What needs a hand' }).waitFor();
  await stage.startServer();
  await page.getByText('Plumbline does not answer.').waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Period').inputValue(), '90');
  await page.getByRole('heading', { name: 'What needs a hand' }).waitFor();
  await page.context().close();
  stage.takeFaults();
});

test('a question that is to be put later is put again by itself', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  let refused = 0;
  await page.route('**/api/v1/report*', (route) => {
    if (refused++ > 1) return route.continue();
    const problem = { type: '/problems/throttled', title: 'Too many requests.', status: 429 };
    const headers = { 'retry-after': '1' };
    return route.fulfill({ status: 429, headers, contentType: 'application/problem+json', body: JSON.stringify(problem) });
  });
  await page.goto('/');
  await page.getByText(/pull requests? merged/).first().waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.ok(refused >= 3, `${refused}`);
  await page.context().close();
});
