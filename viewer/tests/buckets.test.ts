import { describe, expect, it } from "vitest";
import { against, dailyOf, daysOf, hoursOf, lastDayOf, monthsOf } from "../src/data/buckets.js";
import { countsOf, finest } from "../src/data/counted.js";
import type { Reading } from "../src/data/series.js";
import type { Thing } from "../src/data/types.js";
import { DAY, HOUR, midnight, onTheClock } from "../src/data/zone.js";
import { summed } from "../src/parts/counts.js";
import { CHART } from "../src/words/chart.js";
import { WORDS } from "../src/words/index.js";

const QUARTER = HOUR / 4;
const at = (text: string) => Date.parse(text);
const dayOf = (text: string) => Date.parse(`${text}T00:00:00Z`) / DAY;

/** A value every quarter of an hour. */
function every(from: string, to: string, value: (at: number) => number = () => 1): Reading[] {
  const found: Reading[] = [];
  for (let time = at(from); time < at(to); time += QUARTER) found.push({ at: time, value: value(time) });
  return found;
}

describe("the city's clocks", () => {
  it("know the day of an instant in winter, in summer and between", () => {
    expect(onTheClock(at("2026-11-22T23:00:00Z"))).toEqual({ day: dayOf("2026-11-23"), hour: 0 });
    expect(onTheClock(at("2026-07-01T21:59:00Z"))).toEqual({ day: dayOf("2026-07-01"), hour: 23 });
    expect(midnight(dayOf("2026-11-23"))).toBe(at("2026-11-22T23:00:00Z"));
    expect(midnight(dayOf("2026-03-29"))).toBe(at("2026-03-28T23:00:00Z"));
    expect(midnight(dayOf("2026-03-30"))).toBe(at("2026-03-29T22:00:00Z"));
    expect(midnight(dayOf("2026-10-26"))).toBe(at("2026-10-25T23:00:00Z"));
  });
});

describe("counts by the hour, the day, the month", () => {
  it("are sums, with what is missing as a gap and what is not whole called so", () => {
    const readings = every("2026-11-21T23:00:00Z", "2026-11-22T10:30:00Z").filter((each) => onTheClock(each.at).hour !== 5 && each.at !== at("2026-11-22T06:15:00Z"));
    const hours = hoursOf(readings, dayOf("2026-11-22"), QUARTER);
    expect(hours).toHaveLength(24);
    expect(hours[0]).toEqual({ at: 0, value: 4, part: false, usual: null });
    expect(hours[5]).toEqual({ at: 5, value: null, part: false, usual: null });
    expect(hours[7]).toMatchObject({ value: 3, part: true });
    expect(hours[11]).toMatchObject({ value: 2, part: true });
    expect(hours[12]).toMatchObject({ value: null });
  });

  it("have the same weekdays of four weeks beside them, and only whole ones", () => {
    const readings = [
      ...every("2026-10-24T22:00:00Z", "2026-11-22T23:00:00Z", (time) => (onTheClock(time).day === dayOf("2026-11-15") ? 5 : 1)),
      ...every("2026-11-22T23:00:00Z", "2026-11-23T11:00:00Z"),
    ].filter((each) => onTheClock(each.at).day !== dayOf("2026-11-08") || onTheClock(each.at).hour > 3);
    const sunday = hoursOf(readings, dayOf("2026-11-22"), QUARTER);
    // 15th: 20 an hour; 8th: nothing at night; 1st: 4; 25th of October: the hour from 2 to 3 comes twice.
    expect(sunday[0]?.usual).toBeCloseTo((20 + 4 + 4) / 3);
    expect(sunday[12]?.usual).toBeCloseTo((20 + 4 + 4 + 4) / 4);
    const week = daysOf(readings, dayOf("2026-11-23"), QUARTER);
    expect(week.map((each) => each.part)).toEqual([false, false, false, false, false, false, true]);
    expect(week[5]).toMatchObject({ value: 96 });
    // The 8th has a gap and says nothing; the 25th of October had 25 hours, and all of them were counted.
    expect(week[5]?.usual).toBeCloseTo((96 * 5 + 96 + 100) / 3);
  });

  it("take a day with a change of clocks as whole", () => {
    const spring = dailyOf(every("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"), QUARTER);
    expect([...spring.values()]).toEqual([{ sum: 92, whole: true }]);
  });

  it("speak of a month by its mean day, from days, hours or quarters, each day once", () => {
    const days = new Map(Array.from({ length: 30 }, (_, i) => [dayOf("2026-09-01") + i, { sum: 100, whole: true }] as const));
    const finer = dailyOf(every("2026-09-30T22:00:00Z", "2026-11-10T23:00:00Z", () => 2), QUARTER);
    finer.set(dayOf("2026-09-30"), { sum: 9999, whole: true });
    const months = monthsOf([days, finer], dayOf("2026-11-10"));
    expect(months).toHaveLength(12);
    expect(months[0]).toMatchObject({ at: 11, year: 2025, value: null });
    expect(months.slice(-3).map((each) => each.value)).toEqual([100, (30 * 192 + 200) / 31, 192]);
    expect(months.at(-1)?.part).toBe(true);
    expect(monthsOf([new Map([[dayOf("2026-11-01"), { sum: 3, whole: true }]])], dayOf("2026-11-10")).at(-1)?.value).toBeNull();
  });

  it("are compared only where both sides are whole", () => {
    const bucket = (value: number | null, usual: number | null, part = false) => ({ at: 0, value, usual, part });
    expect(against([bucket(10, 5), bucket(null, 5), bucket(3, null), bucket(1, 5, true)])).toEqual({ value: 10, usual: 5 });
    expect(against([bucket(1, 5, true)])).toBeNull();
    expect(lastDayOf([])).toBeNull();
  });
});

