// Every page of the application: its address, and a heading that stands once it has loaded. The tests look at each of them, and
// so does make screenshots; a test holds the list against the application's own table.
import { readFileSync } from 'node:fs';

export const PAGES = [
  ['/', 'What needs a hand'],
  ['/insights', 'Waiting for first review'],
  ['/insights/{finding}', 'Evidence'],
  ['/flow', 'By repository'],
  ['/reviews', 'Merged past review, by repository'],
  ['/pull-requests', 'Pull requests'],
  ['/pull-requests/{repository}/{number}', 'What happened'],
  ['/commits', 'On how many people knowledge rests'],
  ['/delivery', 'By environment'],
  ['/integrations/bitbucket', 'Repositories of acme'],
  ['/integrations/bitbucket/add', 'How shall Plumbline sign in to Bitbucket?'],
  ['/integrations/bitbucket/add?step=create&kind=api-token', 'Make the API token'],
  ['/integrations/bitbucket/add?step=token&kind=api-token', 'Enter and check it'],
  ['/settings', 'Settings'],
  ['/settings/rules', 'Process: open pull requests'],
  ['/settings/account', 'API tokens'],
  ['/settings/users', 'Invite somebody'],
];

/** Opens a page of the list, for a finding, and waits until it has loaded and drawn what it shows. */
export async function open(page, [path, heading], { id, repository, number }) {
  await page.goto(path.replace('{finding}', id).replace('{repository}', repository.id).replace('{number}', number));
  await page.getByRole('heading', { name: heading }).first().waitFor();
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
