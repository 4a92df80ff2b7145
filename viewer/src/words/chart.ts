import type { Limit } from "../data/limits.js";
import type { Spoken } from "./register.js";

/** Texts of the charts: what they show, as sentences, and the names of their marks. */
export interface ChartWords {
  loading: string;
  failed: string;
  none: string;
  charts: string;
  tabs: Record<"day" | "week" | "year", string>;
  table: string;
  when: string;
  counted: Record<"bicycles" | "vehicles", string>;
  /** The same, where it is one. */
  single: Record<"bicycles" | "vehicles", string>;
  part: string;
  usual: string;
  usualOn: (weekday: string) => string;
  missing: string;
  soFar: (value: string) => string;
  hour: (from: string, to: string) => string;
  daySum: (day: string, sum: string, what: string) => string;
  dayMost: (hour: string, value: string) => string;
  compared: Record<"more" | "less" | "same", (value: string, usual: string) => string>;
  weekSum: (sum: string, what: string) => string;
  weekMost: (day: string, value: string) => string;
  perDay: (what: string) => string;
  yearMost: (month: string, value: string, what: string) => string;
  yearLeast: (month: string, value: string) => string;
  gaps: (count: string) => string;
  limitShort: Record<Limit["over"], string>;
  under: string;
  over: (count: string) => string;
  now: (title: string, value: string, when: string) => string;
  range: (least: string, most: string) => string;
  /** So many days, until now or until the day of the last value. */
  lastDays: (days: number, until: string | null) => string;
  last48: (until: string | null) => string;
  silent: (since: string) => string;
}

const de: ChartWords = {
  loading: "Einen Moment, die Werte werden geholt …",
  failed: "Die Werte sind gerade nicht zu bekommen.",
  none: "Aus dieser Zeit gibt es keine Werte.",
  charts: "Verlauf",
  tabs: { day: "Tag", week: "Woche", year: "Jahr" },
  table: "Als Tabelle",
  when: "Wann",
  counted: { bicycles: "Fahrräder", vehicles: "Kraftfahrzeuge" },
  single: { bicycles: "Fahrrad", vehicles: "Kraftfahrzeug" },
  part: "unvollständig",
  usual: "üblich",
  usualOn: (weekday) => `üblicher ${weekday}`,
  missing: "keine Werte",
  soFar: (value) => `${value} (unvollständig)`,
  hour: (from, to) => `${from} bis ${to} Uhr`,
  daySum: (day, sum, what) => `${day}: ${sum} ${what}.`,
  dayMost: (hour, value) => `Am meisten von ${hour}: ${value}.`,
  compared: {
    more: (value, usual) => `Mehr als üblich: ${value} statt ${usual} in denselben Stunden.`,
    less: (value, usual) => `Weniger als üblich: ${value} statt ${usual} in denselben Stunden.`,
    same: (value, usual) => `Etwa so viele wie üblich: ${value}, sonst ${usual} in denselben Stunden.`,
  },
  weekSum: (sum, what) => `In den letzten 7 Tagen: ${sum} ${what}.`,
  weekMost: (day, value) => `Am meisten am ${day}: ${value}.`,
  perDay: (what) => `${what} am Tag, im Mittel`,
  yearMost: (month, value, what) => `Am meisten im ${month}: im Mittel ${value} ${what} am Tag.`,
  yearLeast: (month, value) => `Am wenigsten im ${month}: ${value}.`,
  gaps: (count) => (count === "1" ? "Einmal fehlen Werte." : `${count}-mal fehlen Werte.`),
  limitShort: { hour: "Grenzwert", "eight-hours": "Grenzwert (8 Stunden)", day: "Grenzwert (Tag)", year: "Grenzwert (Jahr)", alert: "Schwelle" },
  under: "Alle Werte liegen darunter.",
  over: (count) => (count === "1" ? "Ein Wert liegt darüber." : `${count} Werte liegen darüber.`),
  now: (title, value, when) => `${title}: ${value} (${when}).`,
  range: (least, most) => `Zwischen ${least} und ${most}.`,
  lastDays: (days, until) => (until ? `${days === 1 ? "24 Stunden" : `${days} Tage`} bis ${until}` : days === 1 ? "Die letzten 24 Stunden" : `Die letzten ${days} Tage`),
  last48: (until) => (until ? `48 Stunden bis ${until}` : "Die letzten 48 Stunden"),
  silent: (since) => `Seit ${since} kommen keine neuen Werte.`,
};

