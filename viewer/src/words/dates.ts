import type { Spoken } from "./register.js";
import type { Words } from "./words.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Of the city: what is a day, and what hour it is, is told by its clocks. */
export const ZONE = "Europe/Berlin";

/** An instant that is gone by: of its day nobody says "today". */
export class Then extends Date {}

const formats = new Map<string, Intl.DateTimeFormat>();
const ages = new Map<string, Intl.RelativeTimeFormat>();

/** A format in the city's zone. Making one takes a millisecond, and a page shows hundreds of dates: each is made once. */
export function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options });
  formats.set(key, known);
  return known;
}

/** Days of full hours: of the same hour is asked again and again, and to format takes its time. */
const numbered = new Map<number, number>();

/** Calendar day in the city's zone, as a whole number of days: differences count midnights, not hours. */
export function dayNumber(at: Date): number {
  const hour = Math.floor(at.getTime() / HOUR); // the zone's midnights are full hours
  let known = numbered.get(hour);
  if (known === undefined) {
    known = Math.round(Date.parse(`${format("en-CA", {}).format(at)}T00:00:00Z`) / DAY);
    numbered.set(hour, known);
  }
  return known;
}

/** `19. November 2026`, `19 November 2026`: no line ends between day and month. */
export function longDate(at: Date, words: Words): string {
  return whole(at, words, { day: "numeric", month: "long", year: "numeric" });
}

function whole(at: Date, words: Words, options: Intl.DateTimeFormatOptions): string {
  return format(words.locale, options).format(at).replace(" ", "\u00a0");
}

/** `3. März`, `3 March`; with the year where it is not this one. */
export function yearlessDate(at: Date, now: Date, words: Words): string {
  const year = (of: Date) => format("en-CA", { year: "numeric" }).format(of);
  if (year(at) !== year(now)) return longDate(at, words);
  return whole(at, words, { day: "numeric", month: "long" });
}

/** The day on which something ends: an end at midnight is that of the day before. */
export function lastDay(end: Date): Date {
  return new Date(end.getTime() - 1000);
}

/** `14:00`. */
export function clock(at: Date, words: Words): string {
  return format(words.locale, { hour: "2-digit", minute: "2-digit" }).format(at);
}

/** A moment as people say it: `heute, 14:00 Uhr`, `gestern, 18:00 Uhr`, `19. November 2026`; looked at from then: `19. November 2026, 14:00 Uhr`. */
export function moment(at: Date, now: Date, words: Words): string {
  const days = dayNumber(now) - dayNumber(at);
  const german = words.language === "de";
  const time = german ? `${clock(at, words)} Uhr` : clock(at, words);
  if (now instanceof Then && (days === 0 || days === 1)) return `${longDate(at, words)}, ${time}`;
  if (days === 0) return german ? `heute, ${time}` : `today, ${time}`;
  if (days === 1) return german ? `gestern, ${time}` : `yesterday, ${time}`;
  return longDate(at, words);
}

/** Like `moment`, to stand after "seit" or "since": `gestern 18:00`, `dem 3. Oktober 2026`. */
export function sinceMoment(at: Date, now: Date, words: Words): string {
  const days = dayNumber(now) - dayNumber(at);
  const german = words.language === "de";
  if (days === 0) return clock(at, words);
  if (days === 1 && !(now instanceof Then)) return `${german ? "gestern" : "yesterday"} ${clock(at, words)}`;
  return `${german ? "dem " : ""}${longDate(at, words)}`;
}

/** An age as people say it: `gerade eben`, `vor 4 Minuten`, `3 hours ago`. */
export function ago(at: Date, now: Date, words: Words): string {
  const age = now.getTime() - at.getTime();
  const german = words.language === "de";
  if (age < MINUTE) return german ? "gerade eben" : "just now";
  const format = ages.get(words.locale) ?? new Intl.RelativeTimeFormat(words.locale, { numeric: "always" });
  ages.set(words.locale, format);
  if (age < HOUR) return format.format(-Math.floor(age / MINUTE), "minute");
  if (age < DAY) return format.format(-Math.floor(age / HOUR), "hour");
  return format.format(-Math.floor(age / DAY), "day");
}

type Unit = "day" | "week" | "month" | "year";

function size(days: number): [number, Unit] {
  if (days < 14) return [days, "day"];
  if (days < 60) return [Math.round(days / 7), "week"];
  if (days < 700) return [Math.round(days / 30.4), "month"];
  return [Math.round(days / 365), "year"];
}

const UNITS: Spoken<Record<Unit, [string, string]>> = {
  de: { day: ["einem Tag", "Tagen"], week: ["einer Woche", "Wochen"], month: ["einem Monat", "Monaten"], year: ["einem Jahr", "Jahren"] },
  en: { day: ["a day", "days"], week: ["a week", "weeks"], month: ["a month", "months"], year: ["a year", "years"] },
  ls: { day: ["1 Tag", "Tagen"], week: ["1 Woche", "Wochen"], month: ["1 Monat", "Monaten"], year: ["1 Jahr", "Jahren"] },
};

function span(days: number, words: Words): string {
  const [count, unit] = size(days);
  const [one, more] = UNITS[words.register][unit];
  return count === 1 ? one : `${count} ${more}`;
}

/** How long something has been going on: `seit heute`, `seit 3 Wochen`, `for 3 weeks`. */
export function sinceSpan(from: Date, now: Date, words: Words): string {
  const days = dayNumber(now) - dayNumber(from);
  const german = words.language === "de";
  if (days <= 1 && now instanceof Then) return german ? `seit dem ${longDate(from, words)}` : `since ${longDate(from, words)}`;
  if (days <= 0) return german ? "seit heute" : "since today";
  if (days === 1) return german ? "seit gestern" : "since yesterday";
  return german ? `seit ${span(days, words)}` : `for ${span(days, words)}`;
}

/** When something will begin: `morgen`, `in 3 Wochen`. */
export function beginning(from: Date, now: Date, words: Words): string {
  const days = dayNumber(from) - dayNumber(now);
  const german = words.language === "de";
  if (days <= 1 && now instanceof Then) return german ? `am ${longDate(from, words)}` : `on ${longDate(from, words)}`;
  if (days <= 0) return german ? "heute" : "today";
  if (days === 1) return german ? "morgen" : "tomorrow";
  return `in ${span(days, words)}`;
}

/** When something ended: `seit gestern`, `seit 3 Wochen`, `yesterday`, `3 weeks ago`. */
export function ended(to: Date, now: Date, words: Words): string {
  const days = dayNumber(now) - dayNumber(to);
  const german = words.language === "de";
  if (days <= 1 && now instanceof Then) return german ? `seit dem ${longDate(to, words)}` : `on ${longDate(to, words)}`;
  if (days <= 0) return german ? "seit heute" : "today";
  if (days === 1) return german ? "seit gestern" : "yesterday";
  return german ? `seit ${span(days, words)}` : `${span(days, words)} ago`;
}

/** Weekday in the city's zone, 0 is Sunday. */
export function weekday(at: Date): number {
  return (((dayNumber(at) + 4) % 7) + 7) % 7;
}

/** First day of the running week (Monday) as a day number. */
export function monday(at: Date): number {
  return dayNumber(at) - ((weekday(at) + 6) % 7);
}

/** A date out of the service's JSON; null for what is none. */
export function date(text: unknown): Date | null {
  if (typeof text !== "string" || text === "") return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at;
}
