import { dayNumber } from "../words/dates.js";
import { sun } from "../scene/sun.js";

/** The sun's upper rim on the horizon, with the air that bends its light: degrees. */
const RIM = -0.833;
const MINUTE = 60_000;
const DAY = 86_400_000;
/** Zones reach so far from UTC. */
const ZONE = 14 * 60 * MINUTE;

/** A moment of the day and where the sun stands then, degrees. */
export interface Moment {
  at: Date;
  azimuth: number;
  altitude: number;
}

/** Sunrise and sunset of a day; null where the sun stays up or down. */
export interface Daylight {
  rise: Date | null;
  set: Date | null;
  /** Moments from midnight to midnight, in equal steps. */
  moments: Moment[];
}

/** A time in which it stays as it is. */
export interface Span {
  from: Date;
  to: Date;
  state: "sun" | "shade" | "night";
}

/** The day in the city's zone around an instant, in steps of so many minutes. */
export function daylight(day: Date, place: { lon: number; lat: number }, minutes: number): Daylight {
  const number = dayNumber(day);
  const moments: Moment[] = [];
  for (let time = number * DAY - ZONE; time < (number + 1) * DAY + ZONE; time += minutes * MINUTE) {
    const at = new Date(time);
    if (dayNumber(at) === number) moments.push({ at, ...sun(at, place.lon, place.lat) });
  }
  const crossing = (rising: boolean) => {
    const after = moments.findIndex((each, i) => i > 0 && isUp(each) === rising && isUp(moments[i - 1] as Moment) !== rising);
    return after < 0 ? null : between((moments[after - 1] as Moment).at, (moments[after] as Moment).at, place, rising);
  };
  return { rise: crossing(true), set: crossing(false), moments };
}

/** Whether the sun is over an open horizon. */
export function isUp({ altitude }: Pick<Moment, "altitude">): boolean {
  return altitude > RIM;
}

function between(before: Date, after: Date, { lon, lat }: { lon: number; lat: number }, rising: boolean): Date {
  let [low, high] = [before.getTime(), after.getTime()];
  while (high - low > 1000) {
    const middle = (low + high) / 2;
    if (isUp(sun(new Date(middle), lon, lat)) === rising) high = middle;
    else low = middle;
  }
  return new Date(high);
}

/** What stays the same, as spans: `lit` says of each moment with the sun up whether it shines there. */
export function spans({ moments, rise, set }: Daylight, lit: ReadonlyMap<Moment, boolean>): Span[] {
  const found: Span[] = [];
  const step = moments.length > 1 ? (moments[1] as Moment).at.getTime() - (moments[0] as Moment).at.getTime() : 0;
  for (const moment of moments) {
    const state = !isUp(moment) ? "night" : lit.get(moment) ? "sun" : "shade";
    const last = found.at(-1);
    if (last?.state === state) last.to = new Date(moment.at.getTime() + step);
    else found.push({ from: moment.at, to: new Date(moment.at.getTime() + step), state });
  }
  found.forEach((span, i) => {
    const before = found[i - 1];
    if (!before) return;
    // Day begins and ends to the minute, shadows to the step.
    if (before.state === "night" && rise) span.from = rise;
    if (span.state === "night" && set) span.from = set;
    before.to = span.from;
  });
  return found;
}

/** Minutes of a state in all spans. */
export function minutesOf(all: readonly Span[], state: Span["state"]): number {
  const time = all.filter((each) => each.state === state).reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0);
  return Math.round(time / MINUTE);
}
