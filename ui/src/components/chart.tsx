// A chart with everything around it: title, what it shows, legend, the same as a table, the same as CSV.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { go } from "../router";
import { type Csv, CsvButton } from "./csv";
import { Failure } from "./parts";

export type Plot = typeof import("@observablehq/plot");

export interface LegendEntry {
  text: string;
  className: string; // of its swatch
}

/** Options that every chart has alike. */
export interface Frame {
  width: number;
  height: number;
  className: "chart";
  ariaLabel: string;
  ariaDescription: string;
}

const LEAST_WIDTH = 120; // px; less is a layout that is not there yet

/** Follows the width of an element; 0 until it is known. */
function useWidth(place: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!place.current) return;
    const observer = new ResizeObserver((entries) => setWidth(Math.floor(entries[0]?.contentRect.width ?? 0)));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** Where a click on what is drawn of a datum leads; null: nowhere. The table has the same as links. */
export type Follow = (datum: never) => string | null;

/** Plot keeps the datum under the pointer as the value of the drawing. */
function makeFollowed(drawing: Element, follow: () => Follow | undefined): void {
  const target = (): string | null => {
    const { value } = drawing as { value?: unknown };
    return value ? (follow()?.(value as never) ?? null) : null;
  };
  drawing.addEventListener("input", () => drawing.classList.toggle("is-link", target() !== null));
  drawing.addEventListener("click", () => {
    const address = target();
    if (address !== null) go(address);
  });
}

function Drawing(props: {
  title: string;
  about: string;
  height: number;
  draw: (plot: Plot, frame: Frame) => Element;
  follow?: Follow | undefined;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const [plot, setPlot] = useState<Plot | null>(null);
  const [error, setError] = useState<unknown>(null);
  const follow = useRef(props.follow);
  follow.current = props.follow;
  useEffect(() => {
    import("@observablehq/plot").then(setPlot).catch((fault: unknown) => setError(fault));
  }, []);
  useEffect(() => {
    if (plot === null || width < LEAST_WIDTH || place.current === null) return;
    const { title, about, height } = props;
    const drawing = props.draw(plot, { width, height, className: "chart", ariaLabel: title, ariaDescription: about });
    // The content policy allows no style elements; what Plot says in its own stands in our style sheet.
    for (const style of drawing.querySelectorAll("style")) style.remove();
    // An image as a whole: its title and the sentence about it are read out, the numbers stand in the table.
    for (const part of drawing.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
    drawing.setAttribute("role", "img");
    if (props.follow) makeFollowed(drawing, () => follow.current);
    place.current.replaceChildren(drawing);
  }, [plot, width, props.draw]);
  if (error !== null) return <Failure error={error} />;
  return <div ref={place} class="chart-place" style={{ minHeight: `${props.height}px` }} />;
}

export function Chart(props: {
  title: string;
  about: string; // one sentence: what is drawn, of how many
  legend?: LegendEntry[];
  height?: number;
  /** Kept between renders (useCallback), for it is drawn anew whenever this changes. */
  draw: (plot: Plot, frame: Frame) => Element;
  follow?: Follow;
  /** In words, or what chooses, between the title and the drawing. */
  above?: ComponentChildren;
  table: ComponentChildren;
  csv: Csv;
}): JSX.Element {
  const id = useId();
  return (
    <section class="card stack tight" aria-labelledby={id}>
      <div class="row between chart-head">
        <div>
          <h2 id={id}>{props.title}</h2>
          <p class="soft small">{props.about}</p>
        </div>
        <CsvButton {...props.csv} />
      </div>
      {props.above}
      {props.legend && (
        <ul class="legend small">
          {props.legend.map((entry) => (
            <li key={entry.text}>
              <span class={`swatch ${entry.className}`} aria-hidden="true" /> {entry.text}
            </li>
          ))}
        </ul>
      )}
      <Drawing title={props.title} about={props.about} height={props.height ?? 240} draw={props.draw} follow={props.follow} />
      <details class="small">
        <summary>
          As a table<span class="visually-hidden">: {props.title}</span>
        </summary>
        <div class="table-wrap" role="region" aria-label={`${props.title}, as a table`} tabIndex={0}>
          {props.table}
        </div>
      </details>
    </section>
  );
}
