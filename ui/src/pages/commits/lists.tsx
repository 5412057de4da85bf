// What git tells of single files and folders.
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { CsvButton } from "../../components/csv";
import { Empty } from "../../components/parts";
import { countText, dateText, manyText } from "../../components/words";

interface CodeList<T> {
  now: string;
  days: number;
  n: number;
  shows_people: boolean;
  with_history: number; // repositories that git has read
  selected: number;
  items: T[];
}

export type HotFiles = CodeList<{
  repository: string;
  path: string;
  commits: number;
  lines: number;
  people: number;
  most_by: string | null;
  last: string;
}>;

export type Knowledge = CodeList<{
  repository: string;
  path: string;
  commits: number;
  lines: number;
  bus_factor: number;
  people: number;
  active: number;
  authors: { name: string; commits: number; lines: number; last: string; active: boolean }[];
}>;

const AT_FIRST = 15;

/** The first rows, and a way to the others. */
function useFew<T>(items: T[]): { few: T[]; more: JSX.Element | null } {
  const [isAll, setAll] = useState(false);
  const isShort = isAll || items.length <= AT_FIRST;
  return {
    few: isShort ? items : items.slice(0, AT_FIRST),
    more: isShort ? null : (
      <button type="button" class="button" onClick={() => setAll(true)}>
        Show all {countText(items.length)}
      </button>
    ),
  };
}

function Basis(props: { list: CodeList<unknown>; what: string }): JSX.Element {
  const { list } = props;
  const missing = list.selected - list.with_history;
  return (
    <p class="soft small">
      The first {countText(list.items.length)} of {manyText(list.n, props.what)}, commits of {list.days} days.
      {missing > 0 && ` ${manyText(missing, "repository", "repositories")} without history from git: not in the list.`}
    </p>
  );
}

export function HotFileList(props: { list: HotFiles; path: string }): JSX.Element {
  const { list } = props;
  const { few, more } = useFew(list.items);
  return (
    <section class="card stack tight" aria-labelledby="hot-files">
      <div class="row between chart-head">
        <div>
          <h2 id="hot-files">Files that change most</h2>
          <Basis list={list} what="file" />
        </div>
        <CsvButton path={props.path} name="hot-files" />
      </div>
      {list.items.length === 0 ? (
        <Empty>No file was changed in this time, or nothing was read with git.</Empty>
      ) : (
        <div class="table-wrap" role="region" aria-label="Files that change most, table" tabIndex={0}>
          <table class="table dense">
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col" class="right">
                  Commits
                </th>
                <th scope="col" class="right">
                  Lines
                </th>
                <th scope="col" class="right">
                  People
                </th>
                {list.shows_people && <th scope="col">Most by</th>}
                <th scope="col">Last</th>
              </tr>
            </thead>
            <tbody>
              {few.map((file) => (
                <tr key={`${file.repository} ${file.path}`}>
                  <th scope="row" class="path">
                    {file.path}
                    <span class="soft small block">{file.repository}</span>
                  </th>
                  <td class="right">{countText(file.commits)}</td>
                  <td class="right">{countText(file.lines)}</td>
                  <td class="right">{countText(file.people)}</td>
                  {list.shows_people && <td>{file.most_by}</td>}
                  <td class="nowrap">{dateText(file.last)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more}
    </section>
  );
}

export function KnowledgeList(props: { list: Knowledge; path: string }): JSX.Element {
  const { list } = props;
  const { few, more } = useFew(list.items);
  return (
    <section class="card stack tight" aria-labelledby="knowledge">
      <div class="row between chart-head">
        <div>
          <h2 id="knowledge">On how many people knowledge rests</h2>
          <p class="small">
            The bus factor of a folder is the least number of people, still active, who together added half of its lines;
            0 where not even all of them did.
          </p>
          <Basis list={list} what="folder" />
        </div>
        <CsvButton path={props.path} name="knowledge" />
      </div>
      {list.items.length === 0 ? (
        <Empty>No folder has enough commits to tell.</Empty>
      ) : (
        <div class="table-wrap" role="region" aria-label="Bus factor of folders, table" tabIndex={0}>
          <table class="table dense">
            <thead>
              <tr>
                <th scope="col">Folder</th>
                <th scope="col" class="right">
                  Bus factor
                </th>
                <th scope="col" class="right">
                  People
                </th>
                <th scope="col" class="right">
                  Active
                </th>
                <th scope="col" class="right">
                  Commits
                </th>
                {list.shows_people && <th scope="col">Who could explain it</th>}
              </tr>
            </thead>
            <tbody>
              {few.map((folder) => (
                <tr key={`${folder.repository} ${folder.path}`}>
                  <th scope="row" class="path">
                    {folder.path === "" ? "the whole repository" : folder.path}
                    <span class="soft small block">{folder.repository}</span>
                  </th>
                  <td class="right">
                    <span class={folder.bus_factor <= 1 ? "tag warn" : "tag"}>{folder.bus_factor}</span>
                  </td>
                  <td class="right">{countText(folder.people)}</td>
                  <td class="right">{countText(folder.active)}</td>
                  <td class="right">{countText(folder.commits)}</td>
                  {list.shows_people && (
                    <td>
                      {folder.authors
                        .filter((author) => author.active)
                        .slice(0, 3)
                        .map((author) => author.name)
                        .join(", ") || "nobody who is still active"}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more}
    </section>
  );
}
