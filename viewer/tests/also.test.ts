import { describe, expect, it } from "vitest";
import { also, over } from "../src/data/also.js";
import type { Feature, Layer, Thing } from "../src/data/types.js";

const now = new Date("2026-11-24T13:30:00Z");

function thing(schema: string, id: string, more: Partial<Feature>, properties: Feature["properties"] = {}): Thing {
  const layer = { id: `demo.${schema}`, schema: `${schema}/1`, interval_s: 300 } as Layer;
  return { key: `${layer.id}/${id}`, layer, feature: { type: "Feature", id, geometry: null, properties, ...more }, lon: 11.57, lat: 48.14 };
}

const free = (id: string, value: number | null, observed_at: string) => thing("parking", id, { latest: { free: { value, unit: "1", observed_at } } });

describe("what else the card says", () => {
  it("names what begins within a week, a site of several areas once", () => {
    const site = (id: string, phase: Feature["phase"], valid_from: string, group: string | null = null) => thing("roadwork", id, { phase }, { valid_from, site: group });
    const sites = [site("1", "coming", "2026-11-30T23:00:00Z", "a"), site("2", "coming", "2026-11-30T23:00:00Z", "a"), site("3", "coming", "2026-12-05T23:00:00Z"), site("4", "running", "2026-11-20T23:00:00Z")];
    expect(also(sites, [], now).soon.map((each) => each.feature.id)).toEqual(["1"]);
  });

  it("adds up what is free where one has heard of it lately, and says how old that is", () => {
    const found = also([free("1", 12, "2026-11-24T13:25:00Z"), free("2", 0, "2026-11-24T13:10:00Z"), free("3", 90, "2026-11-23T13:10:00Z"), free("4", null, "2026-11-24T13:25:00Z")], [], now).parking;
    expect(found).toMatchObject({ sum: 12, asOf: new Date("2026-11-24T13:10:00Z") });
    expect(found?.things).toHaveLength(2);
    expect(also([free("3", 90, "2026-11-23T13:10:00Z")], [], now).parking).toBeNull();
  });

  it("has only warnings that hold now, over the place one looks at", () => {
    const square = { type: "Polygon" as const, coordinates: [[[11, 48], [12, 48], [12, 49], [11, 49], [11, 48]] as [number, number][]] };
    const warning = (id: string, valid_to: string) => thing("weather-warning", id, { geometry: square }, { valid_from: "2026-11-24T10:00:00Z", valid_to });
    const all = [warning("now", "2026-11-24T20:00:00Z"), warning("over", "2026-11-24T12:00:00Z")];
    expect(also(over(all, { lon: 11.5, lat: 48.5 }), [], now).warnings.map((each) => each.feature.id)).toEqual(["now"]);
    expect(over(all, { lon: 13, lat: 48.5 })).toEqual([]);
  });

  it("names sources that are not as they should be, of what it speaks of", () => {
    const layer = (schema: string, state: Layer["state"], revision: number | null = 1) => ({ id: schema, schema: `${schema}/1`, state, revision }) as Layer;
    const found = also([], [layer("roadwork", "silent"), layer("counter", "fresh"), layer("tree", "silent"), layer("parking", "late", null)], now).stale;
    expect(found.map((each) => each.id)).toEqual(["roadwork"]);
  });
});
