// How soon each page of the web application can be used, on loopback: a company of 500 pull requests, read; a browser that
// has nothing in its cache for the first page, and the application's parts for the others. Prints a line for each page.
// usage: bench/pages.mjs [VISITS]
import { PAGES, furnish, open } from '../test/browser/pages.mjs';
import { ADMIN, Stage, chromium } from '../test/browser/stage.mjs';

const TIMES = Number(process.argv[2] ?? 3); // visits of each page
const PAUSE = 400; // milliseconds before each: a session may ask 30 times a second for long

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Milliseconds from the beginning of the navigation until everything is there and drawn, and how far things jumped. */
async function measure(page, entry, names) {
  await new Promise((done) => setTimeout(done, PAUSE));
  await open(page, entry, names);
  return page.evaluate(() => ({
    usable: performance.now(),
    painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    shift: window.shift,
    requests: performance.getEntriesByType('resource').length,
    kilobytes: performance.getEntriesByType('resource').reduce((sum, one) => sum + one.transferSize, 0) / 1024,
  }));
}

if (chromium === null) throw new Error('no chromium here: scripts/bootstrap test installs it');
const stage = await Stage.set({ sync: true, options: ['--quota', '0'] });
try {
  const names = await furnish(await stage.administrator());
  const warm = await stage.signedIn(ADMIN);
  const watch = () => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const one of list.getEntries()) if (!one.hadRecentInput) window.shift += one.value;
    }).observe({ type: 'layout-shift', buffered: true });
  };
  await warm.addInitScript(watch);
  const state = await warm.context().storageState();

  const first = [];
  for (let i = 0; i < TIMES; i++) {
    const cold = await stage.page({ storageState: state });
    await cold.addInitScript(watch);
    first.push(await measure(cold, PAGES[0], names));
    await cold.context().close();
  }
  const rows = [['first visit: /', first]];
  for (const entry of PAGES) {
    const visits = [];
    for (let i = 0; i < TIMES; i++) visits.push(await measure(warm, entry, names));
    rows.push([entry[0], visits]);
  }
  console.log('page                                            painted  usable   jump  requests     KB');
  for (const [name, visits] of rows) {
    const of = (key) => median(visits.map((one) => one[key]));
    console.log(
      name.slice(0, 46).padEnd(46),
      `${of('painted').toFixed(0)} ms`.padStart(8),
      `${of('usable').toFixed(0)} ms`.padStart(8),
      of('shift').toFixed(3).padStart(6),
      String(of('requests')).padStart(8),
      of('kilobytes').toFixed(0).padStart(7),
    );
  }
} finally {
  await stage.strike();
}
