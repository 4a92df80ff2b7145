import { ZONE } from "../words/dates.js";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const wall = new Intl.DateTimeFormat("sv-SE", {
  timeZone: ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});
/** By the hour: asked of the calendar once, for thousands of values ask. */
const offsets = new Map<number, number>();

/** Milliseconds by which the city's clocks are ahead of UTC at an instant. */
export function ahead(at: number): number {
  const hour = Math.floor(at / HOUR);
  let known = offsets.get(hour);
  if (known === undefined) {
    known = Date.parse(`${wall.format(hour * HOUR).replace(" ", "T")}Z`) - hour * HOUR;
    offsets.set(hour, known);
  }
  return known;
}

/** The calendar day (days since 1970) and the hour of the day that the city's clocks show. */
export function onTheClock(at: number): { day: number; hour: number } {
  const local = at + ahead(at);
  const day = Math.floor(local / DAY);
  return { day, hour: Math.floor((local - day * DAY) / HOUR) };
}

/** The instant of a day's midnight on the city's clocks. */
export function midnight(day: number): number {
  const guess = day * DAY - ahead(day * DAY);
  return day * DAY - ahead(guess);
}

/** Year and month (0 is January) of a calendar day. */
export function monthOf(day: number): { year: number; month: number } {
  const at = new Date(day * DAY);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() };
}
