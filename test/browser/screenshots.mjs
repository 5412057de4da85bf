// Pictures of every page, light, dark and as on a phone, from the real program reading a generated company.
// usage: node screenshots.mjs FOLDER [PART-OF-A-NAME...]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PAGES, furnish, open } from './pages.mjs';
import { ADMIN, Stage, chromium } from './stage.mjs';

const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  phone: { colorScheme: 'light', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

/** What is seen before anybody has signed in: address, heading, name. */
const SETUP = ['/', 'Set up Plumbline', 'door-setup'];
const SIGN_IN = ['/', 'Sign in', 'door-sign-in'];
const JOIN = (link) => [link, 'Join Plumbline', 'door-join'];

/** The company with something to find, as of last Monday at eight: pages show its last weeks. */
export function plantedCompany() {
  const monday = new Date(Date.now() - 8 * 36e5);
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  monday.setUTCHours(8, 0, 0, 0);
  return ['--pathologies', '--quota', '10000', '--epoch', monday.toISOString().replace('.000', '')];
}

/** "/insights/{finding}?state=all" is "insights-finding-state-all". */
function nameOf(address) {
  return address === '/' ? 'overview' : address.replace(/[{}]/g, '').replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '');
}

async function picture(page, folder, name, look) {
  await page.mouse.move(0, 0); // nothing is pointed at
  await page.evaluate(() => document.fonts.ready);
  const path = join(folder, `${name}.${look}.png`);
  await page.screenshot({ path, fullPage: true, animations: 'disabled', caret: 'hide' });
  console.log(path);
}

async function ofDoor(stage, folder, [address, heading, name]) {
  for (const [look, options] of Object.entries(LOOKS)) {
    const page = await stage.page(options);
    await page.goto(address);
    await page.getByRole('heading', { name: heading }).first().waitFor();
    await picture(page, folder, name, look);
    await page.context().close();
  }
}

async function ofPages(stage, folder, names, pages) {
  for (const [look, options] of Object.entries(LOOKS)) {
    const page = await stage.signedIn(ADMIN, options);
    for (const one of pages) {
      await open(page, one, names);
      await picture(page, folder, nameOf(one[0]), look);
    }
    await page.context().close();
  }
}

async function main(folder, parts) {
  const isWanted = (name) => parts.length === 0 || parts.some((part) => name.includes(part));
  mkdirSync(folder, { recursive: true });
  const stage = await Stage.set({ sync: true, options: plantedCompany() });
  try {
    if (isWanted(SETUP[2])) await ofDoor(stage, folder, SETUP);
    const admin = await stage.administrator();
    const names = await furnish(admin);
    const { link } = await admin.ask('POST', '/invitations', { email: 'grace@example.com', role: 'editor' });
    for (const door of [SIGN_IN, JOIN(link)]) if (isWanted(door[2])) await ofDoor(stage, folder, door);
    await ofPages(stage, folder, names, PAGES.filter(([address]) => isWanted(nameOf(address))));
    for (const fault of stage.takeFaults()) console.error(`a page complains: ${fault}`);
  } finally {
    await stage.strike();
  }
}

if (fileURLToPath(import.meta.url) === process.argv[1]) {
  const [folder, ...parts] = process.argv.slice(2);
  if (folder === undefined) {
    console.error('usage: node screenshots.mjs FOLDER [PART-OF-A-NAME...]');
    process.exit(2);
  }
  if (chromium === null) {
    console.error('There is no chromium here: scripts/bootstrap test installs it.');
    process.exit(1);
  }
  await main(folder, parts);
}
