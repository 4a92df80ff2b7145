import { Color } from "three";
import { describe, expect, it } from "vitest";
import { SUM, measurable, measureOf, standOf } from "../src/data/measure.js";
import type { Stand } from "../src/data/measure.js";
import type { Layer, Thing } from "../src/data/types.js";
import { widthAt } from "../src/scene/columns.js";
import { DAY } from "../src/scene/palette.js";
import { fullHeight, standing } from "../src/scene/standing.js";
import { readAddress, writeFragment } from "../src/state/address.js";

const NOW = new Date("2026-03-10T12:00:00Z");
const FRESH = "2026-03-10T11:30:00Z";
const OLD = "2026-03-08T11:30:00Z";
const text = (word: string) => ({ de: word, en: word });
const property = (name: string, unit: string) => ({ name, title: text(name), unit });

function layerOf(schema: string, ...properties: Layer["properties"]): Layer {
  return { id: "city.x", name: "x", schema: `${schema}/1`, geometry: "point", theme: "traffic", interval_s: 900, properties } as unknown as Layer;
}

function station(layer: Layer, id: string, values: Record<string, number | null>, at = FRESH, sums?: Record<string, number>): Thing {
  const latest = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, unit: "1", observed_at: at }]));
  return { key: id, layer, lon: 0, lat: 0, feature: { type: "Feature", id, geometry: null, properties: {}, latest, ...(sums ? { last_24h: sums } : {}) } };
}

const air = layerOf("air-station", property("pm10", "ug/m3"), property("no2", "ug/m3"), property("air_quality_index", "1"));
const bikes = layerOf("rental-station", property("vehicles_available", "1"), property("docks_available", "1"));
const weather = layerOf("weather-station", property("air_temperature", "Cel"), property("wind_direction", "deg"), property("wind_speed", "m/s"));
const counter = layerOf("counter", property("bicycles", "1/15min"), property("bicycles_direction_1", "1/15min"));

function value(stand: Stand): Extract<Stand, { kind: "value" }> {
  if (stand.kind !== "value") throw new Error(stand.kind);
  return stand;
}

describe("what columns show", () => {
  it("is of the air its index, in the publisher's classes", () => {
    const things = [0, 2, 4].map((index) => station(air, `a${index}`, { pm10: 20, air_quality_index: index }));
    const measure = measureOf(air, things, NOW);
    expect(measure).toMatchObject({ property: "air_quality_index", index: true, limit: null, standing: 3, silent: 0 });
    const stands = things.map((each) => value(standOf(each, measure, NOW)));
    expect(stands.map(({ step }) => step)).toEqual([0, 2, 4]);
    expect(stands.map(({ share }) => share)).toEqual([0.2, 0.6, 1]);
  });

  it("is a substance beside its limit value, and what is above it sticks out, but not without end", () => {
    const things = [100, 200, 260, 2000].map((no2) => station(air, `a${no2}`, { no2, air_quality_index: 1 }));
    const measure = measureOf(air, things, NOW, "no2");
    expect(measure).toMatchObject({ property: "no2", from: 0, to: 200, breaks: [50, 100, 150, 200], limit: { value: 200, over: "hour" } });
    const stands = things.map((each) => value(standOf(each, measure, NOW)));
    expect(stands.map(({ share }) => share)).toEqual([0.5, 1, 1.3, 1.5]);
    expect(stands.map(({ step }) => step)).toEqual([2, 4, 4, 4]);
    expect(stands.every(({ limit }) => limit)).toBe(true);
  });

  it("is the leading value of most stations, on a round scale", () => {
    const things = [3, 17].map((count) => station(bikes, `r${count}`, { vehicles_available: count, docks_available: 2 }));
    expect(measureOf(bikes, things, NOW)).toMatchObject({ property: "vehicles_available", from: 0, to: 20, breaks: [4, 8, 12, 16] });
    expect(measureOf(bikes, [station(bikes, "r", { vehicles_available: 0 })], NOW)).toMatchObject({ to: 5, breaks: [1, 2, 3, 4] });
  });

  it("has degrees of frost below degrees of heat, and no column for a direction", () => {
    const things = [station(weather, "w", { air_temperature: -5, wind_direction: 270, wind_speed: 3 })];
    expect(measurable(weather, things).map(({ name }) => name)).toEqual(["air_temperature", "wind_speed"]);
    const measure = measureOf(weather, things, NOW);
    expect(measure).toMatchObject({ from: -20, to: 40, breaks: [-8, 4, 16, 28] });
    expect(value(standOf(things[0] as Thing, measure, NOW))).toMatchObject({ share: 0.25, step: 1 });
    expect(measureOf(weather, things, NOW, "wind_direction")?.property).toBe("air_temperature");
    expect(measureOf(weather, things, NOW, "nobody")?.property).toBe("air_temperature");
  });

  it("has values below nothing in the lower half of a scale", () => {
    const delay = layerOf("stop", property("delay", "s"));
    const things = [-30, 90].map((each) => station(delay, `s${each}`, { delay: each }));
    const measure = measureOf(delay, things, NOW);
    expect(measure).toMatchObject({ from: -100, to: 100 });
    expect(value(standOf(things[0] as Thing, measure, NOW)).share).toBeCloseTo(0.35);
  });

  it("is of a counter the sum of a day, parted by direction where the source tells them", () => {
    const sums = { bicycles: 3000, bicycles_direction_1: 1200 };
    const things = [station(counter, "c1", { bicycles: 30 }, FRESH, sums), station(counter, "c2", { bicycles: 4 }, FRESH, { bicycles: 400 })];
    const measure = measureOf(counter, things, NOW);
    expect(measure).toMatchObject({ property: SUM, to: 5000, parted: true, title: null });
    expect(value(standOf(things[0] as Thing, measure, NOW))).toMatchObject({ share: 0.6, part: 0.4 });
    expect(value(standOf(things[1] as Thing, measure, NOW)).part).toBeNull();
    expect(measurable(counter, things)).toEqual([]);
  });

  it("is nothing for what is old, missing or none, and that is counted", () => {
    const things = [station(air, "a", { air_quality_index: 1 }), station(air, "b", { air_quality_index: 1 }, OLD), station(air, "c", { air_quality_index: null })];
    const measure = measureOf(air, things, NOW);
    expect(measure).toMatchObject({ standing: 1, silent: 2 });
    expect(things.map((each) => standOf(each, measure, NOW).kind)).toEqual(["value", "silent", "silent"]);
    // One substance may be silent while the others go on.
    const half = station(air, "d", { air_quality_index: 1 });
    half.feature.latest = { ...half.feature.latest, no2: { value: 30, unit: "ug/m3", observed_at: OLD } };
    expect(standOf(half, measureOf(air, [half], NOW, "no2"), NOW).kind).toBe("silent");
  });

  it("is nothing where nobody ever measured", () => {
    const stop = layerOf("stop", property("delay", "s"));
    expect(measureOf(stop, [station(stop, "s", {})], NOW)).toBeNull();
    expect(standOf(station(stop, "s", {}), null, NOW)).toEqual({ kind: "plain" });
  });
});

