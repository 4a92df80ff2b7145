import { html, nothing, render, svg } from "lit";
import { bicycles, isStuck, silence } from "../data/here.js";
import { substances } from "../data/substances.js";
import type { Substance } from "../data/substances.js";
import type { Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import { wayOf } from "../data/ways.js";
import type { Detail, Label } from "../scene/marks.js";
import { tell } from "../words/columns.js";
import type { Words } from "../words/index.js";
import { LIMIT } from "../words/limits.js";
import { LIMIT_LINE } from "../words/near.js";
import { measured, whole } from "../words/numbers.js";
import { UNITS } from "../words/words.js";
import { titleOf } from "./list.js";

/** Of a rem, sixteenths: everything grows with the letters. */
const PITCH = 38;
const COLUMN = 14;
const LEAST_WIDE = 176;
/** How high the limit value stands, and the least that a column shows. */
const LIMIT_HIGH = 48;
const LEAST_HIGH = 2;
const NUMBER_HIGH = 16;
const NAME_HIGH = 18;
const UNITS_HIGH = 14;
const ROW_HIGH = 18;
const WORDS_HIGH = 22;
const ROWS_WIDE = 190;
/** Letters of the lines of a stop at most. */
const LINES_LONG = 22;

/** What stands under the sign of a near station; null where there is nothing more to say. */
export function detailOf(thing: Thing, now: Date, words: Words, heart: { lon: number; lat: number }): Detail | null {
  return kind(thing.layer) === "air-station" ? air(substances(thing, now), words) : counter(thing, now, words, heart);
}

/** Of the air a column for each substance, as high as its part of the limit value: the line across all of them. */
function air(all: readonly Substance[], words: Words): Detail | null {
  if (all.length === 0) return null;
  const wide = Math.max(LEAST_WIDE, all.length * PITCH + 8);
  const top = Math.max(1, ...all.map((each) => each.share)) * LIMIT_HIGH + NUMBER_HIGH;
  const unit = units(all, words);
  const high = top + NAME_HIGH + (unit ? UNITS_HIGH : 0);
  const said = all.map(({ title, value, unit, limit }) => `${title[words.language]}: ${measured(value, unit, words)}. ${LIMIT[words.register][limit.over](measured(limit.value, limit.unit, words))}`);
  const first = (wide - all.length * PITCH) / 2;
  const make = () =>
    drawn(html`<svg class="substances" viewBox="0 0 ${wide} ${high}" width="${wide / 16}rem" height="${high / 16}rem">
      ${all.map((each, i) => {
        const middle = first + (i + 0.5) * PITCH;
        const tall = Math.max(LEAST_HIGH, each.share * LIMIT_HIGH);
        return svg`<rect class="column-${each.step}" x=${middle - COLUMN / 2} y=${top - tall} width=${COLUMN} height=${tall}></rect>
          <text class="short" x=${middle} y=${top + 12}>${shortOf(each, words)}</text>`;
      })}
      <path class="limit" d="M4 ${top - LIMIT_HIGH}h${wide - 8}"></path>
      ${all.map((each, i) => svg`<text class="number" x=${first + (i + 0.5) * PITCH} y=${top - Math.max(LEAST_HIGH, each.share * LIMIT_HIGH) - 4}>${measured(each.value, null, words)}</text>`)}
      <text class="key" x="4" y=${top - LIMIT_HIGH - 4}>${LIMIT_LINE[words.register]}</text>
      ${unit ? svg`<text x=${wide / 2} y=${high - 3}>${unit}</text>` : nothing}
    </svg>`);
  return { says: said.join("\n"), wide, high: high + WORDS_HIGH, make };
}

/** The unit of most numbers, and those of the others beside their names; in Leichte Sprache the panel says them. */
function units(all: readonly Substance[], words: Words): string {
  if (words.register === "ls") return "";
  const name = (unit: string) => UNITS[words.register][unit] ?? unit;
  const most = all.map((each) => each.unit).sort((a, b) => all.filter((each) => each.unit === b).length - all.filter((each) => each.unit === a).length)[0] as string;
  return [name(most), ...all.filter((each) => each.unit !== most).map((each) => `${shortOf(each, words)} ${name(each.unit)}`)].join(", ");
}

/** "NO₂" of "NO₂ (Stickstoffdioxid)". */
function shortOf({ title }: Substance, words: Words): string {
  return title[words.language].split(" (")[0] as string;
}

/** The sign of a near stop: the lines that stop there; null where nobody says which. */
export function stopOf(thing: Thing, words: Words): Label | null {
  const lines = tell(thing.layer, thing.feature, "lines", words);
  if (!lines) return null;
  const text = lines.length > LINES_LONG ? `${lines.slice(0, LINES_LONG - 2)} …` : lines;
  return { kind: "station", theme: thing.layer.theme, icon: "stop", text, hint: `${titleOf(thing, words)} – ${lines}`, swatch: null };
}

/** Of a counter how many went which way, the upper part of its column first; an arrow where the way is known. */
function counter(thing: Thing, now: Date, words: Words, heart: { lon: number; lat: number }): Detail | null {
  const { properties, last_24h: sums = {} } = thing.feature;
  if (silence(thing, now) || isStuck(thing) || bicycles(thing) === null) return null;
  const rows = [2, 1].flatMap((n) => {
    const name = properties[`direction_${n}`];
    const said = tell(thing.layer, thing.feature, `direction_${n}`, words);
    const sum = sums[`bicycles_direction_${n}`] ?? sums[`bicycles_hour_direction_${n}`];
    return said && typeof sum === "number" ? [{ name: said, count: whole(sum, words), way: wayOf(String(name), thing, heart) }] : [];
  });
  if (rows.length === 0) return null;
  const make = () => {
    const element = drawn(
      rows.map(
        ({ name, count, way }) =>
          html`<span class="way">${way === null ? nothing : html`<svg viewBox="0 0 24 24" width="1rem" height="1rem"><path d="M12 21V4M5.5 10.500 12 4l6.5 6.500"></path></svg>`}${name} <b>${count}</b></span>`,
      ),
    );
    const ways = rows.flatMap(({ way }) => (way === null ? [] : [way]));
    element.querySelectorAll<SVGElement>("svg").forEach((each, i) => each.style.setProperty("--way", `${Math.round(ways[i] as number)}deg`));
    return element;
  };
  return { says: rows.map(({ name, count }) => `${name}: ${count}`).join("\n"), wide: ROWS_WIDE, high: rows.length * ROW_HIGH + WORDS_HIGH, make };
}

function drawn(content: unknown): HTMLElement {
  const element = document.createElement("span");
  element.className = "detail";
  render(content, element);
  return element;
}
