// Pages without a mouse: everything is reached by Tab, seen when it is, and nothing holds the focus. Also what does not move,
// what is large enough, and what is left at twice the size and in forced colours.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { PAGES, furnish, open } from './pages.mjs';
import { ADMIN, Stage, skip } from './stage.mjs';

const LAYOUT_SHIFT_MOST = 0.05;
let stage, names;
before(async () => {
  if (skip) return;
  stage = await Stage.set({ sync: true, options: ['--pull-requests', '80'] });
  names = await furnish(await stage.administrator());
});
after(() => stage?.strike());
afterEach(() => assert.deepEqual(stage?.takeFaults() ?? [], []));

/** Runs in each page, from its beginning. */
function install() {
  const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]';
  const isShown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
  const nameOf = (one) => {
    const words = one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent;
    return `${one.tagName.toLowerCase()} "${words.trim().slice(0, 40)}"`;
  };
  // Of a group of radio buttons one is reached by Tab, the others by arrow keys.
  const isOtherRadio = (one) =>
    one.type === 'radio' && !one.checked && document.querySelector(`input[name="${one.name}"]:checked`) !== null;
  const all = () =>
    [...document.querySelectorAll(FOCUSABLE)].filter(
      (one) => isShown(one) && !one.disabled && one.tabIndex >= 0 && !isOtherRadio(one),
    );
  const reached = new Set();
  const unseen = [];
  const shifts = [];
  const onFocus = ({ target }) => {
    reached.add(target);
    const { outlineStyle, outlineWidth } = getComputedStyle(target);
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) unseen.push(`${nameOf(target)} does not show it`);
    requestAnimationFrame(() => {
      const box = target.getBoundingClientRect();
      if (document.activeElement === target && (box.bottom <= 0 || box.top >= innerHeight))
        unseen.push(`${nameOf(target)} is out of sight: ${JSON.stringify(box)}`);
    });
  };
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput)
        shifts.push({ value, of: sources.map(({ node }) => `${node?.className} ${node?.textContent?.slice(0, 30)}`) });
  }).observe({ type: 'layout-shift', buffered: true });
  window.tools = {
    begin: () => {
      document.addEventListener('focusin', onFocus);
      // A date is typed in three parts, each with a stop of its own, and has a button.
      return all().length + 4 * document.querySelectorAll('input[type="date"], input[type="time"]').length;
    },
    end: () => {
      document.removeEventListener('focusin', onFocus);
      return { missed: all().filter((one) => !reached.has(one)).map(nameOf), unseen };
    },
    shifts: () => shifts,
    moving: () => document.getAnimations().filter((one) => one.effect.getComputedTiming().activeDuration > 1).length,
    small: () =>
      all()
        .filter((one) => {
          // WCAG 2.5.8 leaves out what stands in a line of text; a label is part of its control.
          if (getComputedStyle(one).display === 'inline' || one.closest('.skip, .visually-hidden')) return false;
          const label = one.labels?.[0]?.getBoundingClientRect();
          const box = one.getBoundingClientRect();
          const width = Math.max(box.width, label?.width ?? 0);
          return width > 1 && (width < 24 || Math.max(box.height, label?.height ?? 0) < 24);
        })
        .map((one) => {
          const { width, height } = one.getBoundingClientRect();
          return `${nameOf(one)} ${width}×${height}`;
        }),
  };
}

/** Many times in a row, without a round trip for each. */
async function pressTab(page, times) {
  const session = await page.context().newCDPSession(page);
  const key = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
  for (let i = 0; i < times; i += 10) {
    const presses = [];
    for (let n = i; n < Math.min(i + 10, times); n++)
      for (const type of ['rawKeyDown', 'keyUp']) presses.push(session.send('Input.dispatchKeyEvent', { type, ...key }));
    await Promise.all(presses);
  }
  await session.detach();
}

