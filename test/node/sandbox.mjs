// Starts the real bitbucket-sandbox on a free port and talks to it.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const root = resolve(here, '../..');
export const binary = process.env.SANDBOX ?? join(root, 'build/sandbox/bitbucket-sandbox');
export const shared = process.env.PLUMBLINE_SHARED ?? resolve(root, '../shared');

export class Sandbox {
  constructor(state, child) {
    this.state = state;
    this.child = child;
    this.output = '';
    child.stdout.on('data', (text) => (this.output += text));
    child.stderr.on('data', (text) => (this.output += text));
    this.ended = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
  }

  static async start(...options) {
    const state = mkdtempSync(join(tmpdir(), 'bitbucket-sandbox-'));
    const child = spawn(binary, ['--state', state, '--listen', '127.0.0.1:0', '--seed', '7', ...options]);
    const sandbox = new Sandbox(state, child);
    const file = join(state, 'ready.json');
    while (!existsSync(file)) {
      if (child.exitCode !== null) throw new Error(`the sandbox ended: ${sandbox.output}`);
      await sleep(20);
    }
    sandbox.ready = JSON.parse(readFileSync(file, 'utf8'));
    sandbox.workspace = sandbox.ready.workspace.slug;
    sandbox.repository = sandbox.ready.repositories[0].full_name;
    return sandbox;
  }

  async stop() {
    this.child.kill('SIGTERM');
    const end = await this.ended;
    rmSync(this.state, { recursive: true, force: true });
    return end;
  }

  token(name) {
    return this.ready.tokens.find((token) => token.name === name);
  }

  authorization(name) {
    if (name === null) return {};
    const token = typeof name === 'string' ? this.token(name) : name;
    if (token.kind === 'api-token' || token.kind === 'app-password' || token.kind === 'oauth-client')
      return { authorization: basic(token.account, token.secret) };
    return { authorization: `Bearer ${token.secret}` };
  }

  // path: below the API, or a whole URL
  async fetch(path, { token = 'workspace', method = 'GET', body, headers = {}, redirect = 'manual' } = {}) {
    const url = path.startsWith('http') ? path : this.ready.api_base + path;
    const answer = await fetch(url, { method, body, redirect, headers: { ...this.authorization(token), ...headers } });
    const text = await answer.text();
    const isJson = (answer.headers.get('content-type') ?? '').startsWith('application/json');
    return { status: answer.status, headers: answer.headers, text, json: isJson && text !== '' ? parse(text) : undefined };
  }

  async get(path, options) {
    const answer = await this.fetch(path, options);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer.json;
  }

  // Every value of a listing, page after page.
  async all(path, options) {
    const values = [];
    for (let next = path; next; ) {
      const page = await this.get(next, options);
      values.push(...page.values);
      next = page.next;
    }
    return values;
  }

  async control(name, body, method = body === undefined ? 'GET' : 'POST') {
    const answer = await fetch(`${this.ready.control_base}/${name}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { authorization: `Bearer ${this.ready.control_token}` },
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(`control ${name}: ${answer.status} ${JSON.stringify(json)}`);
    return json;
  }

  faults(...list) {
    return this.control('faults', list);
  }

  clearFaults() {
    return this.control('faults', undefined, 'DELETE');
  }
}

export function basic(user, secret) {
  return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a fault may cut a document in two
  }
}
