import type { TemplateResult } from "lit";
import { html, nothing, svg } from "lit";
import type { Reading } from "../data/series.js";
import { WIDE, axis, barsOf, level, pace, pathsOf } from "./chart-shape.js";
import type { Area } from "./chart-shape.js";

const HIGH = 118;
const AREA: Area = { left: 38, right: WIDE - 4, top: 8, bottom: HIGH - 18 };
const FLAT_HIGH = 84;
const FLAT: Area = { ...AREA, bottom: FLAT_HIGH - 18 };
/** Half an interval more than this many intervals without a value is a gap. */
const GAP = 1.6;
/** Height of the name of a limit. */
const NAME_HIGH = 11;

export interface Column {
  label: string;
  /** In full, for the table. */
  name: string;
  value: number | null;
  part: boolean;
  usual: number | null;
  /** Value and usual in words. */
  said: string;
  usualSaid: string | null;
}

export interface BarChart {
  /** What one sees, as a sentence: the alternative for who does not. */
  summary: string;
  columns: Column[];
  number: (value: number) => string;
  /** Names of the marks, for the legend and the table's head. */
  named: { value: string; part: string; usual: string; when: string; table: string };
}

/** Bars beside marks of what is usual; gaps stay gaps, and what is not whole is drawn hollow. */
export function barChart({ summary, columns, number, named }: BarChart): TemplateResult {
  const most = Math.max(0, ...columns.flatMap((each) => [each.value ?? 0, each.usual ?? 0]));
  const { high, ticks } = axis(most);
  const bars = barsOf(columns.map((each) => each.value), high, AREA);
  const marks = barsOf(columns.map((each) => each.usual), high, AREA, 0.94);
  const pitch = (AREA.right - AREA.left) / columns.length;
  return html`<figure class="chart">
    <svg viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label=${summary}>
      ${grid(ticks, 0, high, AREA, number)}
      ${bars.map((bar, i) => (bar ? svg`<rect class=${columns[i]?.part ? "bar part" : "bar"} x=${bar.x} y=${bar.y} width=${bar.width} height=${bar.height}></rect>` : nothing))}
      ${marks.map((mark) => (mark ? svg`<path class="usual" d=${`M${mark.x} ${mark.y}h${mark.width}`}></path>` : nothing))}
      ${columns.map((each, i) => (each.label ? svg`<text class="tick middle" x=${AREA.left + pitch * (i + 0.5)} y=${HIGH - 4}>${each.label}</text>` : nothing))}
    </svg>
    <p class="key quiet" aria-hidden="true">
      <span><i class="bar"></i>${named.value}</span>
      ${columns.some((each) => each.part) ? html`<span><i class="bar part"></i>${named.part}</span>` : nothing}
      ${columns.some((each) => each.usual !== null) ? html`<span><i class="usual"></i>${named.usual}</span>` : nothing}
    </p>
    <figcaption>${summary}</figcaption>
    ${table(
      named.table,
      [named.when, named.value, ...(columns.some((each) => each.usualSaid) ? [named.usual] : [])],
      columns.map((each) => [each.name, each.said, ...(columns.some((one) => one.usualSaid) ? [each.usualSaid ?? "–"] : [])]),
    )}
  </figure>`;
}

export interface LineChart {
  summary: string;
  readings: readonly Reading[];
  from: number;
  to: number;
  /** Instants that the axis names. */
  marks: { at: number; label: string }[];
  limit: { value: number; label: string } | null;
  /** Names a colour of the theme. */
  theme: string;
  number: (value: number) => string;
  table: { title: string; head: string[]; rows: string[][] };
}

/** A line of values, broken where nobody measured, with the limit as a dashed line that bears its name. */
export function lineChart({ summary, readings, from, to, marks, limit, theme, number, table: told }: LineChart): TemplateResult {
  const values = readings.map((each) => each.value);
  const most = Math.max(...values, limit?.value ?? -Infinity);
  const { low, high, ticks } = axis(most, Math.min(...values), 2);
  const paths = pathsOf(readings, [from, to], [low, high], pace(readings) * GAP, FLAT);
  // The limit's name stands above its line where that leaves it clear of the values.
  const bound = limit ? level(limit.value, low, high, FLAT) : 0;
  const named = limit && bound - FLAT.top > NAME_HIGH && values.every((each) => each <= limit.value) ? bound - 4 : bound + NAME_HIGH;
  const x = (at: number) => FLAT.left + ((at - from) / (to - from)) * (FLAT.right - FLAT.left);
  return html`<figure class="chart">
    <figcaption>${summary}</figcaption>
    <svg viewBox="0 0 ${WIDE} ${FLAT_HIGH}" role="img" aria-label=${summary} class=${theme}>
      ${grid(ticks, low, high, FLAT, number)}
      ${marks.map(({ at, label }) => svg`<path class="rule" d=${`M${x(at).toFixed(1)} ${FLAT.top}V${FLAT.bottom}`}></path><text class="tick middle" x=${x(at).toFixed(1)} y=${FLAT_HIGH - 4}>${label}</text>`)}
      ${paths.map((each) => svg`<path class="line" d=${each}></path>`)}
      ${limit ? svg`<path class="limit" d=${`M${FLAT.left} ${bound.toFixed(1)}H${FLAT.right}`}></path><text class="tick limit end" x=${FLAT.right} y=${named.toFixed(1)}>${limit.label}</text>` : nothing}
    </svg>
    ${table(told.title, told.head, told.rows)}
  </figure>`;
}

function grid(ticks: readonly number[], low: number, high: number, area: Area, number: (value: number) => string): unknown {
  return ticks.map((tick) => {
    const y = level(tick, low, high, area).toFixed(1);
    return svg`<path class="rule" d=${`M${area.left} ${y}H${area.right}`}></path><text class="tick end" x=${area.left - 4} y=${Number(y) + 4}>${number(tick)}</text>`;
  });
}

/** The same numbers as a table, for who wants to read them one by one. */
function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): TemplateResult {
  return html`<details class="numbers">
    <summary>${title}</summary>
    <table>
      <thead>
        <tr>
          ${head.map((each) => html`<th scope="col">${each}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(([first, ...others]) => html`<tr><th scope="row">${first}</th>${others.map((each) => html`<td>${each}</td>`)}</tr>`)}
      </tbody>
    </table>
  </details>`;
}
