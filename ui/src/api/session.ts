import { change, get, useCsrfToken } from "./client";

export type Role = "viewer" | "editor" | "admin";

export interface Account {
  email: string;
  name: string;
  role: Role;
}

export interface Session {
  setup_needed: boolean;
  version: string;
  account: Account | null;
  csrf_token?: string | null;
}

export async function loadSession(): Promise<Session> {
  const session = await get<Session>("/session");
  useCsrfToken(session.csrf_token ?? null);
  return session;
}

// Tabs of one browser share the session; where one signs in or out the others learn of it at once.
const tabs = new BroadcastChannel("plumbline-session");

export function whenAnotherTabChanges(callback: () => void): void {
  tabs.onmessage = callback;
}

export async function signIn(email: string, password: string): Promise<void> {
  await change<Account>("POST", "/session", { email, password });
  tabs.postMessage("in");
}

export async function signOut(): Promise<void> {
  await change("DELETE", "/session");
  tabs.postMessage("out");
}

export function atLeast(account: Account, role: Role): boolean {
  const order: Role[] = ["viewer", "editor", "admin"];
  return order.indexOf(account.role) >= order.indexOf(role);
}
