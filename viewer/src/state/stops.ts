import type { Dates } from "../data/types.js";
import { begun, told } from "./instant.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Revisions of several layers that come from one run are one moment of the city. */
const TOGETHER_MS = 10 * MINUTE;
/** So far back values are shown hour by hour, before day by day. */
const HOURLY_MS = 48 * HOUR;
/** More stops than this nobody can tell apart on a slider. */
const MOST = 360;

/** A date on which something became another takes so many notches of the slider at most. */
const WIDEST = 12;

/** So many stops are shown while time plays, if not more of them have something new: nobody watches for minutes. */
const PLAYED = 32;

/** Where the time slider can stand. */
export interface Stop {
  at: Date;
  /** As the address says it; null is now. */
  datetime: string | null;
  /** Layers that had a new revision then. */
  layers: string[];
  /** Something was measured around that time. */
  values: boolean;
}

/**
 * The moments at which the city can be seen anew, in order of time, the last of them now.
 *
 * @param dates Since when revisions of the layers shown held, and their days with values.
 * @param now The present instant.
 * @param noonOf The instant at which a day (`2026-03-01`, UTC) is shown: light enough, and with values.
 * @param asked An instant that the visitor came with; it is a stop as well.
 */
export function stopsOf(dates: readonly Dates[], now: Date, asked: Date | null, noonOf: (day: string) => Date = noon): Stop[] {
  const stops = [...revised(dates, now)];
  for (const at of measured(dates, now, noonOf)) {
    const near = stops.find((each) => Math.abs(each.at.getTime() - at.getTime()) < TOGETHER_MS);
    if (near) near.values = true;
    else stops.push({ at, datetime: told(at), layers: [], values: true });
  }
  stops.sort((a, b) => a.at.getTime() - b.at.getTime());
  const few = thinned(stops);
  if (asked && !few.some((each) => each.at.getTime() === asked.getTime())) {
    few.push({ at: asked, datetime: told(asked), layers: [], values: false });
    few.sort((a, b) => a.at.getTime() - b.at.getTime());
  }
  // What lies before us is right of now, as time goes.
  const next = few.findIndex((each) => each.at > now);
  few.splice(next < 0 ? few.length : next, 0, { at: now, datetime: null, layers: [], values: false });
  return few;
}

/** Each moment at which one or several layers became another. */
function revised(dates: readonly Dates[], now: Date): Stop[] {
  const all = dates.flatMap(({ layer, revisions }) => revisions.map((each) => ({ layer, at: begun(each) })));
  all.sort((a, b) => a.at.getTime() - b.at.getTime());
  const stops: (Stop & { from: number })[] = [];
  for (const { layer, at } of all) {
    if (at > now) continue;
    const last = stops.at(-1);
    if (last && at.getTime() - last.from < TOGETHER_MS) {
      Object.assign(last, { at, datetime: told(at) });
      if (!last.layers.includes(layer)) last.layers.push(layer);
    } else stops.push({ at, from: at.getTime(), datetime: told(at), layers: [layer], values: false });
  }
  return stops.map(({ from: _, ...stop }) => stop);
}

/** The moments at which a day's values are looked at: each hour lately, else once a day. Before its layer was there nobody sees them. */
function measured(dates: readonly Dates[], now: Date, noonOf: (day: string) => Date): Date[] {
  const begun = new Map<string, number>();
  for (const { days, revisions } of dates) {
    const first = Date.parse(revisions[0] ?? "");
    for (const day of days) begun.set(day, Math.min(begun.get(day) ?? Infinity, Number.isNaN(first) ? Infinity : first));
  }
  const since = now.getTime() - HOURLY_MS;
  return [...begun].flatMap(([day, first]) => {
    const start = Date.parse(`${day}T00:00:00Z`);
    const hours = Array.from({ length: DAY / HOUR }, (_, i) => new Date(start + i * HOUR));
    const all = start + DAY <= since ? [noonOf(day)] : hours.filter((at) => at.getTime() > since);
    return all.filter((at) => at.getTime() >= first && at.getTime() < now.getTime() - TOGETHER_MS);
  });
}

/** All of the newer half, and of the older ones as many as there is room for. */
function thinned(stops: readonly Stop[]): Stop[] {
  if (stops.length <= MOST) return [...stops];
  const newer = stops.slice(-MOST / 2);
  const older = stops.slice(0, -MOST / 2);
  const step = older.length / (MOST / 2);
  return [...Array.from({ length: MOST / 2 }, (_, i) => older[Math.floor(i * step)] as Stop), ...newer];
}

/** The stop that comes after one while time plays: whatever became another, of mere values some; -1 after the last. */
export function following(stops: readonly Stop[], place: number): number {
  const plain = stops.filter((each) => each.layers.length === 0).length;
  const step = Math.ceil(plain / Math.max(1, PLAYED - stops.length + plain));
  return stops.findIndex((each, i) => i > place && (each.layers.length > 0 || each.datetime === null || i - place >= step));
}

/**
 * For each notch of the slider the stop that it stands for. Dates on which something became another take half of the
 * way together: a year of them beside two days told hour by hour would lie within a few pixels.
 */
export function notchesOf(stops: readonly Stop[]): number[] {
  const news = stops.filter((each) => each.layers.length > 0).length;
  const wide = Math.max(1, Math.min(WIDEST, Math.round((stops.length - news) / news)));
  return stops.flatMap((each, i) => Array<number>(each.layers.length > 0 ? wide : 1).fill(i));
}

/** The notch at which the slider stands for a stop: the middle one of its own. */
export function notchOf(notches: readonly number[], place: number): number {
  return (notches.indexOf(place) + notches.lastIndexOf(place)) >> 1;
}

/**
 * The stop that the slider was moved to. Dragged it is that of the notch; a key or a screen reader moves it by a notch
 * or so, which is not far enough where a stop has several: then it is the next stop.
 */
export function stopAt(notches: readonly number[], notch: number, place: number, dragged: boolean): number {
  const found = notches[notch] ?? place;
  const step = Math.sign(notch - notchOf(notches, place));
  return found !== place || dragged ? found : Math.max(0, Math.min(notches.at(-1) ?? 0, place + step));
}

const HOURS = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", hour: "2-digit" });

/** Noon of a day in the city's zone. */
function noon(day: string): Date {
  const at = new Date(`${day}T12:00:00Z`);
  const hour = Number(HOURS.format(at));
  return new Date(at.getTime() + (12 - hour) * HOUR);
}

/** The stop that shows an instant: the last one not after it; the stop of now for null. */
export function placeOf(stops: readonly Stop[], datetime: Date | null): number {
  if (!datetime) return Math.max(0, stops.findIndex((each) => each.datetime === null));
  return Math.max(0, stops.findLastIndex((each) => each.at <= datetime));
}

