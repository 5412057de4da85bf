// The one way to the server. Paths are those of /api/v1; errors are problem documents (RFC 9457).

import { lostAnswer } from "./reach";

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
}

export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }
}

let csrfToken: string | null = null;
let onSignedOut: (() => void) | null = null;

/** The token of the session, as /session told it. */
export function useCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called when the server no longer knows the session. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

const UNREACHABLE: Problem = {
  type: "/problems/unreachable",
  title: "The server cannot be reached.",
  detail: "Plumbline does not answer. Is it running, and is this machine online?",
  status: 0,
};

/** Whether @error is that the server gave no answer; the page goes on by itself when it does again. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && error.status === 0;
}

/** A proxy in front says that nobody answers behind it. */
function isFromGateway(response: Response): boolean {
  const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json") ?? false;
  return [502, 503, 504].includes(response.status) && !isProblem;
}

async function problemOf(response: Response): Promise<Problem> {
  if (response.headers.get("content-type")?.startsWith("application/problem+json"))
    return (await response.json()) as Problem;
  return {
    type: "/problems/unreadable",
    title: `The server answered ${response.status} without saying why.`,
    status: response.status,
  };
}

const WAITS_MOST = 4; // for one question
const LONGEST_WAIT = 5; // seconds

/** Seconds after which a question may be put again: the allowance was used up, or too many wait. null: it is an answer. */
function pauseOf(method: string, response: Response): number | null {
  const text = response.headers.get("retry-after");
  const seconds = Number(text);
  const isForLater = method === "GET" && [429, 503].includes(response.status) && text !== null;
  return isForLater && seconds >= 0 && seconds <= LONGEST_WAIT ? seconds : null;
}

/** Puts a question again that is to be put later; pages ask many at once. */
async function ask(path: string, request: RequestInit & { method: string }): Promise<Response> {
  for (let waits = 0; ; waits++) {
    const response = await fetch(path, request);
    const seconds = waits < WAITS_MOST ? pauseOf(request.method, response) : null;
    if (seconds === null) return response;
    await new Promise((done) => setTimeout(done, 1000 * seconds));
  }
}

async function send(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  accept = "application/json",
): Promise<Response> {
  const headers: Record<string, string> = { accept };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (method !== "GET" && csrfToken !== null) headers["x-csrf-token"] = csrfToken;
  let response: Response;
  try {
    response = await ask(`/api/v1${path}`, {
      method,
      headers,
      ...(body !== undefined ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    });
  } catch (fault) {
    if (signal?.aborted) throw fault;
    lostAnswer();
    throw new ApiError(UNREACHABLE);
  }
  if (response.ok) return response;
  if (isFromGateway(response)) {
    lostAnswer();
    throw new ApiError(UNREACHABLE);
  }
  const problem = await problemOf(response);
  if (response.status === 401 && problem.type === "/problems/sign-in") onSignedOut?.();
  throw new ApiError(problem);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await send("GET", path, undefined, signal)).json()) as T;
}

/** The same in another format, such as text/csv, where the server has it. */
export async function getText(path: string, accept: string): Promise<string> {
  return (await send("GET", path, undefined, undefined, accept)).text();
}

/** A part of a long answer in another format, and the cursor of what follows it. */
export async function getPart(path: string, accept: string): Promise<{ text: string; next: string | null }> {
  const response = await send("GET", path, undefined, undefined, accept);
  return { text: await response.text(), next: response.headers.get("plumbline-next") };
}

/** Answers undefined where the server answers with nothing. */
export async function change<T = undefined>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await send(method, path, body);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export type Query = Record<string, string | number | boolean | null | undefined>;

/** "?a=1&b=2" of what is set; "" when nothing is. */
export function queryText(query: Query): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== null && value !== undefined && value !== "") parts.set(name, String(value));
  const text = parts.toString();
  return text === "" ? "" : `?${text}`;
}
