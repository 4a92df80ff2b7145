import { describe, expect, it } from "vitest";
import { limitOf } from "../src/data/limits.js";
import { CHART } from "../src/words/chart.js";
import { WIDE, axis, barsOf, level, pace, pathsOf } from "../src/parts/chart-shape.js";

const area = { left: 0, right: 100, top: 0, bottom: 50 };

describe("the shape of charts", () => {
  it("has an axis of round numbers that reaches over all values", () => {
    expect(axis(127)).toEqual({ low: 0, high: 150, ticks: [0, 50, 100, 150] });
    expect(axis(0.7, 0.3, 2)).toEqual({ low: 0, high: 1, ticks: [0, 0.5, 1] });
    expect(axis(8, -3.2, 2)).toEqual({ low: -10, high: 10, ticks: [-10, 0, 10] });
    expect(axis(-2, -11, 2).ticks).toContain(0);
    expect(axis(-2.5, -3.1, 2).ticks, "a frosty night").toEqual([-4, -2, 0]);
    expect(axis(0)).toEqual({ low: 0, high: 1, ticks: [0] });
    for (const most of [1, 3, 9, 12, 99, 101, 3456, 87_654.3]) {
      const { high, ticks } = axis(most);
      expect(high).toBeGreaterThanOrEqual(most);
      expect(ticks.length).toBeLessThanOrEqual(5);
      expect(ticks.at(-1)).toBe(high);
    }
  });

  it("is told in Leichte Sprache with whole sentences", () => {
    expect(CHART.ls.now("PM10", "20", "20.\u00a0November 2026")).toBe("PM10: 20. Das war am 20.\u00a0November 2026.");
    expect(CHART.ls.now("PM10", "20", "heute, 14:00 Uhr")).toBe("PM10: 20. Das war heute, 14:00 Uhr.");
  });

  it("leaves gaps where there is no value, and draws none below nothing", () => {
    const bars = barsOf([10, null, 0, -5], 20, area, 0.5);
    expect(bars[0]).toEqual({ x: 6.25, y: 25, width: 12.5, height: 25 });
    expect(bars[1]).toBeNull();
    expect(bars.slice(2).map((each) => each?.height)).toEqual([0, 0]);
    expect(level(20, 0, 20, area)).toBe(0);
  });

  it("breaks a line where nobody measured, and shows a lonely value as a dot", () => {
    const readings = [0, 1, 2, 5, 9, 10].map((at) => ({ at, value: at }));
    expect(pace(readings)).toBe(1);
    const paths = pathsOf(readings, [0, 10], [0, 10], 1.6, area);
    expect(paths).toEqual(["M0.0 50.0L10.0 45.0L20.0 40.0", "M50.0 25.0h0", "M90.0 5.0L100.0 0.0"]);
    expect(pathsOf([{ at: -1, value: 1 }], [0, 10], [0, 1], 1, area)).toEqual([]);
    expect(pace([])).toBe(0);
    expect(WIDE).toBeGreaterThan(0);
  });

  it("knows limits only in their own unit", () => {
    expect(limitOf("no2", "ug/m3")).toMatchObject({ value: 200, over: "hour" });
    expect(limitOf("no2", "mg/m3")).toBeNull();
    expect(limitOf("air_temperature", "Cel")).toBeNull();
  });
});
