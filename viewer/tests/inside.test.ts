import { describe, expect, it } from "vitest";
import { insideOf } from "../src/data/inside.js";
import { canLieInside } from "../src/data/kinds.js";
import { Service } from "../src/data/service.js";
import type { Layer, Thing } from "../src/data/types.js";

const layer = (id: string, schema: string, geometry: Layer["geometry"], revision: number | null = 1) => ({ id, schema, geometry, revision }) as Layer;
const district = (id: string) => ({ layer: layer("probe.districts", "district/1", "area"), feature: { id } }) as unknown as Thing;
const trees = layer("probe.trees", "tree/1", "point");
const sites = layer("probe.sites", "roadwork/1", "area");

class Counting extends Service {
  readonly asked: Record<string, string>[] = [];

  constructor(private readonly counts: Record<string, number>, datetime: string | null = null) {
    super("http://localhost/twin/", datetime);
  }

  override async json<T>(path: string, query: Record<string, string> = {}): Promise<T> {
    this.asked.push(query);
    return { numberMatched: this.counts[path.split("/")[2] as string] } as T;
  }
}

describe("what lies in an area", () => {
  it("is counted for each layer of things, by the area's id, and what has nothing there is left out", async () => {
    const service = new Counting({ "probe.trees": 12_345, "probe.sites": 0 });
    const found = await insideOf(service, district("9"), [trees, sites]);
    expect(found.map(({ layer: { id }, count, rows }) => [id, count, rows])).toEqual([["probe.trees", 12_345, 10_000]]);
    expect(service.asked).toHaveLength(2);
    expect(service.asked[0]).toEqual({ filter: "S_INTERSECTS(geometry,FEATURE('probe.districts','9'))", limit: "1", skipGeometry: "true" });
  });

  it("leads to all of them, below the service's own path and at the instant that is shown", async () => {
    const [found] = await insideOf(new Counting({ "probe.trees": 3 }, "2026-01-01T00:00:00Z"), district("Au-Haidhausen's"), [trees]);
    const page = new URL(found?.page ?? "");
    expect(page.pathname).toBe("/twin/ogc/collections/probe.trees/items");
    expect(page.searchParams.get("filter")).toBe("S_INTERSECTS(geometry,FEATURE('probe.districts','Au-Haidhausen''s'))");
    expect(page.searchParams.get("datetime")).toBe("2026-01-01T00:00:00Z");
    const table = new URL(found?.table ?? "");
    expect([table.searchParams.get("f"), table.searchParams.get("limit"), table.searchParams.get("datetime")]).toEqual(["csv", "10000", "2026-01-01T00:00:00Z"]);
  });

  it("is no ground, nothing without a revision, and no other district", () => {
    expect(canLieInside(trees)).toBe(true);
    expect(canLieInside(layer("probe.buildings", "building/1", "building"))).toBe(true);
    expect(canLieInside(layer("probe.terrain", "terrain/1", "terrain"))).toBe(false);
    expect(canLieInside(layer("probe.trees", "tree/1", "point", null))).toBe(false);
    expect(canLieInside(layer("probe.districts", "district/1", "area"))).toBe(false);
  });
});
