// Of each repository that is read: the main branch, and what counts as a release.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { change, queryText } from "../../api/client";
import { type ReleaseItem, type ReleaseKind, type ReleaseRow, RELEASE_TITLES, type ReleaseTable } from "../../api/releases";
import { useLoad } from "../../components/load";
import { Empty, Failure, Field, Notice, Skeleton } from "../../components/parts";
import { countText, manyText } from "../../components/words";

const SHOWN_FIRST = 50;
const KINDS = Object.keys(RELEASE_TITLES) as ReleaseKind[];

/** What was altered of a repository and is not saved yet. */
interface Edit {
  kind?: ReleaseKind;
  branch?: string;
}
type Edits = Record<string, Edit>;

function itemsOf(rows: ReleaseRow[], edits: Edits): ReleaseItem[] {
  return rows.flatMap((row): ReleaseItem[] => {
    const edit = edits[row.repository] ?? {};
    const branch = edit.branch?.trim();
    const hasKind = edit.kind !== undefined && edit.kind !== row.kind;
    const hasBranch = branch !== undefined && branch !== (row.main_branch ?? "");
    if (!hasKind && !hasBranch) return [];
    return [
      {
        repository: row.repository,
        ...(hasKind && edit.kind ? { kind: edit.kind } : {}),
        ...(hasBranch ? { main_branch: branch === "" ? null : branch } : {}),
      },
    ];
  });
}

function KindSelect(props: {
  label: string;
  value: ReleaseKind | "";
  choose: (kind: ReleaseKind) => void;
}): JSX.Element {
  return (
    <select
      class="cell-field"
      aria-label={props.label}
      value={props.value}
      onChange={(event) => {
        if (event.currentTarget.value !== "") props.choose(event.currentTarget.value as ReleaseKind);
      }}
    >
      {props.value === "" && <option value="">Choose…</option>}
      {KINDS.map((kind) => (
        <option key={kind} value={kind}>
          {RELEASE_TITLES[kind]}
        </option>
      ))}
    </select>
  );
}

function Row(props: { row: ReleaseRow; edit: Edit; set: (edit: Edit) => void }): JSX.Element {
  const { row, edit } = props;
  const branch = edit.branch ?? row.main_branch ?? "";
  const isOther = branch.trim() !== "" && branch.trim() !== (row.told_main_branch ?? "");
  return (
    <tr>
      <th scope="row">{row.repository.slice(row.repository.indexOf("/") + 1)}</th>
      <td>
        <input
          class="cell-field"
          aria-label={`Main branch of ${row.repository}`}
          value={branch}
          placeholder={row.told_main_branch ?? "none yet"}
          spellcheck={false}
          onInput={(event) => props.set({ ...edit, branch: event.currentTarget.value })}
        />
        {isOther && (
          <span class="soft small block">
            Bitbucket says {row.told_main_branch === null ? "none" : <code>{row.told_main_branch}</code>}{" "}
            <button
              type="button"
              class="link-button"
              onClick={() => props.set({ ...edit, branch: row.told_main_branch ?? "" })}
            >
              Use that<span class="visually-hidden"> for {row.repository}</span>
            </button>
          </span>
        )}
      </td>
      <td>
        <KindSelect
          label={`What counts as a release of ${row.repository}`}
          value={edit.kind ?? row.kind}
          choose={(kind) => props.set({ ...edit, kind })}
        />
        {row.known_from !== "nothing" && <span class="soft small block">known from {row.known_from}</span>}
      </td>
    </tr>
  );
}

