import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { getText } from "../api/client";
import { Failure } from "./parts";
import { saveFile } from "./save";

/** What to save, and as what: the API's answer at @path as CSV, or rows that the page has already. */
export type Csv = { name: string } & ({ path: string } | { rows: (string | number)[][] });

/** What spreadsheets run, told apart as the server does in its own files (src/deliver/csv.c). */
const FORMULA = /^ *[=+\-@|＝＋－＠]/;

function csvOf(rows: (string | number)[][]): string {
  const field = (value: string | number): string => {
    if (typeof value === "number") return String(value);
    const text = value.replace(/\p{Cc}/gu, " ");
    if (FORMULA.test(text)) return `"'${text.replaceAll('"', '""')}"`;
    return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** Saves a CSV file. */
export function CsvButton(props: Csv): JSX.Element {
  const [error, setError] = useState<unknown>(null);
  const save = async (): Promise<void> => {
    const text = "path" in props ? await getText(props.path, "text/csv") : csvOf(props.rows);
    saveFile(`${props.name}.csv`, "text/csv", text);
  };
  return (
    <>
      <button
        type="button"
        class="button small-button"
        onClick={() =>
          save()
            .then(() => setError(null))
            .catch((fault: unknown) => setError(fault))
        }
      >
        CSV<span class="visually-hidden"> of {props.name}</span>
      </button>
      {error !== null && <Failure error={error} />}
    </>
  );
}
