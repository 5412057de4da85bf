// People, who is who, and teams, as docs/command-line.md describes them.
import { change, get, queryText } from "./client";

export interface PersonName {
  kind: "uuid" | "account_id" | "email" | "raw";
  value: string;
}

export interface Merge {
  id: number;
  name: string | null;
  rule: string; // "by-hand", or the rule's name
  reason: string;
  made: string;
}

export interface Person {
  id: number;
  name: string;
  nickname: string | null;
  uuid: string | null; // null: known by address only
  kind: string;
  is_bot: boolean;
  bot_reason: string | null;
  is_excluded: boolean;
  names: PersonName[];
  merged: Merge[];
}

export type PeopleShown = "all" | "people" | "bots" | "excluded" | "merged";

export interface PeoplePage {
  in_all: number;
  items: Person[];
  next_cursor?: string;
}

export interface PeopleQuestion {
  q?: string;
  show?: PeopleShown;
  limit?: number;
  cursor?: string;
}

export function peoplePath(workspace: string, question: PeopleQuestion): string {
  return `/people${queryText({ workspace, ...question })}`;
}

export function findPeople(workspace: string, question: PeopleQuestion, signal?: AbortSignal): Promise<PeoplePage> {
  return get(peoplePath(workspace, question), signal);
}

export function addressesOf(person: Person): string[] {
  return person.names.filter((name) => name.kind === "email").map((name) => name.value);
}

/** What tells people of one name apart. */
export function handleOf(person: Person): string {
  return addressesOf(person)[0] ?? person.nickname ?? person.uuid ?? "";
}

export interface Doubt {
  person: { id: number; name: string; handle: string };
  other: { id: number; name: string; handle: string };
  score: number; // 0-1: how much speaks for it
  reason: string;
}

export type Decision =
  | { path: "merge"; body: { into: number } }
  | { path: "different"; body: { from: number } }
  | { path: "split"; body: Record<string, never> };

export function decide(workspace: string, person: number, decision: Decision): Promise<unknown> {
  return change("POST", `/people/${person}/${decision.path}${queryText({ workspace })}`, decision.body);
}

export function markPerson(
  workspace: string,
  person: number,
  mark: { is_bot?: boolean; is_excluded?: boolean },
): Promise<unknown> {
  return change("PATCH", `/people/${person}${queryText({ workspace })}`, mark);
}

// ---- teams

export interface Member {
  person: number;
  name: string;
  since: string | null; // null: since ever
  until: string | null; // null: still
}

export interface Team {
  id: number;
  name: string;
  zone: string | null; // null: as the workspace; likewise below
  days: string | null;
  from: string | null;
  until: string | null;
  members: Member[];
  holidays: { day: string; name: string }[];
}

export interface TeamList {
  teams: Team[];
}

export interface TeamWords {
  name?: string;
  zone?: string | null;
  days?: string | null;
  hours?: string | null;
}

export function teamPath(workspace: string, team: number | string, below = "", query = {}): string {
  return `/teams/${team}${below}${queryText({ workspace, ...query })}`;
}

export function isMemberAt(member: Member, now: number): boolean {
  return (
    (member.since === null || Date.parse(member.since) <= now) &&
    (member.until === null || now < Date.parse(member.until))
  );
}

/** "09:00 to 17:00"; null: as the workspace. */
export function hoursText(team: Team): string | null {
  return team.from === null && team.until === null ? null : `${team.from ?? "…"} to ${team.until ?? "…"}`;
}
