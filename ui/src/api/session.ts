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

export async function signIn(email: string, password: string): Promise<void> {
  await change<Account>("POST", "/session", { email, password });
}

export async function signOut(): Promise<void> {
  await change("DELETE", "/session");
}

export function atLeast(account: Account, role: Role): boolean {
  const order: Role[] = ["viewer", "editor", "admin"];
  return order.indexOf(account.role) >= order.indexOf(role);
}
