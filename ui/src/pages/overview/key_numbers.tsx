// The numbers people ask for first, each with the count behind it and what it was before.
import type { JSX } from "preact";

import type { Query } from "../../api/client";
import type { Report, ReportMeasure, ReportShare } from "../../api/measures";
import { countText, manyText, secondsText, shareText } from "../../components/words";
import type { Desk } from "../../components/workspace";

interface Figure {
  label: string;
  value: string;
  basis: string;
  before: string | null;
  change: "up" | "down" | "same" | null;
  isWorse: boolean;
  href: string;
}

const MEASURES = ["cycle-time", "pickup-time", "review-time"];
const LABELS: Record<string, string> = {
  "cycle-time": "Cycle time, median",
  "pickup-time": "Pickup time, median",
  "review-time": "Review time, median",
};

function ofMeasure(measure: ReportMeasure, days: number, address: Desk["address"]): Figure {
  const { now, before, trend } = measure;
  return {
    label: LABELS[measure.id] ?? measure.title,
    value: now.p50 === null ? "–" : secondsText(now.p50),
    basis: now.p90 === null ? `n ${now.n}` : `p90 ${secondsText(now.p90)} · n ${now.n}`,
    before: trend === "too-few" || before.p50 === null ? "too few to compare" : `before: ${secondsText(before.p50)}, n ${before.n}`,
    change: trend === "too-few" ? null : trend,
    isWorse: trend === "up",
    href: address("/flow", { days }),
  };
}

/** What was merged in the report's window. */
function mergedIn(report: Report): Query {
  return { state: "merged", from: report.window.from, until: report.window.until };
}

function ofShare(share: ReportShare, merged: Query, address: Desk["address"]): Figure {
  return {
    label: "Merged without review",
    value: share.share === null ? "–" : shareText(share.share),
    basis: `${share.count} of ${share.n}`,
    before: share.share_before === null ? null : `before: ${shareText(share.share_before)} of ${share.n_before}`,
    change: null,
    isWorse: false,
    href: address("/pull-requests", { ...merged, mark: "unreviewed" }),
  };
}

function figuresOf(report: Report, desk: Desk): Figure[] {
  const { merged, merged_before, declined } = report.throughput;
  const wip = report.work_in_progress;
  const days = report.window.days;
  const figures: Figure[] = [
    {
      label: "Merged",
      value: countText(merged),
      basis: `${countText(declined)} declined`,
      before: `before: ${countText(merged_before)}`,
      change: null,
      isWorse: false,
      href: desk.address("/pull-requests", mergedIn(report)),
    },
  ];
  for (const id of MEASURES) {
    const measure = report.measures.find((one) => one.id === id);
    if (measure) figures.push(ofMeasure(measure, days, desk.address));
  }
  figures.push({
    label: "Open now",
    value: countText(wip.open),
    basis: manyText(wip.drafts, "draft"),
    before: wip.age.p50 === null ? null : `median age ${secondsText(wip.age.p50)}, n\u00a0${wip.age.n}`,
    change: null,
    isWorse: false,
    href: desk.address("/pull-requests", { state: "open", sort: "waiting" }),
  });
  const unreviewed = report.shares.find((one) => one.id === "unreviewed");
  if (unreviewed) figures.push(ofShare(unreviewed, mergedIn(report), desk.address));
  return figures;
}

const ARROWS = { up: "▲", down: "▼", same: "" };
const SAID = { up: "more than before", down: "less than before", same: "about the same as before" };

export function KeyNumbers(props: { report: Report; desk: Desk }): JSX.Element {
  return (
    <section aria-labelledby="key-numbers">
      <h2 id="key-numbers" class="visually-hidden">
        Key numbers
      </h2>
      <ul class="figures">
        {figuresOf(props.report, props.desk).map((figure) => (
          <li key={figure.label}>
            <a href={figure.href} class="figure">
              <span class="figure-label">{figure.label}</span>
              <span class="figure-value">
                {figure.value}
                {figure.change !== null && figure.change !== "same" && (
                  <span class={figure.isWorse ? "figure-change worse" : "figure-change better"}>
                    <span aria-hidden="true">{ARROWS[figure.change]}</span>
                    <span class="visually-hidden">{SAID[figure.change]}</span>
                  </span>
                )}
              </span>
              <span class="figure-basis">{figure.basis}</span>
              {figure.before !== null && <span class="figure-basis">{figure.before}</span>}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
