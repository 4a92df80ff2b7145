import type { Reading } from "./series.js";
import { DAY, HOUR, midnight, monthOf, onTheClock } from "./zone.js";

/** The sum (or the mean day) of an hour, a day or a month, beside what is usual then. */
export interface Bucket {
  /** Number of the hour (0 to 23), of the calendar day, or of the month (0 to 11). */
  at: number;
  /** For months: of which year. */
  year?: number;
  /** Null where nobody counted. */
  value: number | null;
  /** Some of its values are missing, or still to come. */
  part: boolean;
  usual: number | null;
}

/** As many weeks before say what is usual, as for the service's own sums. */
const WEEKS = 4;
/** With this share of its values an hour or a day is whole. */
const ENOUGH = 0.9;
const MONTHS = 12;
/** The mean of fewer days speaks for no month. */
const LEAST_DAYS = 7;

interface Sum {
  sum: number;
  count: number;
}

function add(sums: Map<number, Sum>, key: number, value: number): void {
  const known = sums.get(key);
  if (known) {
    known.sum += value;
    known.count++;
  } else sums.set(key, { sum: value, count: 1 });
}

/** The calendar day of the newest value, or null where there is none. */
export function lastDayOf(readings: readonly Reading[]): number | null {
  const last = readings.at(-1);
  return last ? onTheClock(last.at).day : null;
}

/** The hours of a day, each beside the mean of the same hour on the same weekday of the four weeks before. */
export function hoursOf(readings: readonly Reading[], day: number, intervalMs: number): Bucket[] {
  const sums = new Map<number, Sum>();
  for (const { at, value } of readings) {
    const clock = onTheClock(at);
    if ((day - clock.day) % 7 === 0) add(sums, clock.day * 24 + clock.hour, value);
  }
  const whole = (key: number) => ((sums.get(key)?.count ?? 0) * intervalMs) / HOUR >= ENOUGH;
  return Array.from({ length: 24 }, (_, hour) => {
    const key = day * 24 + hour;
    const before = weeks((week) => (whole(key - week * 7 * 24) ? (sums.get(key - week * 7 * 24)?.sum ?? null) : null));
    return { at: hour, value: sums.get(key)?.sum ?? null, part: sums.has(key) && !whole(key), usual: mean(before) };
  });
}

/** The last `count` days up to one, each beside the mean of the same weekday of the four weeks before. */
export function daysOf(readings: readonly Reading[], last: number, intervalMs: number, count = 7): Bucket[] {
  const days = dailyOf(readings, intervalMs);
  return Array.from({ length: count }, (_, i) => {
    const day = last - count + 1 + i;
    const before = weeks((week) => {
      const then = days.get(day - week * 7);
      return then?.whole ? then.sum : null;
    });
    const known = days.get(day);
    return { at: day, value: known?.sum ?? null, part: known !== undefined && !known.whole, usual: mean(before) };
  });
}

/** Sums by calendar day, and whether a day is whole: the days on which clocks change are an hour shorter or longer. */
export function dailyOf(readings: readonly Reading[], intervalMs: number): Map<number, { sum: number; whole: boolean }> {
  const sums = new Map<number, Sum>();
  for (const { at, value } of readings) add(sums, onTheClock(at).day, value);
  return new Map(
    [...sums].map(([day, { sum, count }]) => {
      const long = intervalMs >= DAY ? intervalMs : midnight(day + 1) - midnight(day);
      return [day, { sum, whole: (count * intervalMs) / long >= ENOUGH }];
    }),
  );
}

/** The twelve months up to that of a day: the mean of a month's whole days; of several sources the first that has a day counts. */
export function monthsOf(sources: readonly Map<number, { sum: number; whole: boolean }>[], last: number): Bucket[] {
  const means = new Map<number, Sum>();
  const told = new Set<number>();
  for (const days of sources) {
    for (const [day, { sum, whole }] of days) {
      if (!whole || told.has(day)) continue;
      told.add(day);
      const { year, month } = monthOf(day);
      add(means, year * MONTHS + month, sum);
    }
  }
  const { year, month } = monthOf(last);
  return Array.from({ length: MONTHS }, (_, i) => {
    const key = year * MONTHS + month - MONTHS + 1 + i;
    const known = means.get(key);
    const value = known && known.count >= LEAST_DAYS ? known.sum / known.count : null;
    return { at: key % MONTHS, year: Math.floor(key / MONTHS), value, part: i === MONTHS - 1, usual: null };
  });
}

/** Sum of the buckets that both sides have, for a fair word on more or less; null where there is nothing to compare. */
export function against(buckets: readonly Bucket[]): { value: number; usual: number } | null {
  const both = buckets.filter((each) => each.value !== null && each.usual !== null && !each.part);
  if (both.length === 0) return null;
  const sum = (of: "value" | "usual") => both.reduce((all, each) => all + (each[of] ?? 0), 0);
  return { value: sum("value"), usual: sum("usual") };
}

function weeks(ask: (week: number) => number | null): (number | null)[] {
  return Array.from({ length: WEEKS }, (_, i) => ask(i + 1));
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((each): each is number => each !== null);
  return known.length ? known.reduce((sum, each) => sum + each, 0) / known.length : null;
}
