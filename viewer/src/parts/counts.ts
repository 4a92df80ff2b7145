import { html } from "lit";
import { against, dailyOf, daysOf, hoursOf, lastDayOf, monthsOf } from "../data/buckets.js";
import type { Bucket } from "../data/buckets.js";
import { countsOf, finest } from "../data/counted.js";
import type { Count } from "../data/counted.js";
import { seriesOf } from "../data/series.js";
import type { Reading } from "../data/series.js";
import { DAY } from "../data/zone.js";
import { CHART } from "../words/chart.js";
import type { ChartWords } from "../words/chart.js";
import { dayNumber, longDate, weekday } from "../words/dates.js";
import type { Words } from "../words/index.js";
import { whole } from "../words/numbers.js";
import { answered, endOf } from "./answered.js";
import type { CourseState } from "./answered.js";
import { barChart } from "./chart.js";
import type { Column } from "./chart.js";
import { tabs } from "./tabs.js";

type Span = "day" | "week" | "year";

/** A week, the four before it that say what is usual, and a day for the clocks. */
const DAYS = 36;
const YEAR = 367;
/** A station whose values reach further back than this has months to show. */
const MONTH = 27;
/** Within a tenth of the usual is "as many as". */
const SAME = 0.1;
/** Every so many hours the axis has a name. */
const NAMED_HOURS = 6;

interface Telling {
  words: Words;
  speech: ChartWords;
  now: Date;
  what: string;
  /** The same, where it is one. */
  one: string;
}

/** Counts of a station: the day by hours and the week by days beside what is usual, the year by months; null where it counts nothing. */
export function counts(state: CourseState): unknown {
  const { thing, words, now, service, inquiry } = state;
  const all = countsOf(thing);
  const first = finest(all);
  if (!first) return null;
  const end = endOf(state);
  const from = (days: number) => new Date(end.getTime() - days * DAY);
  const series = (count: Count, days: number) => seriesOf(service, thing.layer.id, thing.feature.id, count.property, from(days), end);
  const version = String(first.at.getTime());
  const speech = CHART[words.register];
  const telling: Telling = { words, speech, now, what: speech.counted[first.what], one: speech.single[first.what] };
  const answer = inquiry.ask("counts", () => series(first, DAYS), version);
  return answered(answer, "counts", state, (readings) => {
    const last = lastDayOf(readings);
    if (last === null) return html`<p class="quiet">${speech.none}</p>`;
    const spans: Span[] = [
      ...(first.intervalMs < DAY ? (["day"] as const) : []),
      "week",
      ...(all.length > 1 || (readings[0] as Reading).at < end.getTime() - MONTH * DAY ? (["year"] as const) : []),
    ];
    const chosen = inquiry.picked("span", spans) ?? "week";
    const year = () =>
      answered(
        inquiry.ask("year", () => Promise.all(all.toReversed().map(async (count) => dailyOf(await series(count, YEAR), count.intervalMs))), version),
        "year",
        state,
        (sources) => months(monthsOf(sources, last), telling),
      );
    return tabs({
      label: speech.charts,
      choices: spans.map((value) => ({ value, title: speech.tabs[value] })),
      chosen,
      pick: (value) => inquiry.pick("span", value),
      content:
        chosen === "day"
          ? hours(hoursOf(readings, last, first.intervalMs), last, telling)
          : chosen === "week"
            ? days(daysOf(readings, last, first.intervalMs), telling)
            : year(),
    });
  });
}

function hours(buckets: readonly Bucket[], day: number, telling: Telling): unknown {
  const { words, speech } = telling;
  const at = new Date(day * DAY + DAY / 2);
  const name = dayName(day, telling);
  const hour = (of: number) => speech.hour(String(of), String(of + 1));
  const top = most(buckets);
  const summary = [
    speech.daySum(name, ...summed(buckets, telling)),
    compared(buckets, telling),
    top && top.value ? speech.dayMost(hour(top.at), whole(top.value, words)) : "",
  ];
  return chart(buckets, summary, { ...telling, usual: speech.usualOn(words.weekdays[weekday(at)] as string) }, name, (each) => ({
    label: each.at % NAMED_HOURS === 0 ? String(each.at) : "",
    name: hour(each.at),
  }));
}

