// What the tests stand on: a sandbox, Plumbline reading from it, and a browser.
import assert from 'node:assert/strict';
import { spawn, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SANDBOX = process.env.SANDBOX ?? join(root, 'build/sandbox/bitbucket-sandbox');
const PLUMBLINE = process.env.PLUMBLINE ?? join(root, 'build/src/cli/plumbline');
const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const PASSWORD = 'correct horse battery staple';
export const ADMIN = 'ada@example.com';

export const chromium = CHROMIUM.find((path) => path && existsSync(path)) ?? null;
/** For test(): a reason to skip where there is no browser. */
export const skip = chromium === null ? 'no chromium here: scripts/bootstrap test installs it' : false;

/** Resolves with the first match in what a child writes. */
function awaitText(child, stream, pattern) {
  return new Promise((found, failed) => {
    let text = '';
    stream.on('data', (part) => {
      text += part;
      const match = pattern.exec(text);
      if (match) found(match);
    });
    child.on('exit', (code) => failed(new Error(`it ended with ${code}: ${text}`)));
  });
}

async function end(child) {
  if (!child || child.exitCode !== null) return;
  const ended = new Promise((done) => child.on('exit', done));
  child.kill('SIGTERM');
  await ended;
}

/** A signed-in account, asking the API. */
class Client {
  constructor(origin) {
    this.origin = origin;
    this.cookie = '';
    this.token = '';
  }

  async ask(method, path, body) {
    const answer = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: {
        ...(this.cookie ? { cookie: this.cookie, 'x-csrf-token': this.token } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    const [made] = answer.headers.getSetCookie();
    if (made) {
      this.cookie = made.split(';')[0];
      this.token = (await this.ask('GET', '/session')).csrf_token;
    }
    return text === '' ? undefined : JSON.parse(text);
  }
}

export class Stage {
  /**
   * Starts the server with empty data, with a small sandbox that it may ask (`sandbox`), with that one connected
   * (`connect`), or read as well (`sync`). `options` go to the sandbox.
   */
  static async set({ sandbox = false, connect = false, sync = false, options = ['--pull-requests', '200'] }) {
    const stage = new Stage();
    stage.folder = mkdtempSync(join(tmpdir(), 'plumbline-browser-'));
    stage.faults = [];
    try {
      if (sandbox || connect || sync) await stage.#play(options);
      if (connect || sync) stage.#connect();
      if (sync) execFileSync(...stage.#plumbline('--quiet', 'sync'), { stdio: 'ignore' });
      await stage.#serve();
    } catch (fault) {
      await stage.strike();
      throw fault;
    }
    return stage;
  }

  /** What the command says about the data. */
  plumbline(...words) {
    return execFileSync(...this.#plumbline(...words), { encoding: 'utf8', maxBuffer: 1 << 26 });
  }

  #plumbline(...options) {
    return [PLUMBLINE, ['--data', join(this.folder, 'data'), ...options]];
  }

  async #play(more) {
    const state = join(this.folder, 'sandbox');
    const size = more.includes('--pathologies') ? [] : ['--size', 'small']; // that company has a size of its own
    const options = [...size, '--seed', '7', ...more, '--listen', '127.0.0.1:0', '--state', state];
    this.sandbox = spawn(SANDBOX, options, { stdio: 'ignore' });
    while (!existsSync(join(state, 'ready.json'))) {
      assert.equal(this.sandbox.exitCode, null, 'the sandbox ended');
      await sleep(20);
    }
    this.ready = JSON.parse(readFileSync(join(state, 'ready.json'), 'utf8'));
  }

  /** What the sandbox made: { name, kind, secret, account, … }. */
  token(name) {
    return this.ready.tokens.find((one) => one.name === name);
  }

  /** Asks the sandbox to play otherwise: docs/sandbox.md, "Control". */
  async control(method, name, body) {
    const answer = await fetch(`${this.ready.control_base}/${name}`, {
      method,
      headers: { authorization: `Bearer ${this.ready.control_token}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${name}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  #connect() {
    const token = join(this.folder, 'token');
    writeFileSync(token, this.token('workspace').secret, { mode: 0o600 });
    const connect = ['connect', '--kind', 'workspace-token', '--workspace', this.ready.workspace.slug];
    connect.push('--api-base', this.ready.api_base, '--token-file', token, '--name', 'demo');
    execFileSync(...this.#plumbline(...connect), { stdio: 'ignore' });
  }

  async #serve() {
    const options = ['serve', '--listen', '127.0.0.1:0', '--no-git'];
    if (this.ready) options.push('--api-base', this.ready.api_base);
    this.server = spawn(...this.#plumbline(...options), { stdio: ['ignore', 'pipe', 'pipe'] });
    const code = awaitText(this.server, this.server.stderr, /Set-up code, for the first administrator: (\S+)/);
    const listens = awaitText(this.server, this.server.stdout, /Plumbline listens on (http:\/\/\S+)/);
    [[, this.code], [, this.origin]] = await Promise.all([code, listens]);
  }

  /** Makes the first administrator without the browser. */
  async administrator() {
    const admin = new Client(this.origin);
    await admin.ask('POST', '/setup', { code: this.code, name: 'Ada Lovelace', email: ADMIN, password: PASSWORD });
    this.admin = admin;
    return admin;
  }

  /** What the workspace is set to, changed by the command line. */
  setting(key, value) {
    execFileSync(...this.#plumbline('settings', 'set', key, value), { stdio: 'ignore' });
  }

  async invite(email, role) {
    const { link } = await this.admin.ask('POST', '/invitations', { email, role });
    const secret = link.split('#').pop();
    await new Client(this.origin).ask('POST', '/join', { secret, name: email.split('@')[0], password: PASSWORD });
  }

  /** A page of a fresh browser profile. What its console complains about is a fault, and so is a broken policy. */
  async page(options = {}) {
    const { chromium: driver } = await import('playwright-core');
    this.browser ??= await driver.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    const context = await this.browser.newContext({ baseURL: this.origin, locale: 'en-GB', timezoneId: 'UTC', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (fault) => this.faults.push(`${page.url()}: ${fault.message}`));
    page.on('console', (message) => {
      // A refused request is the server's answer, shown in the page; the browser notes it as an error all the same.
      const isAnswer = message.text().startsWith('Failed to load resource');
      if (['error', 'warning'].includes(message.type()) && !isAnswer)
        this.faults.push(`${page.url()}: ${message.text()}`);
    });
    return page;
  }

  async signedIn(email, options) {
    const page = await this.page(options);
    await page.goto('/');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('main').filter({ has: page.getByRole('heading', { name: 'Overview' }) }).waitFor();
    return page;
  }

  /** What pages complained of since the last time. */
  takeFaults() {
    return this.faults.splice(0);
  }

  /** From here on Plumbline is not in reach. */
  async stopServer() {
    await end(this.server);
  }

  /** The same data at the same address again. */
  async startServer() {
    this.server = spawn(...this.#plumbline('serve', '--listen', new URL(this.origin).host, '--no-git'), {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await awaitText(this.server, this.server.stdout, /Plumbline listens on (http:\/\/\S+)/);
  }

  /** From here on Bitbucket is not in reach. */
  async stopSandbox() {
    await end(this.sandbox);
  }

  async strike() {
    await this.browser?.close();
    await end(this.server);
    await end(this.sandbox);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
