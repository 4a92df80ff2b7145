import { describe, expect, it } from "vitest";
import { Home } from "../src/scene/home.js";

const home = (east: number, north: number) => new Home({ centre: [11.5, 48], bbox: [11.5 - east, 48 - north, 11.5 + east, 48 + north] });

describe("home", () => {
  it("is near enough to see houses, however large the city, and far enough to see more than one", () => {
    expect(home(0.2, 0.2).view.range).toBe(1500);
    expect(home(0.0001, 0.0001).view.range).toBe(450);
    expect(home(0.01, 0.01).view.range).toBeCloseTo(0.62 * 0.02 * 111_320 * Math.cos((48 * Math.PI) / 180), 0);
  });

  it("lets one go as far as the city is wide", () => {
    expect(home(0.001, 0.001).furthest).toBe(3000);
    expect(home(0.2, 0.2).furthest).toBeGreaterThan(80_000);
  });

  it("fits the model, further off in an upright picture", () => {
    const wide = home(0.2, 0.2);
    wide.fit(1000, 1.6);
    expect([wide.view.range, wide.reach]).toEqual([1000, 2000]);
    const narrow = home(0.2, 0.2);
    narrow.fit(1000, 0.55);
    expect(narrow.view.range).toBeCloseTo(2000);
    const small = home(0.001, 0.001);
    small.fit(1e6, 1.6); // a model is never larger than its city
    expect(small.reach).toBeLessThan(300);
  });

  it("knows who looks from here, also turned, and not who only is as far off", () => {
    const { view } = home(0.2, 0.2);
    const place = home(0.2, 0.2);
    expect(place.is({ ...view, heading: 90, pitch: 30 })).toBe(true);
    expect(place.is({ ...view, lon: view.lon + 0.001 })).toBe(false);
    expect(place.is({ ...view, range: view.range + 2 })).toBe(false);
  });
});
