// Who reviews whom: reviewers down, authors across; only where the workspace shows measures by person.
import type { JSX } from "preact";

import type { Query } from "../../api/client";
import type { MeasureTable } from "../../api/measures";
import { CsvButton } from "../../components/csv";
import { Empty } from "../../components/parts";
import { cellOf } from "../../components/shape";
import { countText, manyText } from "../../components/words";

const MOST = 12; // people on each side; the CSV has all

interface Person {
  id: string;
  name: string;
  n: number;
}

/** The people of one side of the pairs, the busiest first. */
function peopleOf(answer: MeasureTable, side: 0 | 1): Person[] {
  const people = new Map<string, Person>();
  for (const row of answer.rows) {
    const person = people.get(row.key[side]) ?? { id: row.key[side], name: row.label[side], n: 0 };
    person.n += cellOf(row.cells, "review-load", "sum")?.n ?? 0;
    people.set(person.id, person);
  }
  return [...people.values()].sort((a, b) => b.n - a.n);
}

/** Of four steps, for a tint beside the number. */
function stepOf(n: number, most: number): number {
  return n === 0 ? 0 : Math.min(4, Math.ceil((4 * n) / most));
}

export function WhoReviewsWhom(props: {
  answer: MeasureTable;
  csv: { path: string; name: string };
  behind: (more: Query) => string;
}): JSX.Element {
  const { answer } = props;
  const reviewers = peopleOf(answer, 0);
  const authors = peopleOf(answer, 1);
  const counts = new Map(answer.rows.map((row) => [row.key.join(" "), cellOf(row.cells, "review-load", "sum")?.n ?? 0]));
  const most = Math.max(1, ...counts.values());
  const left = Math.max(0, reviewers.length - MOST) + Math.max(0, authors.length - MOST);
  return (
    <section class="card stack tight" aria-label="Who reviews whom">
      <div class="row between chart-head">
        <div>
          <h2>Who reviews whom</h2>
          <p class="soft small">
            Reviews given, by reviewer (rows) and author (columns); for spreading knowledge, no score.
            {left > 0 && ` The busiest ${MOST} of each side; ${manyText(left, "more name")} in the CSV.`}
          </p>
        </div>
        <CsvButton {...props.csv} />
      </div>
      {answer.rows.length === 0 ? (
        <Empty>No review fits these filters.</Empty>
      ) : (
        <div class="table-wrap" role="region" aria-label="Who reviews whom, table" tabIndex={0}>
          <table class="table dense matrix">
            <thead>
              <tr>
                <th scope="col">Reviewer</th>
                {authors.slice(0, MOST).map((author) => (
                  <th key={author.id} scope="col" class="right">
                    <span class="visually-hidden">of </span>
                    {author.name}
                  </th>
                ))}
                <th scope="col" class="right">
                  All
                </th>
              </tr>
            </thead>
            <tbody>
              {reviewers.slice(0, MOST).map((reviewer) => (
                <tr key={reviewer.id}>
                  <th scope="row" class="nowrap">
                    {reviewer.name}
                  </th>
                  {authors.slice(0, MOST).map((author) => {
                    const n = counts.get(`${reviewer.id} ${author.id}`) ?? 0;
                    return (
                      <td key={author.id} class={`right heat-${stepOf(n, most)}`}>
                        {n > 0 ? (
                          <a href={props.behind({ by: "reviewed", reviewer: reviewer.id, author: author.id })}>{countText(n)}</a>
                        ) : (
                          <span class="soft" aria-label="none">
                            ·
                          </span>
                        )}
                      </td>
                    );
                  })}
                  <td class="right">
                    <a href={props.behind({ by: "reviewed", reviewer: reviewer.id })}>{countText(reviewer.n)}</a>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