const en: ChartWords = {
  loading: "One moment, fetching the values …",
  failed: "The values are not available right now.",
  none: "There are no values for this time.",
  charts: "Over time",
  tabs: { day: "Day", week: "Week", year: "Year" },
  table: "As a table",
  when: "When",
  counted: { bicycles: "bicycles", vehicles: "motor vehicles" },
  single: { bicycles: "bicycle", vehicles: "motor vehicle" },
  part: "incomplete",
  usual: "typical",
  usualOn: (weekday) => `typical ${weekday}`,
  missing: "no values",
  soFar: (value) => `${value} (incomplete)`,
  hour: (from, to) => `${from} to ${to}`,
  daySum: (day, sum, what) => `${day}: ${sum} ${what}.`,
  dayMost: (hour, value) => `Busiest hour, ${hour}: ${value}.`,
  compared: {
    more: (value, usual) => `More than usual: ${value}, compared with ${usual} in the same hours.`,
    less: (value, usual) => `Fewer than usual: ${value}, compared with ${usual} in the same hours.`,
    same: (value, usual) => `About as many as usual: ${value}, compared with ${usual} in the same hours.`,
  },
  weekSum: (sum, what) => `In the last 7 days: ${sum} ${what}.`,
  weekMost: (day, value) => `Busiest day, ${day}: ${value}.`,
  perDay: (what) => `${what} a day, on average`,
  yearMost: (month, value, what) => `Busiest in ${month}: ${value} ${what} a day on average.`,
  yearLeast: (month, value) => `Quietest in ${month}: ${value}.`,
  gaps: (count) => (count === "1" ? "Values are missing in one place." : `Values are missing in ${count} places.`),
  limitShort: { hour: "limit", "eight-hours": "limit (8 hours)", day: "limit (day)", year: "limit (year)", alert: "threshold" },
  under: "All values are below it.",
  over: (count) => (count === "1" ? "One value is above it." : `${count} values are above it.`),
  now: (title, value, when) => `${title}: ${value} (${when}).`,
  range: (least, most) => `Between ${least} and ${most}.`,
  lastDays: (days, until) => (until ? `${days === 1 ? "24 hours" : `${days} days`} up to ${until}` : days === 1 ? "The last 24 hours" : `The last ${days} days`),
  last48: (until) => (until ? `48 hours up to ${until}` : "The last 48 hours"),
  silent: (since) => `No new values have come since ${since}.`,
};

const ls: ChartWords = {
  loading: "Bitte warten Sie kurz. Wir holen die Werte.",
  failed: "Wir können die Werte gerade nicht zeigen.",
  none: "Von dieser Zeit gibt es keine Werte.",
  charts: "So war es bis jetzt",
  tabs: { day: "Tag", week: "Woche", year: "Jahr" },
  table: "Als Tabelle",
  when: "Wann",
  counted: { bicycles: "Fahr-Räder", vehicles: "Kraft-Fahrzeuge" },
  single: { bicycles: "Fahr-Rad", vehicles: "Kraft-Fahrzeug" },
  part: "nicht ganz gezählt",
  usual: "so viele sind es sonst",
  usualOn: (weekday) => `so viele sind es sonst am ${weekday}`,
  missing: "keine Werte",
  soFar: (value) => `${value}, nicht ganz gezählt`,
  hour: (from, to) => `${from} bis ${to} Uhr`,
  daySum: (day, sum, what) => `${day} ${sum === "1" ? "war" : "waren"} es ${sum} ${what}.`,
  dayMost: (hour, value) => `Die meisten waren es von ${hour}. Es waren ${value}.`,
  compared: {
    more: (value, usual) => `Das ist mehr als sonst. Es waren ${value}. Sonst sind es ${usual}.`,
    less: (value, usual) => `Das ist weniger als sonst. Es waren ${value}. Sonst sind es ${usual}.`,
    same: (value, usual) => `Das ist so viel wie sonst. Es waren ${value}. Sonst sind es ${usual}.`,
  },
  weekSum: (sum, what) => `In den letzten 7 Tagen ${sum === "1" ? "war" : "waren"} es ${sum} ${what}.`,
  weekMost: (day, value) => `Die meisten waren es am ${day}. Es waren ${value}.`,
  perDay: (what) => `So viele ${what} an einem Tag`,
  yearMost: (month, value, what) => `Die meisten waren es im ${month}. An einem Tag waren es etwa ${value} ${what}.`,
  yearLeast: (month, value) => `Die wenigsten waren es im ${month}. An einem Tag waren es etwa ${value}.`,
  gaps: (count) => `${count} Mal fehlen Werte.`,
  limitShort: { hour: "Grenze", "eight-hours": "Grenze für 8 Stunden", day: "Grenze für 1 Tag", year: "Grenze für 1 Jahr", alert: "Grenze" },
  under: "Alle Werte sind kleiner. Das ist gut.",
  over: (count) => (count === "1" ? "1 Wert ist größer." : `${count} Werte sind größer.`),
  now: (title, value, when) => `${title}: ${value}. Das war ${/^\d/.test(when) ? "am " : ""}${when}.`,
  range: (least, most) => `Der kleinste Wert war ${least}. Der größte Wert war ${most}.`,
  lastDays: (days, until) => (until ? `${days === 1 ? "24 Stunden" : `${days} Tage`} bis zum ${until}` : days === 1 ? "Die letzten 24 Stunden" : `Die letzten ${days} Tage`),
  last48: (until) => (until ? `48 Stunden bis zum ${until}` : "Die letzten 48 Stunden"),
  silent: (since) => `Seit ${since} kommen keine neuen Werte.`,
};

export const CHART: Spoken<ChartWords> = { de, en, ls };
