// Whether the server answers. Where a request gets no answer the server is asked again and again until it is ready, and
// then everybody who shows something is told to load it anew.
import { useEffect, useState } from "preact/hooks";

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8000;

let isAway = false;
let isAsking = false;
let owes = false; // a request was lost
const watchers = new Set<(away: boolean) => void>();
const waiting = new Set<() => void>();

function tell(away: boolean): void {
  if (away === isAway) return;
  isAway = away;
  for (const watcher of watchers) watcher(away);
}

async function isReady(): Promise<boolean> {
  try {
    return (await fetch("/readyz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

async function ask(): Promise<void> {
  if (isAsking) return;
  isAsking = true;
  for (let pause = FIRST_PAUSE; !(await isReady()); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    tell(true);
    await new Promise((done) => setTimeout(done, pause));
  }
  isAsking = false;
  const wasAway = isAway || owes;
  owes = false;
  tell(false);
  if (wasAway) for (const callback of [...waiting]) callback();
}

/** A request got no answer. */
export function lostAnswer(): void {
  owes = true;
  void ask();
}

window.addEventListener("online", () => void ask());
window.addEventListener("offline", () => void ask());

/** Calls @callback each time the server is back; the answer ends that. */
export function whenBack(callback: () => void): () => void {
  waiting.add(callback);
  return () => {
    waiting.delete(callback);
  };
}

export function useAway(): boolean {
  const [away, setAway] = useState(isAway);
  useEffect(() => {
    setAway(isAway);
    watchers.add(setAway);
    return () => {
      watchers.delete(setAway);
    };
  }, []);
  return away;
}