describe("what a station counts", () => {
  const thing = (latest: Record<string, string>, units: Record<string, string>) =>
    ({
      layer: { properties: Object.entries(units).map(([name, unit]) => ({ name, unit, title: { de: name, en: name } })) },
      feature: { latest: Object.fromEntries(Object.entries(latest).map(([name, observed_at]) => [name, { value: 1, unit: units[name], observed_at }])) },
    }) as unknown as Thing;
  const units = { bicycles: "1/15min", bicycles_hour: "1/h", bicycles_day: "1/d", vehicles: "1/15min", speed: "km/h" };

  it("is the finest count that is about as new as any", () => {
    const counts = countsOf(thing({ bicycles: "2026-06-01T00:00:00Z", bicycles_day: "2026-11-21T00:00:00Z", speed: "2026-11-22T00:00:00Z" }, units));
    expect(counts.map((each) => each.property)).toEqual(["bicycles", "bicycles_day"]);
    expect(finest(counts)?.property).toBe("bicycles_day");
    expect(finest(countsOf(thing({ bicycles: "2026-11-20T12:00:00Z", bicycles_day: "2026-11-21T00:00:00Z" }, units)))?.property).toBe("bicycles");
    expect(countsOf(thing({ vehicles: "2026-11-20T12:00:00Z" }, units))[0]?.what).toBe("vehicles");
    expect(finest(countsOf(thing({ speed: "2026-11-20T12:00:00Z" }, units)))).toBeNull();
  });
});

describe("what is summed", () => {
  const bucket = (value: number | null) => ({ at: 0, value, part: false, usual: null });
  const telling = { words: WORDS.de, what: "Fahrräder", one: "Fahrrad" };

  it("is one bicycle, or several", () => {
    expect(summed([bucket(0.6), bucket(null), bucket(0.5)], telling)).toEqual(["1", "Fahrrad"]);
    expect(summed([bucket(1), bucket(1)], telling)).toEqual(["2", "Fahrräder"]);
    expect(summed([], telling)).toEqual(["0", "Fahrräder"]);
    expect(CHART.ls.daySum("Heute", "1", "Fahr-Rad")).toBe("Heute war es 1 Fahr-Rad.");
  });
});
