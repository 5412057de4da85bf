// Percentiles of the cycle time and its phases, a row for each repository or team.
import type { JSX } from "preact";

import type { MeasureTable } from "../../api/measures";
import { CsvButton } from "../../components/csv";
import { Empty } from "../../components/parts";
import { cellOf, cellText } from "../../components/shape";
import { manyText } from "../../components/words";
import type { Desk } from "../../components/workspace";
import type { Behind } from "./charts";
import type { Scope } from "../../components/scope";
import { PHASE_MEASURES } from "./question";

const COLUMNS: { measure: string; title: string; statistics: string[] }[] = [
  { measure: "cycle-time", title: "Cycle time", statistics: ["p50", "p75", "p90"] },
  ...PHASE_MEASURES.map((measure) => ({
    measure,
    title: `${measure.charAt(0).toUpperCase()}${measure.slice(1).replace("-time", "")}`,
    statistics: ["p50", "p90"],
  })),
];

export function ByPlace(props: {
  answer: MeasureTable;
  by: "repository" | "team";
  scope: Scope;
  desk: Desk;
  behind: Behind;
  csv: { path: string; name: string };
}): JSX.Element {
  const { answer, by, desk, scope } = props;
  const title = `By ${by}`;
  const narrowed = (name: string): string =>
    desk.address("/flow", { ...scope, time: scope.time === "wall" ? null : scope.time, [by]: name });
  return (
    <section class="card stack tight" aria-label={title}>
      <div class="row between chart-head">
        <div>
          <h2>{title}</h2>
          <p class="soft small">
            Percentiles over merged pull requests; n is how many have a value.
            {by === "team" && " A pull request belongs to the team of its author."}
            {answer.withheld > 0 &&
              ` ${manyText(answer.withheld, "group")} smaller than the least size: not shown.`}
          </p>
        </div>
        <CsvButton path={props.csv.path} name={props.csv.name} />
      </div>
      {answer.rows.length === 0 ? (
        <Empty>Nothing was merged that fits these filters.</Empty>
      ) : (
        <div class="table-wrap" role="region" aria-label={`Percentiles by ${by}`} tabIndex={0}>
          <table class="table dense">
            <thead>
              <tr>
                <th scope="col" rowSpan={2}>
                  {by === "team" ? "Team" : "Repository"}
                </th>
                {COLUMNS.map((column) => (
                  <th key={column.measure} scope="colgroup" colSpan={column.statistics.length + 1} class="group">
                    {column.title}
                  </th>
                ))}
              </tr>
              <tr>
                {COLUMNS.flatMap((column) =>
                  [...column.statistics, "n"].map((statistic) => (
                    <th key={`${column.measure}-${statistic}`} scope="col" class="right">
                      {statistic}
                    </th>
                  )),
                )}
              </tr>
            </thead>
            <tbody>
              {answer.rows.map((row) => {
                const name = row.label[0];
                return (
                  <tr key={row.key[0]}>
                    <th scope="row" class="nowrap">
                      {row.key[0] === "" ? name : <a href={narrowed(name)}>{name}</a>}
                    </th>
                    {COLUMNS.flatMap((column) => {
                      const n = cellOf(row.cells, column.measure, "p50")?.n ?? 0;
                      return [
                        ...column.statistics.map((statistic) => (
                          <td key={`${column.measure}-${statistic}`} class="right nowrap">
                            {cellText(cellOf(row.cells, column.measure, statistic))}
                          </td>
                        )),
                        <td key={`${column.measure}-n`} class="right soft">
                          {column.measure === "cycle-time" && n > 0 && row.key[0] !== "" ? (
                            <a href={props.behind({ state: "merged", days: scope.days, longer: 0, [by]: name })}>{n}</a>
                          ) : (
                            n
                          )}
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
