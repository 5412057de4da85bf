// What moved the mean cycle time from the period before to this one: which phase, which place, and by how much.
import type { JSX } from "preact";
import { useCallback } from "preact/hooks";

import type { ChangeGroup, ChangeWay, CycleChange, PhaseSeconds } from "../../api/measures";
import { Chart, type Frame, type Plot } from "../../components/chart";
import { Empty } from "../../components/parts";
import { Select } from "../../components/select";
import { unitFor } from "../../components/shape";
import { countText, dateText, valueText } from "../../components/words";
import type { Desk } from "../../components/workspace";
import { setQuery, usePlace } from "../../router";
import type { Behind } from "./charts";

const PARTS: (keyof PhaseSeconds)[] = ["coding", "pickup", "review", "merge", "rest"];
const PART_COLOURS = ["coding", "pickup", "review", "merge"].map((phase) => `var(--phase-${phase})`);
const SHOWN = 8; // places that are drawn; the table has all
const WAYS: Record<ChangeWay, { title: string; one: string; many: string; none: string }> = {
  repository: { title: "repository", one: "Repository", many: "repositories", none: "" },
  team: { title: "team", one: "Team", many: "teams", none: "no team, or too few people" },
  size: { title: "size", one: "Size", many: "sizes", none: "" },
};

function signed(seconds: number, clock: CycleChange["clock"]): string {
  const text = valueText(Math.abs(seconds), "seconds", clock);
  return Math.abs(seconds) < 30 ? "±0" : `${seconds < 0 ? "−" : "+"}${text}`;
}

function nameOf(group: ChangeGroup): string {
  return group.name ?? WAYS[group.by].none;
}

/** "pickup +9.2 h, review −1 h": the phases that make up a tenth of what moved, the most first. */
function phasesText(parts: PhaseSeconds, clock: CycleChange["clock"]): string {
  const most = Math.max(...PARTS.map((part) => Math.abs(parts[part])));
  return PARTS.filter((part) => Math.abs(parts[part]) >= Math.max(60, most / 10))
    .sort((a, b) => Math.abs(parts[b]) - Math.abs(parts[a]))
    .map((part) => `${part === "rest" ? "no phase" : part} ${signed(parts[part], clock)}`)
    .join(", ");
}

function Sentences(props: { told: CycleChange; groups: ChangeGroup[]; way: ChangeWay }): JSX.Element {
  const { told, groups, way } = props;
  const { change, clock, parts } = told;
  const [first] = groups;
  const within = groups.reduce((sum, group) => sum + group.within, 0);
  const mix = groups.reduce((sum, group) => sum + group.mix, 0);
  const moved = change ?? 0;
  const verb = Math.abs(moved) < 60 ? "stayed at" : moved > 0 ? "rose to" : "fell to";
  return (
    <div class="stack tight">
      <p>
        The mean cycle time {verb} <strong class="nowrap">{valueText(told.mean_after, "seconds", clock)}</strong> from{" "}
        {valueText(told.mean_before, "seconds", clock)}
        {parts !== null && Math.abs(moved) >= 60 && (
          <>
            {" "}
            (<strong class="nowrap">{signed(moved, clock)}</strong>): {phasesText(parts, clock)}
          </>
        )}
        .
      </p>
      {first && groups.length > 1 && Math.abs(moved) >= 60 && (
        <p>
          {nameOf(first)} moved it most: {signed(first.change, clock)}. Over all, {signed(within, clock)} because the same{" "}
          {WAYS[way].many} take {within < 0 ? "less long" : "longer"}, {signed(mix, clock)} because the mix of{" "}
          {WAYS[way].many} is another.
        </p>
      )}
    </div>
  );
}

interface Segment {
  name: string;
  part: string;
  seconds: number;
}

function segmentsOf(groups: ChangeGroup[]): Segment[] {
  return groups.flatMap((group) =>
    PARTS.map((part) => ({ name: nameOf(group), part, seconds: group.parts[part] })),
  );
}

