// What concerns every page: the server does not answer, or is a newer one than the page.
import type { JSX } from "preact";

import { useAway } from "../api/reach";

export function StatusBar(props: { isOutdated: boolean }): JSX.Element {
  const isAway = useAway();
  return (
    <div class="status-bar" role="status">
      {isAway && (
        <p class="notice warn">
          <strong>Plumbline does not answer.</strong> What is shown may be old. This page goes on by itself when the server
          is back; what you typed stays.
        </p>
      )}
      {!isAway && props.isOutdated && (
        <p class="notice warn row between">
          <span>
            <strong>Plumbline was updated.</strong> Load the page anew to have the new one.
          </span>
          <button type="button" class="button" onClick={() => location.reload()}>
            Load anew
          </button>
        </p>
      )}
    </div>
  );
}
