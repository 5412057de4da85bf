// Every page of the application: its address, and a heading that stands once it has loaded. The tests look at each of them, and
// so does make screenshots; a test holds the list against the application's own table.
import { readFileSync } from 'node:fs';

export const PAGES = [
  ['/', 'What needs a hand'],
  ['/insights', 'Waiting for first review'],
  ['/insights/mutes', 'Mutes in force'],
  ['/insights/{finding}', 'Evidence'],
  ['/flow', 'By repository'],
  ['/reviews', 'Merged past review, by repository'],
  ['/pull-requests', 'Pull requests'],
  ['/pull-requests/{repository}/{number}', 'What happened'],
  ['/commits', 'On how many people knowledge rests'],
  ['/delivery', 'By environment'],
  ['/audit', 'Is the log as it was written?'],
  ['/audit/{row}', 'In the log'],
  ['/integrations/bitbucket', 'Repositories of acme'],
  ['/integrations/bitbucket/add', 'How shall Plumbline sign in to Bitbucket?'],
  ['/integrations/bitbucket/add?step=create&kind=api-token', 'Make the API token'],
  ['/integrations/bitbucket/add?step=token&kind=api-token', 'Enter and check it'],
  ['/settings', 'Settings'],
  ['/settings/rules', 'Process: open pull requests'],
  ['/settings/teams', 'All teams as a file'],
  ['/settings/teams/{team}', 'Name and working time'],
  ['/settings/identities', 'In doubt'],
  ['/settings/workspace', 'Issue keys'],
  ['/settings/policies', 'Policies'],
  ['/settings/policies/new', 'Tried on the past'],
  ['/settings/policies/{policy}', 'Versions'],
  ['/settings/proposals', 'Decided'],
  ['/settings/account', 'API tokens'],
  ['/settings/users', 'Invite somebody'],
  ['/settings/log', 'Log'],
];

/** Makes what pages show beside what was read: a team, a mute, policies, proposals. Resolves with what stands for the {names}. */
export async function furnish(admin) {
  const { findings } = await admin.ask('GET', '/findings');
  const finding = findings.find((one) => one.rule === 'waiting-for-review');
  const muted = findings.find((one) => one.rule !== finding.rule && one.repository !== null);
  await admin.ask('POST', `/findings/${muted.id}/steps`, { action: 'mute', note: 'This repository is on its way out.' });
  const { items } = await admin.ask('GET', '/people?show=people&limit=6');
  const { teams } = await admin.ask('POST', '/teams', { name: 'Payments', zone: 'Europe/Berlin', hours: '09:00-17:30' });
  const team = teams[0].id;
  await admin.ask('POST', `/teams/${team}/members`, { people: items.slice(0, 5).map((one) => one.id), since: '2024-01-01' });
  await admin.ask('DELETE', `/teams/${team}/members/${items[0].id}?until=2025-06-01`);
  await admin.ask('POST', '/policies', { least_approvals: 1, from: '2026-01-01' });
  await admin.ask('POST', '/policies', { least_approvals: 2, void_on_push: true, from: '2026-07-01' });
  await admin.ask('POST', '/proposals', { do: 'set-policy', policy: { least_approvals: 2, builds_must_pass: true } });
  await admin.ask('POST', '/proposals', { do: 'end-policy', policy_id: 1 });
  await admin.ask('POST', '/proposals/2/decision', { decision: 'refuse', note: 'The audit asks for it.' });
  return { finding: finding.id, repository: finding.repository.id, number: finding.number, team, policy: 1, row: 1 };
}

/** Opens a page of the list and waits until it has loaded and drawn what it shows; @names: what furnish told. */
export async function open(page, [path, heading], names) {
  await page.goto(addressOf(path, names));
  await page.getByRole('heading', { name: heading }).first().waitFor();
  await settle(page);
}

export function addressOf(path, names) {
  return path.replace(/\{([a-z]+)\}/g, (_, name) => names[name]);
}

/** Until everything that is on its way has come and is drawn. */
export async function settle(page) {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector('.skeleton') === null);
  await page.waitForFunction(() => [...document.querySelectorAll('.chart-place')].every((place) => place.firstChild));
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}

/** The addresses of the application's own table, in ui/src/pages/pages.ts. */
export function applicationPaths() {
  const table = readFileSync(new URL('../../ui/src/pages/pages.ts', import.meta.url), 'utf8');
  return [...table.matchAll(/^\s+path: "(.+?)"/gm)].map(([, path]) => path);
}

/** Whether an address of the list is one of the application's table; its {names} may differ. */
export function isOf(address, path) {
  const pattern = (text) => text.split('?')[0].replace(/\{[^}]+\}/g, '{}');
  return pattern(address) === pattern(path);
}
