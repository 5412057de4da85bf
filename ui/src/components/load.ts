import { useCallback, useEffect, useState } from "preact/hooks";

import { get } from "../api/client";

export interface Loaded<T> {
  value: T | null; // the last good answer; stays while a newer one is on its way
  error: unknown;
  isLoading: boolean;
  reload: () => void;
}

/** GETs @path (null: nothing yet) and again whenever it changes. */
export function useLoad<T>(path: string | null): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isLoading, setLoading] = useState(path !== null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    setLoading(true);
    get<T>(path, abort.signal)
      .then((answer) => {
        setValue(answer);
        setError(null);
        setLoading(false);
      })
      .catch((fault: unknown) => {
        if (abort.signal.aborted) return;
        setError(fault);
        setLoading(false);
      });
    return () => abort.abort();
  }, [path, turn]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  return { value, error, isLoading, reload };
}
