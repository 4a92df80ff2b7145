import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { newest, silence } from "../data/here.js";
import { limitOf } from "../data/limits.js";
import { allSeriesOf, seriesOf } from "../data/series.js";
import type { Reading } from "../data/series.js";
import type { Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import { DAY, HOUR, midnight, onTheClock } from "../data/zone.js";
import { CHART } from "../words/chart.js";
import { ZONE, clock, format, longDate, moment, sinceMoment } from "../words/dates.js";
import { LIMIT } from "../words/limits.js";
import type { Words } from "../words/index.js";
import { measured } from "../words/numbers.js";
import { answered, endOf } from "./answered.js";
import type { CourseState } from "./answered.js";
import { WIDE, pace, pathsOf } from "./chart-shape.js";
import { lineChart } from "./chart.js";
import { counts } from "./counts.js";

const AIR_DAYS = 2;
const INDEX = "air_quality_index";
/** Values that come more often than this are shown over fewer days. */
const OFTEN = 50 * 60_000;

/** How the values of a station went until the shown time: counts beside the usual, air beside its limits, others as a line. */
export function course(state: CourseState): TemplateResult | typeof nothing {
  const { thing, words, now } = state;
  if (!newest(thing)) return nothing;
  const shown = kind(thing.layer) === "counter" ? (counts(state) ?? line(state)) : kind(thing.layer) === "air-station" ? air(state) : line(state);
  const speech = CHART[words.register];
  const quiet = silence(thing, now)?.since;
  return html`<section class="course" aria-labelledby="course-title">
    <h3 id="course-title">${speech.charts}</h3>
    ${quiet ? html`<p class="warn">${speech.silent(sinceMoment(quiet, now, words))}</p>` : nothing} ${shown}
  </section>`;
}

/** Air: each substance over 48 hours with its limit, as a line and in words. */
function air(state: CourseState): unknown {
  const { thing, words, service, inquiry } = state;
  const end = endOf(state);
  const from = new Date(end.getTime() - AIR_DAYS * DAY);
  const version = String(newest(thing)?.at.getTime());
  const answer = inquiry.ask("air", () => allSeriesOf(service, thing.layer.id, thing.feature.id, from, end), version);
  return answered(answer, "air", state, (all) => {
    const known = thing.layer.properties.filter((each) => each.name !== INDEX && (all.get(each.name)?.length ?? 0) > 0);
    if (known.length === 0) return html`<p class="quiet">${CHART[words.register].none}</p>`;
    return html`<p class="quiet">${CHART[words.register].last48(until(state))}</p>
      ${known.map((each) => one(state, each, all.get(each.name) ?? [], from.getTime(), end.getTime()))}`;
  });
}

/** Any other station: a line of its days, of one property at a time. */
function line(state: CourseState): unknown {
  const { thing, words, service, inquiry } = state;
  const known = thing.layer.properties.filter((each) => typeof thing.feature.latest?.[each.name]?.value === "number");
  const name = inquiry.picked(
    "line",
    known.map((each) => each.name),
  );
  const property = known.find((each) => each.name === name);
  if (!property) return nothing;
  const end = endOf(state);
  const days = (thing.layer.interval_s ?? 3600) * 1000 < OFTEN ? 3 : 7;
  const from = new Date(end.getTime() - days * DAY);
  const question = `line ${property.name}`;
  const answer = inquiry.ask(question, () => seriesOf(service, thing.layer.id, thing.feature.id, property.name, from, end), String(newest(thing)?.at.getTime()));
  return html`${known.length > 1
      ? html`<label class="choice">
          <span>${words.values}</span>
          <select @change=${(event: Event) => inquiry.pick("line", (event.target as HTMLSelectElement).value)}>
            ${known.map((each) => html`<option value=${each.name} ?selected=${each.name === name}>${each.title[words.language]}</option>`)}
          </select>
        </label>`
      : nothing}
    <p class="quiet">${CHART[words.register].lastDays(days, until(state))}</p>
    ${answered(answer, question, state, (readings) =>
      readings.length ? one(state, property, readings, from.getTime(), end.getTime()) : html`<p class="quiet">${CHART[words.register].none}</p>`,
    )}`;
}

/** The day of the last value of a station that is silent: what is shown ends there, not now. */
function until({ thing, words, now }: CourseState): string | null {
  const last = silence(thing, now)?.since;
  return last ? longDate(last, words) : null;
}

/** A line of one property's values, told in a sentence. */
function one(
  { thing, words, now }: CourseState,
  { name, title, unit }: Thing["layer"]["properties"][number],
  readings: readonly Reading[],
  from: number,
  to: number,
): TemplateResult {
  const speech = CHART[words.register];
  const told = (value: number) => measured(value, unit, words);
  const values = readings.map((each) => each.value);
  const last = readings.at(-1) as Reading;
  const [least, most] = [Math.min(...values), Math.max(...values)].map((each) => measured(each, null, words)) as [string, string];
  const limit = limitOf(name, unit);
  const above = limit ? values.filter((each) => each > limit.value).length : 0;
  const breaks = pathsOf(readings, [from, to], [0, 1], pace(readings) * 1.6, { left: 0, right: WIDE, top: 0, bottom: 1 }).length - 1;
  const summary = [
    speech.now(title[words.language], told(last.value), moment(new Date(last.at), now, words)),
    least === most ? "" : speech.range(least, told(Math.max(...values))),
    limit ? LIMIT[words.register][limit.over](told(limit.value)) : "",
    limit && limit.over !== "year" ? (above ? speech.over(String(above)) : speech.under) : "",
    breaks > 0 ? speech.gaps(String(breaks)) : "",
  ];
  return lineChart({
    summary: summary.filter(Boolean).join(" "),
    readings,
    from,
    to,
    marks: noons(from, to, words),
    limit: limit ? { value: limit.value, label: speech.limitShort[limit.over] } : null,
    theme: thing.layer.theme,
    number: (value) => measured(value, null, words),
    table: {
      title: `${speech.table}: ${title[words.language]}`,
      head: [speech.when, `${title[words.language]}`],
      rows: hourly(readings).map(({ at, value }) => [stamp(at, now, words), told(value)]),
    },
  });
}

/** The middles of the days between two instants, named by their weekday. */
function noons(from: number, to: number, words: Words): { at: number; label: string }[] {
  const marks = [];
  const short = new Intl.DateTimeFormat(words.locale, { timeZone: ZONE, weekday: "short" });
  for (let { day } = onTheClock(from); midnight(day) < to; day++) {
    const at = midnight(day) + DAY / 2;
    if (at > from && at < to) marks.push({ at, label: short.format(at) });
  }
  return marks;
}

/** The last value of each hour: a table of minutes is read by nobody. */
function hourly(readings: readonly Reading[]): Reading[] {
  return readings.filter((each, i) => Math.floor(each.at / HOUR) !== Math.floor((readings[i + 1]?.at ?? Infinity) / HOUR));
}

/** `Mo., 8.1., 14:00`; with the year where it is not this one. */
function stamp(at: number, now: Date, words: Words): string {
  const old = new Date(at).getFullYear() !== now.getFullYear();
  const day = format(words.locale, { weekday: "short", day: "numeric", month: "numeric", ...(old ? { year: "numeric" } : {}) }).format(at);
  return `${day}, ${clock(new Date(at), words)}`;
}
