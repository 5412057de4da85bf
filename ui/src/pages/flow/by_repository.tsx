// Percentiles of the cycle time and its phases, a row for each repository.
import type { JSX } from "preact";

import type { MeasureTable } from "../../api/measures";
import { CsvButton } from "../../components/csv";
import { Empty } from "../../components/parts";
import { cellOf, cellText } from "../../components/shape";
import { manyText } from "../../components/words";
import type { Desk } from "../../components/workspace";
import type { Behind } from "./charts";
import { type Filters, PHASE_MEASURES } from "./question";

const COLUMNS: { measure: string; title: string; statistics: string[] }[] = [
  { measure: "cycle-time", title: "Cycle time", statistics: ["p50", "p75", "p90"] },
  ...PHASE_MEASURES.map((measure) => ({
    measure,
    title: `${measure.charAt(0).toUpperCase()}${measure.slice(1).replace("-time", "")}`,
    statistics: ["p50", "p90"],
  })),
];

export function ByRepository(props: {
  answer: MeasureTable;
  filters: Filters;
  desk: Desk;
  behind: Behind;
  csv: { path: string; name: string };
}): JSX.Element {
  const { answer, filters, desk } = props;
  return (
    <section class="card stack tight" aria-labelledby="by-repository">
      <div class="row between chart-head">
        <div>
          <h2 id="by-repository">By repository</h2>
          <p class="soft small">
            Percentiles over merged pull requests; n is how many have a value.
            {answer.withheld > 0 &&
              ` ${manyText(answer.withheld, "group")} smaller than the least size: not shown.`}
          </p>
        </div>
        <CsvButton path={props.csv.path} name={props.csv.name} />
      </div>
      {answer.rows.length === 0 ? (
        <Empty>Nothing was merged that fits these filters.</Empty>
      ) : (
        <div class="table-wrap" role="region" aria-label="Percentiles by repository" tabIndex={0}>
          <table class="table dense">
            <thead>
              <tr>
                <th scope="col" rowSpan={2}>
                  Repository
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
                      <a href={desk.address("/flow", { ...filters, time: filters.time === "wall" ? null : filters.time, repository: name })}>
                        {name}
                      </a>
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
                          {column.measure === "cycle-time" ? <a href={props.behind({ state: "merged", days: filters.days, repository: name })}>{n}</a> : n}
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
