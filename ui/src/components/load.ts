import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { get, isUnreachable } from "../api/client";
import { whenBack } from "../api/reach";

export interface Loaded<T> {
  value: T | null; // the last good answer; stays while a newer one is on its way
  error: unknown; // not while the server is away and there is a value: the status bar says that
  isLoading: boolean;
  reload: () => void;
}

/** GETs @path (null: nothing yet) and again whenever it changes. */
export function useLoad<T>(path: string | null): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isLoading, setLoading] = useState(path !== null);
  const [turn, setTurn] = useState(0);
  const shown = useRef<T | null>(null);
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    setLoading(true);
    get<T>(path, abort.signal)
      .then((answer) => {
        shown.current = answer;
        setValue(answer);
        setError(null);
        setLoading(false);
      })
      .catch((fault: unknown) => {
        if (abort.signal.aborted) return;
        if (!isUnreachable(fault) || shown.current === null) setError(fault);
        setLoading(false);
      });
    return () => abort.abort();
  }, [path, turn]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  useEffect(() => whenBack(reload), []);
  return { value, error, isLoading, reload };
}
