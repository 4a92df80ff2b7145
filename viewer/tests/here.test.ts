import { describe, expect, it } from "vitest";
import { airIndex, grouped, here, isStuck, silence } from "../src/data/here.js";
import { nearest, things } from "../src/data/things.js";
import type { Feature, Layer, Thing } from "../src/data/types.js";

const now = new Date("2026-11-24T13:30:00Z");

function thing(schema: string, id: string, more: Partial<Feature> = {}, properties: Feature["properties"] = {}): Thing {
  const layer = { id: `demo.${schema}`, schema: `${schema}/1` } as Layer;
  const feature: Feature = { type: "Feature", id, geometry: null, properties, ...more };
  return { key: `${layer.id}/${id}`, layer, feature, lon: 11.57, lat: 48.14 };
}

function counter(id: string, count: number, usual: number | null, observed_at = "2026-11-24T13:15:00Z"): Thing {
  return thing("counter", id, {
    latest: { bicycles: { value: 3, unit: "1/15min", observed_at } },
    last_24h: { bicycles: count },
    usual_24h: { bicycles: usual },
  });
}

function air(id: string, index: number | null, observed_at = "2026-11-24T13:00:00Z"): Thing {
  return thing("air-station", id, { latest: { air_quality_index: { value: index, unit: "1", observed_at } } });
}

describe("what the card says", () => {
  it("counts running sites once, and those new since Monday", () => {
    const site = (id: string, phase: Feature["phase"], valid_from: string, group: string | null) =>
      thing("roadwork", id, { phase }, { valid_from, site: group });
    const facts = here(
      [
        site("1", "running", "2026-11-23T08:00:00Z", "a"),
        site("2", "running", "2026-11-23T08:00:00Z", "a"),
        site("3", "running", "2026-10-01T08:00:00Z", null),
        site("4", "running", "2026-10-01T08:00:00Z", null),
        site("5", "coming", "2026-12-01T08:00:00Z", null),
        site("6", "done", "2026-11-23T08:00:00Z", null),
      ],
      now,
    );
    expect(facts.sites.running.map((each) => each.feature.id)).toEqual(["1", "3", "4"]);
    expect(facts.sites.fresh.map((each) => each.feature.id)).toEqual(["1"]);
  });

  it("adds bicycles and compares only what has a usual", () => {
    const facts = here([counter("a", 1000, 500), counter("b", 100, null)], now);
    expect(facts.bikes.sum).toBe(1100);
    expect(facts.bikes.against).toBe("more");
    expect(here([counter("a", 520, 500)], now).bikes.against).toBe("same");
    expect(here([counter("a", 5, null)], now).bikes.against).toBeNull();
  });

  it("leaves silent and stuck counters out of the sum, and names them", () => {
    const facts = here([counter("a", 700, 500), counter("dead", 0, 500), counter("mute", 40, 500, "2026-11-22T00:00:00Z")], now);
    expect(facts.bikes.sum).toBe(700);
    expect(facts.bikes.stuck.map((each) => each.feature.id)).toEqual(["dead"]);
    expect(facts.bikes.silent.map((each) => each.since?.toISOString())).toEqual(["2026-11-22T00:00:00.000Z"]);
    expect(isStuck(counter("quiet", 0, 3))).toBe(false);
  });

  it("says nothing rather than zero where nobody counts", () => {
    const facts = here([thing("counter", "new")], now);
    expect(facts.bikes).toMatchObject({ any: true, sum: null, against: null });
    expect(silence(thing("counter", "new"), now)).toEqual({ since: null });
  });

  it("takes the worst air class that is fresh", () => {
    const facts = here([air("a", 1), air("b", 2), air("old", 4, "2026-11-23T00:00:00Z"), air("none", null)], now);
    expect(facts.air.worst?.thing.feature.id).toBe("b");
    expect(facts.air.silent.map((each) => each.thing.feature.id)).toEqual(["old"]);
    expect([air("x", 9), air("x", -1), air("x", null)].map(airIndex)).toEqual([null, null, null]);
  });
});

describe("things", () => {
  it("are found by distance, districts last, and only with a place", () => {
    const layer = { id: "demo.x", schema: "counter/1" } as Layer;
    const point = (id: string, lon: number): Feature => ({ type: "Feature", id, geometry: { type: "Point", coordinates: [lon, 48] }, properties: {} });
    const found = things(layer, [point("far", 11.6), point("near", 11.51), { ...point("nowhere", 0), geometry: null }]);
    expect(found).toHaveLength(2);
    expect(nearest(found, { lon: 11.5, lat: 48 }, 9).map((each) => each.feature.id)).toEqual(["near", "far"]);
    expect(grouped(found)).toHaveLength(2);
  });
});
