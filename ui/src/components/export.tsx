// Saving what the API gives out in parts as one file.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { getPart } from "../api/client";
import { Failure } from "./parts";
import { saveFile } from "./save";

const PARTS_MOST = 50; // what a browser can hold as one file; the API has no such bound

/** Parts one behind the other: of CSV, the heading of the first one only. */
function joined(parts: string[], type: string): string {
  if (type !== "text/csv") return parts.join("");
  return parts.map((part, i) => (i === 0 ? part : part.slice(part.indexOf("\r\n") + 2))).join("");
}

async function fetchAll(path: (cursor: string | null) => string, type: string): Promise<string> {
  const parts: string[] = [];
  let cursor: string | null = null;
  do {
    const part: { text: string; next: string | null } = await getPart(path(cursor), type);
    parts.push(part.text);
    cursor = part.next;
  } while (cursor !== null && parts.length < PARTS_MOST);
  if (cursor !== null)
    throw new Error("This is more than fits into one file here. Narrow the filters, or ask the API for its parts.");
  return joined(parts, type);
}

export interface ExportFormat {
  label: string; // "CSV"
  type: string; // "text/csv"
  ending: string; // "csv"
}

/** A button per format. @path gives the address of the part behind a cursor. */
export function ExportButtons(props: {
  name: string;
  formats: ExportFormat[];
  path: (cursor: string | null) => string;
}): JSX.Element {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const save = (format: ExportFormat): void => {
    setBusy(format.ending);
    setError(null);
    fetchAll(props.path, format.type)
      .then((text) => saveFile(`${props.name}.${format.ending}`, format.type, text))
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(null));
  };
  return (
    <div class="row tight" role="group" aria-label={`Save ${props.name}`}>
      {props.formats.map((format) => (
        <button
          key={format.ending}
          type="button"
          class="button small-button"
          disabled={busy !== null}
          onClick={() => save(format)}
        >
          {busy === format.ending ? "Saving…" : format.label}
          <span class="visually-hidden"> of {props.name}</span>
        </button>
      ))}
      {error !== null && <Failure error={error} />}
    </div>
  );
}
