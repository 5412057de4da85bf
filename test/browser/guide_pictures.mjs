// The pictures of README.md and docs/guide.md, from the real program. usage: node guide_pictures.mjs FOLDER
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open } from './pages.mjs';
import { plantedCompany } from './screenshots.mjs';
import { ADMIN, Stage } from './stage.mjs';

const MOST_BYTES = 150_000;
const VIEW = { viewport: { width: 1200, height: 780 } };

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node guide_pictures.mjs FOLDER');
  process.exit(2);
}

async function picture(page, name, height = VIEW.viewport.height) {
  await page.mouse.move(0, 0);
  await page.setViewportSize({ ...VIEW.viewport, height });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
  await page.setViewportSize(VIEW.viewport);
}

/** The wizard, with a token that lacks a scope at first. */
async function wizard(stage) {
  const page = await stage.signedIn(ADMIN, VIEW);
  const { slug } = stage.ready.workspace;
  await page.getByRole('link', { name: 'Connect Bitbucket' }).click();
  await page.getByRole('radio', { name: /^Workspace access token/ }).check();
  await picture(page, 'guide-kind', 800);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('link', { name: 'I have it' }).click();
  await page.getByLabel('Workspace', { exact: true }).fill(slug);
  await page.getByLabel('Token').fill(stage.token('narrow').secret);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByText('It lacks the scope').waitFor();
  await picture(page, 'guide-check', 1000);
  await page.getByLabel('Token').fill(stage.token('workspace').secret);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('heading', { name: `Which repositories of ${slug} shall be read?` }).waitFor();
  await page.getByRole('checkbox').first().waitFor();
  await picture(page, 'guide-repositories', 900);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Skip' }).click(); // approvers
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Start reading' }).click();
  await page.getByRole('list', { name: 'First findings' }).getByRole('link').first().waitFor({ timeout: 120_000 });
  await picture(page, 'guide-reading', 800);
  await page.context().close();
}

/** What is seen once it has been read. */
async function afterwards(stage) {
  const { findings } = await stage.admin.ask('GET', '/findings?rule=waiting-for-review');
  for (const colorScheme of ['light', 'dark']) {
    const page = await stage.signedIn(ADMIN, { ...VIEW, colorScheme });
    await open(page, ['/', 'What needs a hand'], {});
    await picture(page, `overview-${colorScheme}`, 900);
    if (colorScheme === 'light') {
      await open(page, ['/insights/{finding}', 'Evidence'], { finding: findings[0].id });
      await picture(page, 'guide-finding');
    }
    await page.context().close();
  }
}

async function on(options, show) {
  const stage = await Stage.set(options);
  try {
    await stage.administrator();
    await show(stage);
  } finally {
    await stage.strike();
  }
}

await on({ sandbox: true, options: [] }, wizard);
await on({ sync: true, options: plantedCompany() }, afterwards);
for (const name of readdirSync(folder).filter((name) => /^(guide|overview)-.*\.png$/.test(name))) {
  const path = join(folder, name);
  execFileSync('pngquant', ['--force', '--ext', '.png', '--speed', '1', path]);
  const { size } = statSync(path);
  console.log(`${path}: ${size} bytes`);
  if (size > MOST_BYTES) throw new Error(`${path} is too large for a page that people load`);
}
