// The auditor's way: from the totals to a merge past the policy, the files taken away, the proof; and what administrators set
// for a workspace, each change of which stands in the log.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN, Stage, skip } from './stage.mjs';

let stage, admin;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ sync: true });
  admin = await stage.administrator();
  await stage.invite('vera@example.com', 'viewer');
  await admin.ask('POST', '/policies', { scope: 'workspace', least_approvals: 2, from: '2026-08-01' });
  await admin.ask('POST', '/sync', {});
  for (let tries = 0; (await admin.ask('GET', '/audit')).totals.verdicts.failed === 0; tries++) {
    assert.ok(tries < 100, 'no merge was judged anew');
    await sleep(200);
  }
});
after(() => stage?.strike());
afterEach(() => assert.deepEqual(stage?.takeFaults() ?? [], []));

async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

test('an auditor finds a merge past the policy and what it lacked', { skip }, async () => {
  const page = await stage.signedIn('vera@example.com');
  await page.getByRole('link', { name: 'Merge audit' }).click();
  const { totals } = await admin.ask('GET', '/audit?days=90');
  await page.getByText(`${totals.merges} merges in the last 90 days: ${totals.verdicts.failed} past the policy`).waitFor();
  await page.getByLabel('Verdict').selectOption({ label: 'past the policy' });
  await page.waitForURL(/verdict=failed/);
  const { items } = await admin.ask('GET', '/audit?days=90&verdict=failed');
  await page.getByText(`${items.length < 50 ? items.length : ''} rows`).first().waitFor();
  const tags = page.getByRole('table').locator('tbody td:nth-child(2) .tag');
  await page.waitForFunction((n) => document.querySelectorAll('tbody tr').length === n, items.length);
  assert.deepEqual(new Set(await tags.allTextContents()), new Set(['past the policy']));
  await page.getByRole('table').locator('tbody th a').first().click();
  await page.getByRole('heading', { name: items[0].merge.title }).waitFor();
  await page.getByText('2 approvals', { exact: true }).waitFor();
  await page.getByText(items[0].merge.verdict.reason).waitFor();
  await page.getByText(items[0].hash, { exact: true }).waitFor();
  await page.getByRole('link', { name: `#${items[0].merge.number}`, exact: false }).first().click();
  await page.getByRole('heading', { name: 'What happened' }).waitFor();
  await page.context().close();
});

test('the files are what the API and the command line give', { skip }, async () => {
  const page = await stage.signedIn('vera@example.com');
  await page.goto('/audit?days=all&verdict=failed');
  const lines = await saved(page, 'JSON lines of merge-audit');
  const rows = lines.text.trimEnd().split('\n').map((line) => JSON.parse(line));
  const all = JSON.parse(stage.plumbline('audit', 'export', '--format', 'json'));
  assert.equal(lines.name, 'merge-audit.jsonl');
  assert.deepEqual(rows, all.filter((row) => row.merge.verdict.result === 'failed'));
  assert.ok(rows.length > 0);
  await page.goto('/audit?days=all');
  const table = await saved(page, 'CSV of merge-audit');
  assert.equal(table.name, 'merge-audit.csv');
  assert.equal(table.text, stage.plumbline('audit', 'export', '--format', 'csv'));
  await page.context().close();
});

test('the log is proved to be as it was written, beside an end that was kept', { skip }, async () => {
  const page = await stage.signedIn('vera@example.com');
  await page.goto('/audit');
  await page.getByText('Is the log as it was written?').click();
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('The log is intact.').waitFor();
  const end = await page.locator('.verify .token').textContent();
  const { head_row, head_hash } = await admin.ask('POST', '/audit/verification', {});
  assert.equal(end, `${head_row}:${head_hash}`);
  const field = page.getByLabel('An end that you kept');
  await field.fill(end);
  await field.press('Enter');
  await page.getByText(`row ${head_row} is the one that you kept`).waitFor();
  await field.fill(`${head_row}:${'0'.repeat(64)}`);
  await field.press('Enter');
  await page.getByText(`Row ${head_row} is not the one that was noted`).waitFor();
  await field.fill('no end');
  await field.press('Enter');
  await page.locator('.verify .fault', { hasText: 'ROW:HASH' }).waitFor();
  await page.context().close();
});