function days(buckets: readonly Bucket[], telling: Telling): unknown {
  const { words, speech, what } = telling;
  const top = most(buckets);
  const named = (day: number) => words.weekdays[weekday(new Date(day * DAY + DAY / 2))] as string;
  const summary = [
    speech.weekSum(...summed(buckets, telling)),
    top && top.value ? speech.weekMost(named(top.at), whole(top.value, words)) : "",
  ];
  return chart(buckets, summary, { ...telling, usual: speech.usual }, what, (each) => ({ label: named(each.at).slice(0, words.language === "de" ? 2 : 3), name: named(each.at) }));
}

function months(buckets: readonly Bucket[], telling: Telling): unknown {
  const { words, speech, what } = telling;
  const named = ({ at, year }: Bucket, month: "long" | "narrow") =>
    new Intl.DateTimeFormat(words.locale, { timeZone: "UTC", month, ...(month === "long" ? { year: "numeric" } : {}) }).format(Date.UTC(year ?? 1970, at, 15));
  const known = buckets.filter((each) => each.value !== null);
  if (known.length === 0) return html`<p class="quiet">${speech.none}</p>`;
  const top = most(buckets);
  const least = known.reduce((a, b) => ((b.value ?? 0) < (a.value ?? 0) ? b : a));
  const summary = [
    top && top.value ? speech.yearMost(named(top, "long"), whole(top.value, words), what) : "",
    known.length > 1 ? speech.yearLeast(named(least, "long"), whole(least.value ?? 0, words)) : "",
  ];
  return chart(buckets, summary, { ...telling, usual: speech.usual, what: speech.perDay(what) }, speech.tabs.year, (each) => ({ label: named(each, "narrow"), name: named(each, "long") }));
}

function chart(
  buckets: readonly Bucket[],
  summary: readonly string[],
  { words, speech, what, usual }: Telling & { usual: string },
  about: string,
  name: (bucket: Bucket) => Pick<Column, "label" | "name">,
): unknown {
  return barChart({
    summary: summary.filter(Boolean).join(" "),
    number: (value) => whole(value, words),
    named: { value: what, part: speech.part, usual, when: speech.when, table: `${speech.table}: ${about}` },
    columns: buckets.map((each) => {
      const text = each.value === null ? speech.missing : whole(each.value, words);
      return {
        ...name(each),
        ...each,
        said: each.part && each.value !== null ? speech.soFar(text) : text,
        usualSaid: each.usual === null ? null : whole(each.usual, words),
      };
    }),
  });
}

/** "Heute", "Gestern", or the date: values may be late. */
function dayName(day: number, { words, now }: Telling): string {
  const ago = dayNumber(now) - day;
  const german = words.language === "de";
  if (ago === 0) return german ? "Heute" : "Today";
  if (ago === 1) return german ? "Gestern" : "Yesterday";
  return `${words.weekdays[weekday(new Date(day * DAY + DAY / 2))] as string}, ${longDate(new Date(day * DAY + DAY / 2), words)}`;
}

/** Today against usual in words; empty where there is nothing to compare. */
export function compared(buckets: readonly Bucket[], { words, speech }: Pick<Telling, "words" | "speech">): string {
  const both = against(buckets);
  if (!both || both.usual <= 0) return "";
  const ratio = both.value / both.usual;
  const [value, usual] = [whole(both.value, words), whole(both.usual, words)];
  // What reads the same is no less and no more: at night there are parts of a bicycle on average.
  const word = value === usual ? "same" : ratio > 1 + SAME ? "more" : ratio < 1 - SAME ? "less" : "same";
  return speech.compared[word](value, usual);
}

/** How many, and of what: one bicycle, or several. */
export function summed(buckets: readonly Bucket[], { words, what, one }: Pick<Telling, "words" | "what" | "one">): [string, string] {
  const count = whole(buckets.reduce((all, each) => all + (each.value ?? 0), 0), words);
  return [count, count === "1" ? one : what];
}

function most(buckets: readonly Bucket[]): Bucket | null {
  return buckets.reduce<Bucket | null>((best, each) => (each.value !== null && each.value > (best?.value ?? 0) ? each : best), null);
}

