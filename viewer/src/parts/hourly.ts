import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import type { Thing } from "../data/types.js";
import { onTheClock } from "../data/zone.js";
import { CHART } from "../words/chart.js";
import { HOURLY } from "../words/hourly.js";
import type { Words } from "../words/index.js";
import { whole } from "../words/numbers.js";
import { barChart } from "./chart.js";

const HOURS = 24;
const NAMED_HOURS = 6;
/** Columns with a number for each hour from midnight on. */
const COLUMNS = ["departures_by_hour", "trips_by_hour"] as const;

/** How often something goes in each hour of a usual weekday; nothing where no timetable says so. */
export function hourly({ thing, now, words }: { thing: Thing; now: Date; words: Words }): TemplateResult | typeof nothing {
  const column = COLUMNS.find((each) => thing.feature.properties[each]);
  const counts = column ? hoursOf(String(thing.feature.properties[column])) : null;
  if (!column || !counts) return nothing;
  const speech = HOURLY[words.register];
  const chart = CHART[words.register];
  const span = (hour: number) => chart.hour(String(hour), String(hour + 1));
  const said = counts.map((each) => whole(each, words));
  const current = onTheClock(now.getTime()).hour;
  const busiest = counts.indexOf(Math.max(...counts));
  const what = speech.counted[column];
  return html`<section class="course" aria-labelledby="hourly-title">
    <h3 id="hourly-title">${speech.title}</h3>
    ${barChart({
      summary: `${speech.now(span(current), said[current] as string, what)} ${speech.most(span(busiest), said[busiest] as string)}`,
      number: (value) => whole(value, words),
      named: { value: what, part: "", usual: "", when: chart.when, table: speech.table },
      columns: counts.map((value, hour) => ({
        label: hour % NAMED_HOURS === 0 ? String(hour) : "",
        name: span(hour),
        value,
        part: false,
        usual: null,
        said: said[hour] as string,
        usualSaid: null,
      })),
    })}
  </section>`;
}

/** The counts of a day's hours; what goes after midnight counts to the hours there. Null where a text is none. */
export function hoursOf(text: string): number[] | null {
  const all = text.split(",").map((each) => (each.trim() ? Number(each) : NaN));
  if (all.length < HOURS || all.some((each) => !(each >= 0))) return null;
  const counts = Array.from({ length: HOURS }, () => 0);
  all.forEach((each, hour) => (counts[hour % HOURS] = (counts[hour % HOURS] as number) + each));
  return counts;
}
