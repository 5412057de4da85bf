// What pages that stand on the one query share: their filters, their answers, figures and tables.
import type { ComponentChildren, JSX } from "preact";

import { ApiError, type Query, queryText } from "../api/client";
import type { MeasureTable } from "../api/measures";
import { CsvButton } from "./csv";
import type { Loaded } from "./load";
import { Empty, Failure, Notice, Skeleton } from "./parts";
import { cellOf, cellText } from "./shape";
import { countText, manyText } from "./words";
import type { Desk } from "./workspace";

/** The address of an answer; also that of its CSV. */
export function measurePath(desk: Desk, scope: Query, question: Query): string {
  return `/query${queryText({ workspace: desk.workspace.slug, ...scope, ...question })}`;
}

/** A part of a page that stands on one answer. What a workspace does not show is no failure. */
export function Part<T>(props: {
  loaded: Loaded<T>;
  height: string;
  title: string;
  children: (answer: T) => ComponentChildren;
}): JSX.Element {
  const { value, error, isLoading, reload } = props.loaded;
  if (error instanceof ApiError && error.status === 403)
    return (
      <section class="card stack tight">
        <h2>{props.title}</h2>
        <p class="soft">{error.problem.detail ?? error.problem.title}</p>
      </section>
    );
  if (error !== null) return <Failure error={error} retry={reload} />;
  if (value === null) return <Skeleton height={props.height} />;
  return <div aria-busy={isLoading}>{props.children(value)}</div>;
}

/** Why cells are absent that somebody might take for zero. */
export function Note(props: { answer: MeasureTable }): JSX.Element | null {
  if (!props.answer.note) return null;
  return (
    <Notice kind="warn">
      <p>{props.answer.note.charAt(0).toUpperCase() + props.answer.note.slice(1)}</p>
    </Notice>
  );
}

export interface FigureKind {
  measure: string;
  statistic: string;
  label: string;
  href?: string;
}

/** Numbers side by side, each with what it rests on. */
export function Figures(props: { answer: MeasureTable; figures: FigureKind[]; title: string }): JSX.Element {
  const cells = props.answer.rows[0]?.cells ?? [];
  return (
    <section aria-label={props.title}>
      <ul class="figures">
        {props.figures.map((figure) => {
          const cell = cellOf(cells, figure.measure, figure.statistic);
          const inside = (
            <>
              <span class="figure-label">{figure.label}</span>
              <span class="figure-value">{cellText(cell)}</span>
              <span class="figure-basis">
                n {countText(cell?.n ?? 0)}
                {cell && cell.absent > 0 && `, ${countText(cell.absent)} without a value`}
              </span>
            </>
          );
          return (
            <li key={`${figure.measure} ${figure.statistic}`}>
              {figure.href ? (
                <a class="figure" href={figure.href}>
                  {inside}
                </a>
              ) : (
                <div class="figure">{inside}</div>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export interface Column {
  measure: string;
  statistic: string;
  title: string;
  /** Of the pull requests behind the cell. */
  behind?: (label: string) => string;
}

/** A row for each repository, environment or person; a column for each measure, with its n. */
export function ByTable(props: {
  title: string;
  about: string;
  first: string;
  answer: MeasureTable;
  columns: Column[];
  csv: { path: string; name: string };
  rowLink?: (label: string, key: string) => string;
}): JSX.Element {
  const { answer, columns } = props;
  return (
    <section class="card stack tight" aria-label={props.title}>
      <div class="row between chart-head">
        <div>
          <h2>{props.title}</h2>
          <p class="soft small">
            {props.about}
            {answer.withheld > 0 && ` ${manyText(answer.withheld, "row")} of too few people: not shown.`}
          </p>
        </div>
        <CsvButton {...props.csv} />
      </div>
      {answer.rows.length === 0 ? (
        <Empty>Nothing fits these filters.</Empty>
      ) : (
        <div class="table-wrap" role="region" aria-label={`${props.title}, table`} tabIndex={0}>
          <table class="table dense">
            <thead>
              <tr>
                <th scope="col">{props.first}</th>
                {columns.flatMap((column) => [
                  <th key={column.title} scope="col" class="right">
                    {column.title}
                  </th>,
                  <th key={`${column.title} n`} scope="col" class="right">
                    n<span class="visually-hidden"> of {column.title}</span>
                  </th>,
                ])}
              </tr>
            </thead>
            <tbody>
              {answer.rows.map((row) => {
                const label = row.label[0] || "not told";
                return (
                  <tr key={row.key[0]}>
                    <th scope="row" class="nowrap">
                      {props.rowLink ? <a href={props.rowLink(label, row.key[0])}>{label}</a> : label}
                    </th>
                    {columns.flatMap((column) => {
                      const cell = cellOf(row.cells, column.measure, column.statistic);
                      const n = countText(cell?.n ?? 0);
                      return [
                        <td key={column.title} class="right nowrap">
                          {column.behind && cell && cell.n > 0 ? (
                            <a href={column.behind(label)}>{cellText(cell)}</a>
                          ) : (
                            cellText(cell)
                          )}
                        </td>,
                        <td key={`${column.title} n`} class="right soft">
                          {n}
                        </td>,
                      ];
                    })}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