describe("what stands in the scene", () => {
  const theme = new Color(0x123456);
  const full = fullHeight(air, 6);

  it("is as high as its share, in the colour of its class", () => {
    const one = standing({ kind: "value", share: 0.5, step: 3, index: false, limit: true, part: null }, full, theme, DAY);
    expect(one).toMatchObject({ head: full / 2, limit: full, ring: null });
    expect(one.pieces).toHaveLength(1);
    expect(one.pieces[0]?.colour).toBe(DAY.columns[3]);
    expect(standing({ kind: "value", share: 0, step: 0, index: true, limit: false, part: null }, full, theme, DAY)).toMatchObject({ ring: DAY.air[0] });
  });

  it("is to be seen for nothing, too, and lower where there are many or the story is another", () => {
    expect(standing({ kind: "value", share: 0, step: 0, index: false, limit: false, part: null }, full, theme, DAY).head).toBeGreaterThan(1);
    expect(fullHeight(air, 400)).toBeLessThan(full / 2);
    expect(fullHeight(bikes, 6)).toBeLessThan(full / 2);
  });

  it("has two parts, but none that nobody sees", () => {
    const parted = (part: number) => standing({ kind: "value", share: 1, step: 4, index: false, limit: false, part }, full, theme, DAY);
    const [low, high] = parted(0.4).pieces;
    expect((low?.high ?? 0) + (low?.from ?? 0)).toBeLessThan(high?.from ?? 0);
    expect((high?.from ?? 0) + (high?.high ?? 0)).toBeCloseTo(full);
    expect(parted(0.001).pieces).toHaveLength(1);
  });

  it("is no column for who is silent", () => {
    const disc = standing({ kind: "silent" }, full, theme, DAY);
    expect(disc.head).toBeLessThan(2);
    expect(disc.pieces[0]?.colour).toBe(DAY.siteDone);
    // Seen from 9 km no wider than a dot: a window of 900 px shows about 45 degrees.
    expect(((2 * widthAt(9000) * (disc.pieces[0]?.wide ?? 0)) / 9000) * (900 / (Math.PI / 4))).toBeLessThan(9);
  });
});

it("keeps the choice in the address, and nothing else", () => {
  expect(readAddress({ search: "", hash: "#values=air-quality:no2,weather:air_temperature" }).values).toEqual({ "air-quality": "no2", weather: "air_temperature" });
  expect(readAddress({ search: "", hash: "#values=<b>,x:,:y,a:b:c" }).values).toBeUndefined();
  expect(writeFragment({ values: { "air-quality": "no2" } })).toBe("#values=air-quality:no2");
  expect(writeFragment({ values: {} })).toBe("");
});