test('every page can be worked by keyboard, stands still, and is large enough', { skip }, async (t) => {
  const page = await stage.signedIn(ADMIN, { reducedMotion: 'reduce' });
  await page.addInitScript(install);
  for (const entry of PAGES)
    await t.test(entry[0], async () => {
      await page.setViewportSize({ width: 1280, height: 900 });
      await open(page, entry, names);
      const shifts = await page.evaluate(() => window.tools.shifts());
      const sum = shifts.reduce((before, { value }) => before + value, 0);
      assert.ok(sum < LAYOUT_SHIFT_MOST, `it jumps by ${sum}: ${JSON.stringify(shifts)}`);
      assert.equal(await page.evaluate(() => window.tools.moving()), 0, 'something moves for whoever asked for rest');

      // Once around, also past the browser's own bar. A page may set the focus itself, so it need not begin at the top.
      const steps = (await page.evaluate(() => window.tools.begin())) + 12;
      await pressTab(page, steps);
      const { missed, unseen } = await page.evaluate(() => window.tools.end());
      assert.deepEqual(missed, [], 'not reached by Tab');
      assert.deepEqual(unseen, [], 'has the focus');

      // A window of 1280 pixels at twice the size, then a phone.
      for (const width of [640, 360]) {
        await page.setViewportSize({ width, height: 740 });
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
      }
      assert.deepEqual(await page.evaluate(() => window.tools.small()), [], 'smaller than 24 pixels');
    });
  await page.context().close();
});

test('the skip link leads past the menu, and the focus follows to a new page', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  const focus = () => page.evaluate(() => document.activeElement?.id ?? '');
  await open(page, PAGES.find(([path]) => path === '/reviews'), names);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), 'To the content');
  await page.keyboard.press('Enter');
  assert.equal(await focus(), 'main');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement?.closest('#main') !== null));
  await page.getByRole('link', { name: 'Delivery' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Delivery' }).waitFor();
  assert.equal(await focus(), 'main');
  await page.context().close();
});

test('Escape closes a dialog, and the focus returns to what opened it', { skip }, async () => {
  const page = await stage.signedIn(ADMIN);
  await open(page, PAGES.find(([path]) => path === '/insights/{finding}'), names);
  const opener = page.getByRole('button', { name: 'Dismiss' }).first();
  await opener.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    // The browser's own bar may come between; the page behind the dialog may not.
    assert.ok(
      await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null),
    );
  }
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent?.includes('Dismiss')), true);
  await page.context().close();
});

test('a skeleton does not breathe for whoever asked for rest', { skip }, async () => {
  const page = await stage.signedIn(ADMIN, { reducedMotion: 'reduce' });
  const { duration, count } = await page.evaluate(() => {
    const place = document.createElement('div');
    place.className = 'skeleton';
    document.body.append(place);
    const { animationDuration, animationIterationCount } = getComputedStyle(place);
    return { duration: parseFloat(animationDuration), count: animationIterationCount };
  });
  assert.ok(duration < 0.001 && count === '1', `${count} times ${duration} s`);
  await page.context().close();
});

test('in forced colours borders stand for what colours say', { skip }, async () => {
  const page = await stage.signedIn(ADMIN, { forcedColors: 'active' });
  for (const path of ['/', '/flow', '/integrations/bitbucket']) {
    await open(page, PAGES.find(([one]) => one === path), names);
    const bare = await page.evaluate(() =>
      [...document.querySelectorAll('.tag, .button, .card, [aria-current]')]
        .filter((one) => one.checkVisibility() && !one.matches('[aria-current="step"], .quiet'))
        .filter((one) => {
          const style = getComputedStyle(one);
          return parseFloat(style.borderTopWidth) === 0 && parseFloat(style.borderLeftWidth) === 0 && style.outlineStyle === 'none';
        })
        .map((one) => `${one.className} ${one.textContent.trim().slice(0, 30)}`),
    );
    assert.deepEqual([...new Set(bare)], [], path);
  }
  await page.context().close();
});
