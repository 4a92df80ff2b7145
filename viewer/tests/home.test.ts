import { describe, expect, it } from "vitest";
import type { Layer } from "../src/data/types.js";
import { Home } from "../src/scene/home.js";

const home = (east: number, north: number) => new Home({ centre: [11.5, 48], bbox: [11.5 - east, 48 - north, 11.5 + east, 48 + north] });

describe("home", () => {
  it("is near enough to see houses, however large the city, and far enough to see more than one", () => {
    expect(home(0.2, 0.2).view.range).toBe(1500);
    expect(home(0.0001, 0.0001).view.range).toBe(450);
    expect(home(0.01, 0.01).view.range).toBeCloseTo(0.62 * 0.02 * 111_320 * Math.cos((48 * Math.PI) / 180), 0);
  });

  it("looks straight down from where a map does", () => {
    expect(home(0.2, 0.2).view.pitch).toBe(45);
    expect(new Home({ centre: [11.5, 48], bbox: [11.3, 47.8, 11.7, 48.2] }, 90).view.pitch).toBe(90);
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

  const layer = (geometry: Layer["geometry"], extent: Layer["extent"], revision: number | null = 1) => ({ geometry, extent, revision }) as Layer;
  const around = (lon: number, lat: number, degrees: number) => [
    ...[-2, -1, 0, 1, 2].flatMap((x) => [-2, -1, 0, 1, 2].map((y) => ({ lon: lon + x * degrees, lat: lat + y * degrees }))),
  ];

  it("stays at the centre where houses stand there, whatever else there is", () => {
    const there = home(0.2, 0.2);
    const before = { ...there.view };
    expect(there.frame([layer("terrain", undefined), layer("building", [11.4, 47.9, 11.6, 48.1])], around(11.6, 48.1, 0.01))).toBe(false);
    expect(there.view).toEqual(before);
  });

  it("looks at the houses that there are where none stand at the centre and hardly anything else is there", () => {
    const there = home(0.2, 0.2);
    const far: Layer["extent"] = [11.55, 48.04, 11.56, 48.05];
    expect(there.frame([layer("building", far, null)], [])).toBe(false);
    const [one] = around(11.5, 48, 0.001);
    expect(there.frame([layer("building", far)], one ? [one] : [])).toBe(true);
    expect(there.view).toMatchObject({ lon: expect.closeTo(11.555, 6) as number, lat: expect.closeTo(48.045, 6) as number });
    expect(there.view.range).toBeCloseTo(0.01 * 111_320 * Math.cos((48.045 * Math.PI) / 180), 0);
    expect(there.frame([layer("building", far)], [])).toBe(false);
    expect(there.frame([layer("building", far)], around(11.5, 48, 0.01))).toBe(true);
    expect(there.view).toMatchObject({ lon: 11.5, lat: 48 });
  });

  it("frames the heart of what a city without houses has: its centre where that lies among it, else its own middle", () => {
    const there = home(0.2, 0.2);
    there.fit(30_000, 0.55);
    const amid = around(11.51, 48, 0.01);
    expect(there.frame([], amid)).toBe(true);
    expect(there.view).toMatchObject({ lon: 11.5, lat: 48 });
    const { range } = there.view;
    expect(range).toBeGreaterThan(2 * 1500);
    // One thing far away, and many outside of the city, move nothing.
    expect(there.frame([], [...amid, { lon: 11.69, lat: 48.19 }, ...around(12.5, 49, 0.01)])).toBe(false);
    there.fit(30_000, 0.55);
    expect(there.view.range).toBe(range);
    there.frame([], around(11.62, 48.1, 0.002));
    expect(there.view).toMatchObject({ lon: expect.closeTo(11.62, 6) as number, lat: expect.closeTo(48.1, 6) as number });
    expect(there.view.range).toBeLessThan(range);
  });

  it("does not see a whole county at once, and one thing alone from near", () => {
    const there = home(2, 2);
    there.frame([], around(11.5, 48, 0.5));
    expect(there.view.range).toBe(9000);
    there.frame([], [{ lon: 11.6, lat: 48.1 }]);
    expect(there.view).toMatchObject({ lon: 11.6, lat: 48.1, range: 450 });
  });

  it("knows who looks from here, also turned, and not who only is as far off", () => {
    const { view } = home(0.2, 0.2);
    const place = home(0.2, 0.2);
    expect(place.is({ ...view, heading: 90, pitch: 30 })).toBe(true);
    expect(place.is({ ...view, lon: view.lon + 0.001 })).toBe(false);
    expect(place.is({ ...view, range: view.range + 2 })).toBe(false);
  });
});