function GroupTable(props: { groups: ChangeGroup[]; told: CycleChange; way: ChangeWay; address: (group: ChangeGroup, side: "before" | "after") => string | null }): JSX.Element {
  const { told } = props;
  const count = (group: ChangeGroup, side: "before" | "after"): JSX.Element => {
    const n = side === "before" ? group.n_before : group.n_after;
    const href = props.address(group, side);
    return n > 0 && href !== null ? <a href={href}>{countText(n)}</a> : <>{countText(n)}</>;
  };
  return (
    <table class="table dense">
      <thead>
        <tr>
          <th scope="col">{WAYS[props.way].one}</th>
          <th scope="col" class="right">n before</th>
          <th scope="col" class="right">n now</th>
          <th scope="col" class="right">Change</th>
          <th scope="col" class="right">takes longer</th>
          <th scope="col" class="right">mix</th>
          {PARTS.slice(0, 4).map((part) => (
            <th key={part} scope="col" class="right">
              {part}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.groups.map((group) => (
          <tr key={nameOf(group)}>
            <th scope="row" class="nowrap">
              {nameOf(group)}
            </th>
            <td class="right">{count(group, "before")}</td>
            <td class="right">{count(group, "after")}</td>
            {[group.change, group.within, group.mix, ...PARTS.slice(0, 4).map((part) => group.parts[part])].map((seconds, i) => (
              <td key={i} class="right nowrap">
                {signed(seconds, told.clock)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function ChangeChart(props: { told: CycleChange; csv: { path: string; name: string }; behind: Behind; desk: Desk }): JSX.Element {
  const { told } = props;
  const asked = (usePlace().query.get("moved") ?? "repository") as ChangeWay;
  const ways = (Object.keys(WAYS) as ChangeWay[]).filter(
    (way) => told.items.filter((group) => group.by === way).length > 1,
  );
  const way = ways.includes(asked) ? asked : (ways[0] ?? "repository");
  const groups = told.items.filter((group) => group.by === way);
  const drawn = groups.slice(0, SHOWN);
  const draw = useCallback(
    (plot: Plot, frame: Frame) => {
      const segments = segmentsOf(told.items.filter((group) => group.by === way).slice(0, SHOWN));
      const reach = Math.max(0, ...told.items.map((group) => PARTS.reduce((sum, part) => sum + Math.abs(group.parts[part]), 0)));
      const unit = unitFor(reach, told.clock);
      const names = [...new Set(segments.map((one) => one.name))];
      const isNarrow = frame.width < 420;
      return plot.plot({
        ...frame,
        height: 40 + 30 * Math.max(1, names.length),
        marginLeft: isNarrow ? 104 : 168,
        x: { label: `${unit.name}, of the mean`, grid: true, ticks: isNarrow ? 4 : 8, ...(reach === 0 ? { domain: [-1, 1] } : { nice: true }) },
        y: {
          type: "band",
          domain: names,
          label: null,
          tickSize: 0,
          padding: 0.3,
          tickFormat: (name: string) => (isNarrow && name.length > 15 ? `…${name.slice(-14)}` : name),
        },
        color: { domain: PARTS, range: [...PART_COLOURS, "var(--border-strong)"] },
        marks: [
          plot.barX(segments, {
            x: (one: Segment) => one.seconds / unit.seconds,
            y: "name",
            fill: "part",
            order: PARTS,
            insetLeft: 0.5,
            title: (one: Segment) => `${one.name}\n${one.part === "rest" ? "no phase" : one.part}: ${signed(one.seconds, told.clock)}`,
            tip: { format: { x: false, y: false, fill: false } },
          }),
          plot.ruleX([0]),
        ],
      });
    },
    [told, way],
  );
  const address = (group: ChangeGroup, side: "before" | "after"): string | null => {
    if (group.name === null) return null;
    const [from, until] = side === "before" ? [told.from, told.middle] : [told.middle, told.until];
    return props.behind({ [way]: group.name, state: "merged", longer: 0, days: null, from, until });
  };
  const hasRest = drawn.some((group) => Math.abs(group.parts.rest) >= 60);
  if (told.change === null)
    return (
      <section class="card stack tight" aria-labelledby="what-moved">
        <h2 id="what-moved">What moved the cycle time</h2>
        <Empty>
          There is nothing to compare: {countText(told.n_before)} pull requests with a cycle time were merged in the period
          before, {countText(told.n_after)} in this one. A shorter period may have both.
        </Empty>
      </section>
    );
  return (
    <Chart
      title={`What moved the cycle time, by ${WAYS[way].title}`}
      about={`Change of the mean per merged pull request, ${dateText(told.middle)} to now (n ${countText(told.n_after)}) against as long before (n ${countText(told.n_before)}); the bars add up to it. The longest twentieth count as ${valueText(told.cut, "seconds", told.clock)}. Whether a change is more than chance is what insights about flow say.`}
      legend={[
        ...PARTS.slice(0, 4).map((part) => ({ text: part, className: `phase-${part}` })),
        ...(hasRest ? [{ text: "no phase", className: "is-rest" }] : []),
      ]}
      above={
        <>
          <Sentences told={told} groups={groups} way={way} />
          {ways.length > 1 && (
            <div class="row">
              <Select
                label="By"
                value={way}
                options={ways.map((one) => ({ value: one, text: WAYS[one].title }))}
                onChange={(moved) => setQuery({ moved: moved === "repository" ? null : moved })}
              />
            </div>
          )}
        </>
      }
      height={40 + 30 * Math.max(1, drawn.length)}
      draw={draw}
      csv={props.csv}
      table={<GroupTable groups={groups} told={told} way={way} address={address} />}
    />
  );
}
