// What each connection is at, by its id.
import { useState } from "preact/hooks";

import type { SyncRun, SyncState } from "../../api/measures";
import { useLive } from "../../components/live";
import { useLoad } from "../../components/load";

export function useRuns(): Record<string, SyncRun> {
  const snapshot = useLoad<SyncState>("/sync");
  const [told, setTold] = useState<Record<string, SyncRun>>({});
  useLive((type, data) => {
    if (type === "gap") snapshot.reload();
    if (type !== "progress" && type !== "sync") return;
    const run = data as SyncRun & { connection: number };
    setTold((before) => ({ ...before, [String(run.connection)]: run }));
  });
  return { ...snapshot.value?.connections, ...told };
}