function Project(props: {
  title: string;
  rows: ReleaseRow[];
  edits: Edits;
  set: (name: string, edit: Edit) => void;
  setAll: (kind: ReleaseKind) => void;
}): JSX.Element {
  const kinds = new Set(props.rows.map((row) => props.edits[row.repository]?.kind ?? row.kind));
  const [only] = kinds;
  return (
    <section class="stack tight" aria-label={props.title}>
      <div class="row between">
        <h3>{props.title}</h3>
        <span class="row tight">
          <span class="soft small">All of it</span>
          <KindSelect
            label={`What counts as a release of all of ${props.title}`}
            value={kinds.size === 1 && only ? only : ""}
            choose={props.setAll}
          />
        </span>
      </div>
      <div class="table-wrap" tabIndex={0} role="region" aria-label={`Repositories of ${props.title}`}>
        <table class="table compact with-fields">
          <thead>
            <tr>
              <th scope="col">Repository</th>
              <th scope="col">Main branch</th>
              <th scope="col">A release is each</th>
            </tr>
          </thead>
          <tbody>
            {props.rows.map((row) => (
              <Row
                key={row.repository}
                row={row}
                edit={props.edits[row.repository] ?? {}}
                set={(edit) => props.set(row.repository, edit)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function grouped(rows: ReleaseRow[]): [string, ReleaseRow[]][] {
  const groups = new Map<string, ReleaseRow[]>();
  for (const row of rows) {
    const title = row.project === null ? "Without a project" : `${row.project_name ?? row.project} (${row.project})`;
    groups.set(title, [...(groups.get(title) ?? []), row]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

function Explained(): JSX.Element {
  return (
    <details>
      <summary>What does this change?</summary>
      <ul class="dash-list">
        <li>
          <strong>Main branch:</strong> merges into it are what policies, the merge log, deliveries and the history of git are
          about. Choose another where Bitbucket’s is not the one that you deliver from.
        </li>
        <li>
          <strong>Only deployments:</strong> Bitbucket’s deployments to a production environment. Where there are none,
          delivery measures stay empty.
        </li>
        <li>
          <strong>Pipelines:</strong> where no deployment is known, each successful pipeline on the main branch is a release.
        </li>
        <li>
          <strong>Merges:</strong> where no deployment is known, “merge to main is a release”: each merge into the main branch.
        </li>
      </ul>
    </details>
  );
}

/** @save: what the button says; with it nothing need be altered to go on. */
export function Releases(props: { workspace: string; save?: string; back?: string; saved?: () => void }): JSX.Element {
  const query = queryText({ workspace: props.workspace });
  const table = useLoad<ReleaseTable>(`/releases${query}`);
  const [edits, setEdits] = useState<Edits>({});
  const [search, setSearch] = useState("");
  const [isWhole, setWhole] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (table.value === null && table.error !== null) return <Failure error={table.error} retry={table.reload} />;
  if (table.value === null) return <Skeleton height="12rem" />;

  const rows = table.value.items.filter((row) => row.selected);
  const words = search.trim().toLowerCase();
  const found = rows.filter((row) => `${row.repository} ${row.project_name ?? ""}`.toLowerCase().includes(words));
  const shown = isWhole ? found : found.slice(0, SHOWN_FIRST);
  const items = itemsOf(rows, edits);
  const set = (name: string, edit: Edit): void => {
    setSaid(null);
    setEdits((before) => ({ ...before, [name]: edit }));
  };
  const setAll = (of: ReleaseRow[], kind: ReleaseKind): void => {
    setSaid(null);
    setEdits((before) => {
      const next = { ...before };
      for (const row of of) next[row.repository] = { ...next[row.repository], kind };
      return next;
    });
  };
  const save = (): void => {
    if (items.length === 0) {
      props.saved?.();
      return;
    }
    setBusy(true);
    change<ReleaseTable>("PUT", `/releases${query}`, { items })
      .then(() => {
        setError(null);
        setEdits({});
        setSaid(`Saved for ${manyText(items.length, "repository", "repositories")}; what depends on it is computed anew.`);
        table.reload();
        props.saved?.();
      })
      .catch((fault: unknown) => setError(fault))
      .finally(() => setBusy(false));
  };
  return (
    <div class="stack">
      <Explained />
      {rows.length === 0 && <Empty>No repository is selected.</Empty>}
      {rows.length > 8 && (
        <Field
          label="Search"
          type="search"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {rows.length > 0 && found.length === 0 && <Empty>No repository of this name.</Empty>}
      {grouped(shown).map(([title, group]) => (
        <Project
          key={title}
          title={title}
          rows={group}
          edits={edits}
          set={set}
          setAll={(kind) =>
            setAll(
              rows.filter((row) => row.project === group[0]?.project),
              kind,
            )
          }
        />
      ))}
      {found.length > shown.length && (
        <button type="button" class="button" onClick={() => setWhole(true)}>
          Show the other {countText(found.length - shown.length)}
        </button>
      )}
      {error !== null && <Failure error={error} />}
      {said !== null && <Notice kind="good">{said}</Notice>}
      <div class="row">
        <button
          type="button"
          class="button primary"
          disabled={isBusy || (props.save === undefined && items.length === 0)}
          onClick={save}
        >
          {props.save ?? "Save"}
        </button>
        {props.back !== undefined && (
          <a class="button" href={props.back}>
            Back
          </a>
        )}
        <span class="soft" role="status">
          {items.length > 0 && `${manyText(items.length, "repository", "repositories")} changed, not saved yet`}
        </span>
      </div>
    </div>
  );
}