test('an administrator sets the workspace; what is refused stands beside its field; each change is in the log', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Workspace', exact: true }).click();
  const zone = page.getByLabel('Time zone');
  const save = page.getByRole('button', { name: 'Save Working time' });
  await zone.fill('Europe/Atlantis');
  await save.click();
  await page.locator('.fault', { hasText: 'Europe/Atlantis' }).waitFor();
  await zone.fill('Europe/Berlin');
  await page.getByLabel('Friday').uncheck();
  await save.click();
  await page.getByText('Saved; numbers and findings follow.').waitFor();
  const { settings } = await admin.ask('GET', '/settings');
  const value = (key) => settings.find((one) => one.key === key).value;
  assert.equal(value('calendar.zone'), 'Europe/Berlin');
  assert.equal(value('calendar.days'), 'mon,tue,wed,thu');
  await page.getByLabel('Regular expression of a key').fill('[A-Z]+-[0-9]+');
  await page.getByText(/It finds a key in \d+ of the 20 pull requests opened last/).waitFor();
  await page.getByLabel('Take holidays from a calendar file').setInputFiles({
    name: 'days.ics',
    mimeType: 'text/calendar',
    buffer: Buffer.from(
      ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', 'UID:1', 'DTSTART;VALUE=DATE:20261225', 'SUMMARY:Christmas', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n'),
    ),
  });
  await page.getByText('1 day in the file').waitFor();
  assert.equal(await page.getByLabel('Holidays', { exact: true }).inputValue(), '2026-12-25');
  await save.click();
  await page.getByLabel('Show measures by person').check();
  await page.getByRole('button', { name: 'Save People' }).click();
  await page.locator('section', { hasText: 'Least size of a group' }).getByText('Saved;').waitFor();
  await page.goto('/audit');
  await page.getByText('More filters').click();
  await page.getByLabel('Author').waitFor();
  await page.goto('/settings/log?act=settings.set');
  await page.getByText('Europe/Berlin, before: the default').waitFor();
  const { items } = await admin.ask('GET', '/acts?act=settings.set');
  assert.deepEqual(items.map((act) => act.subject).sort(), ['calendar.days', 'calendar.holidays', 'calendar.zone', 'privacy.people']);
  const file = await saved(page, 'JSON lines of acts');
  assert.deepEqual(file.text.trimEnd().split('\n').map((line) => JSON.parse(line)), items);
  await page.context().close();
});

test('a viewer reads the settings, and is told who changes them', { skip }, async () => {
  const page = await stage.signedIn('vera@example.com');
  await page.goto('/settings/workspace');
  await page.getByText('Administrators change it; your role is viewer.').waitFor();
  assert.ok(await page.getByLabel('Time zone').isDisabled());
  assert.equal(await page.getByRole('button', { name: /Save/ }).count(), 0);
  await page.goto('/settings/log');
  await page.getByText('This page is for the role admin').waitFor();
  await page.context().close();
});

test('on a phone the menu opens over the page and leads to every group', { skip }, async () => {
  const page = await stage.signedIn(ADMIN, { viewport: { width: 360, height: 740 }, hasTouch: true });
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  await page.getByRole('button', { name: 'Menu' }).click();
  const links = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();
  for (const name of ['Overview', 'Merge audit', 'Bitbucket', 'Settings', 'Rules', 'Workspace', 'Users', 'Log'])
    assert.ok(links.includes(name), name);
  await page.getByRole('link', { name: 'Log', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Log' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Rules' }).isVisible(), false);
  await page.context().close();
});
