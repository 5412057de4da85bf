// What happens, as it happens: one stream of server-sent events, shared by everything on the page.
import { useEffect, useRef, useState } from "preact/hooks";

import { get } from "../api/client";
import { whenBack } from "../api/reach";
import type { SyncRun, SyncState } from "../api/measures";
import { useLoad } from "./load";

export type LiveType = "progress" | "sync" | "facts" | "findings" | "proposals" | "gap";

const TYPES: LiveType[] = ["progress", "sync", "facts", "findings", "proposals", "gap"];
type Listener = (type: LiveType, data: unknown) => void;

const listeners = new Set<Listener>();
let source: EventSource | null = null;
let lastAsked = 0;

function open(): void {
  const stream = new EventSource("/api/v1/events");
  for (const type of TYPES)
    stream.addEventListener(type, (event) => {
      let data: unknown = null;
      try {
        data = JSON.parse((event as MessageEvent<string>).data);
      } catch {
        return; // a line that was cut off; the next one, or a gap, puts it right
      }
      for (const listener of listeners) listener(type, data);
    });
  // An error says nothing of its cause. What any request would be answered does: the session ended, or nobody answers.
  stream.onerror = () => {
    if (Date.now() - lastAsked < 5000) return;
    lastAsked = Date.now();
    get("/sync").catch(() => undefined);
  };
  source = stream;
}

whenBack(() => {
  if (listeners.size > 0 && source?.readyState === EventSource.CLOSED) open();
});

/** Calls @callback with each event; the stream is open only while somebody listens. */
export function useLive(callback: Listener): void {
  const latest = useRef(callback);
  latest.current = callback;
  useEffect(() => {
    const listener: Listener = (type, data) => latest.current(type, data);
    listeners.add(listener);
    // A browser gives up for good when it is refused, as after a restart of the server; a new listener tries again.
    if (source === null || source.readyState === EventSource.CLOSED) open();
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      source?.close();
      source = null;
    };
  }, []);
}

export interface SyncView {
  runs: SyncRun[];
  nextRound: string | null;
  reading: SyncRun | null; // the first one that is under way
  isKnown: boolean;
}

/** Where the reading of Bitbucket stands, kept up to date by events. */
export function useSync(): SyncView {
  const snapshot = useLoad<SyncState>("/sync");
  const [told, setTold] = useState<Record<string, SyncRun>>({});
  useEffect(() => setTold({}), [snapshot.value]);
  useLive((type, data) => {
    if (type === "progress" || type === "sync") {
      const run = data as SyncRun & { connection: number };
      setTold((before) => ({ ...before, [String(run.connection)]: run }));
    } else if (type === "gap") snapshot.reload();
  });
  const runs = Object.values({ ...snapshot.value?.connections, ...told });
  return {
    runs,
    nextRound: snapshot.value?.next_round ?? null,
    reading: runs.find((run) => run.state === "reading") ?? null,
    isKnown: snapshot.value !== null,
  };
}

/**
 * Calls @reload when something new was read or found: at once after a sync, and at most every @every milliseconds
 * while one is under way and history is incomplete.
 */
export function useFresh(reload: () => void, isComplete: boolean, every = 8000): void {
  const last = useRef(Date.now());
  useLive((type) => {
    const isDue = !isComplete && Date.now() - last.current >= every;
    if (type === "progress" && !isDue) return;
    last.current = Date.now();
    reload();
  });
}
