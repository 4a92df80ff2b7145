import { describe, expect, it } from "vitest";
import { SQUARE_M, namesIn } from "../src/flat/names.js";
import { levelOf, lonLatOf, meets, rangeOf, scaleOf, spotOf, tilesIn } from "../src/flat/mercator.js";
import { GROUND, nightly } from "../src/flat/night.js";
import { distance, inside } from "../src/flat/pick.js";
import { DAY, NIGHT } from "../src/scene/palette.js";
import { colour, dashes, draws, number, value } from "../src/flat/style.js";

describe("the square of the map", () => {
  it("comes back to where it was", () => {
    for (const place of [
      { lon: 11.575, lat: 48.137 },
      { lon: -179.9, lat: -84 },
      { lon: 0, lat: 0 },
    ]) {
      const { lon, lat } = lonLatOf(spotOf(place));
      expect(lon).toBeCloseTo(place.lon, 9);
      expect(lat).toBeCloseTo(place.lat, 9);
    }
    expect(spotOf({ lon: 0, lat: 90 }).y).toBeCloseTo(0, 9);
  });

  it("finds the tile of the documentation's example", () => {
    const { x, y } = spotOf({ lon: 11.5695, lat: 48.1396 });
    expect(tilesIn(14, x, y, x, y, 9)).toEqual([{ level: 14, row: 5685, column: 8718 }]);
  });

  it("shows as much as the scene from above", () => {
    const scale = scaleOf({ lat: 48, range: 1500 }, 600);
    expect(rangeOf(scale, 48, 600)).toBeCloseTo(1500, 6);
    const metres = (600 / scale) * 40_075_017 * Math.cos((48 * Math.PI) / 180);
    expect(metres).toBeCloseTo(2 * 1500 * Math.tan(Math.PI / 10), 0);
  });

  it("takes levels that there are, and few tiles of them", () => {
    expect(levelOf(256 * 2 ** 20, 0, 16)).toBe(16);
    expect(levelOf(1, 3, 16)).toBe(3);
    expect(levelOf(256 * 2 ** 14.7, 0, 16)).toBe(14);
    const all = tilesIn(16, 0, 0, 1, 1, 30);
    expect(all).toHaveLength(30);
  });
});

describe("tiles that a layer has", () => {
  const bounds = [11.5, 48.1, 11.521, 48.105];
  const at = (level: number, row: number, column: number) => meets({ level, row, column }, bounds);

  it("are those around it, with a little beyond their edges", () => {
    expect(at(0, 0, 0)).toBe(true);
    expect(at(14, 5688, 8715)).toBe(true);
    for (const [row, column] of [[5686, 8715], [5690, 8715], [5688, 8713], [5688, 8718]] as const) expect(at(14, row, column)).toBe(false);
    const { x } = spotOf({ lon: 11.5, lat: 48.1 });
    const edge = Math.floor(x * 2 ** 16) / 2 ** 16;
    const near = [lonLatOf({ x: edge + 0.01 / 2 ** 16, y: 0.5 }).lon, -1, 12, 1];
    const far = [lonLatOf({ x: edge + 0.02 / 2 ** 16, y: 0.5 }).lon, -1, 12, 1];
    const before = { level: 16, row: 2 ** 15, column: Math.round(edge * 2 ** 16) - 1 };
    expect(meets(before, near)).toBe(true);
    expect(meets(before, far)).toBe(false);
  });

  it("are all where nothing is said", () => {
    expect(meets({ level: 3, row: 7, column: 0 }, [])).toBe(true);
  });
});

describe("names of streets on the map", () => {
  const at = { level: 14, row: 5685, column: 8718 };
  const side = SQUARE_M / 2 ** 14;
  const tile = (schema: string, ...ways: [string, number[], string?][]) => ({
    sheet: { layer: { schema } },
    at,
    part: at,
    painted: { extent: 4096, strokes: [], features: ways.map(([name, way, shape = "LineString"]) => ({ shape, properties: { name }, parts: [Int32Array.from(way)] })) },
  });
  const named = (...tiles: ReturnType<typeof tile>[]) => namesIn(tiles as unknown as Parameters<typeof namesIn>[0]);

  it("stand in the middle of the longest piece, along it, the longest street first", () => {
    const [first, second] = named(
      tile("street/1", ["Lange Gasse", [0, 0, 400, 0]], ["Bogen", [1000, 1000, 1000, 1500, 1000, 3000]], ["Hof", [0, 0, 10, 0]]),
      tile("street/1", ["Bogen", [0, 0, 0, 900]]),
    );
    expect([first?.text, second?.text]).toEqual(["Bogen", "Lange Gasse"]);
    expect((first?.x ?? 0) - at.column * side).toBeCloseTo((1000 / 4096) * side, 3);
    expect((first?.z ?? 0) - at.row * side).toBeCloseTo((2000 / 4096) * side, 3);
    expect(Math.abs(first?.alongZ ?? 0)).toBeCloseTo(1, 6);
    expect(second?.alongX).toBeCloseTo(1, 6);
  });

  it("are not written along a street that is shorter than 90 m, has no name, or is an area", () => {
    const metres = (length: number) => [0, 0, Math.round((length * 4096) / side), 0];
    expect(named(tile("street/1", ["Hof", metres(85)], ["", metres(500)], ["Platz", metres(500), "Polygon"]))).toEqual([]);
    expect(named(tile("street/1", ["Gasse", metres(95)]))).toHaveLength(1);
  });

  it("are turned as the street is around its middle, and a short one as it is from end to end", () => {
    const [bent, short] = named(tile("street/1", ["Knick", [0, 0, 1000, 0, 1000, 3000]], ["Eck", [0, 0, 0, 0, 20, 0, 20, 150]]));
    expect(bent?.alongZ).toBeCloseTo(1, 6);
    expect(short?.alongX).toBeCloseTo(20 / Math.hypot(20, 150), 6);
  });

  it("are those of streets alone", () => {
    expect(named(tile("route/1", ["Linie 109", [0, 0, 400, 0]]))).toEqual([]);
  });
});

describe("the service's style", () => {
  const of = (properties: Record<string, string | number | boolean>, shape: "Point" | "LineString" | "Polygon" = "Polygon") => ({ shape, properties });
  const over = ["all", ["has", "valid_to"], ["<=", ["get", "valid_to"], "2026-11-22T17:37:00Z"]];

  it("colours by case, match and step", () => {
    const site = ["case", over, "#9a8f80", "#e8740c"];
    expect(colour(site, of({ valid_to: "2026-01-01T00:00:00Z" }))).toBe("#9a8f80");
    expect(colour(site, of({}))).toBe("#e8740c");
    const kinds = ["match", ["get", "use"], "park", "#e69f00", "wood", "#56b4e9", "#2b7350"];
    expect(colour(kinds, of({ use: "wood" }))).toBe("#56b4e9");
    expect(colour(kinds, of({}))).toBe("#2b7350");
    const steps = ["case", ["==", ["typeof", ["get", "noise"]], "number"], ["step", ["to-number", ["get", "noise"]], "#fde725", 50, "#a0da39", 60, "#440154"], "#2b7350"];
    expect([40, 50, 59.9, 60, 90].map((noise) => colour(steps, of({ noise })))).toEqual(["#fde725", "#a0da39", "#a0da39", "#440154", "#440154"]);
    expect(colour(steps, of({ noise: "laut" }))).toBe("#2b7350");
  });

  it("filters by form and time", () => {
    const filter = ["all", ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false], ["any", ["!", ["has", "valid_to"]], [">", ["get", "valid_to"], "2026"]]];
    expect(draws({ type: "fill", filter, paint: {} }, of({}))).toBe(true);
    expect(draws({ type: "fill", filter, paint: {} }, of({ valid_to: "2025" }))).toBe(false);
    expect(draws({ type: "fill", filter, paint: {} }, of({}, "Point"))).toBe(false);
  });

  it("of another version draws nothing wrong: what is not known gives nothing", () => {
    let deep: unknown = "#ffffff";
    for (let i = 0; i < 5000; i++) deep = ["case", true, deep, "#000000"];
    for (const odd of [["constructor"], ["toString", 1], ["interpolate", ["linear"], 1], {}, null, [], [[]], "url(//x.example)", "red;}", ["get"], deep]) {
      expect(colour(odd, of({ name: "x" }))).toBeNull();
    }
    expect(value(["<=", ["get", "a"], 1], of({ a: "b" }))).toBe(false);
    expect(number(["get", "wide"], of({ wide: 1e9 }), 1, 40)).toBe(40);
    expect(number(-3, of({}), 1, 40)).toBe(1);
  });

  it("has a night for its ground", () => {
    expect(nightly(GROUND)).not.toBe(GROUND);
    expect(nightly("#e69f00")).toBe("#e69f00");
  });

  it("has the night of the scene", () => {
    const hex = (of: { getHexString: () => string }) => `#${of.getHexString()}`;
    for (const name of ["wall", "terrain", "water", "green", "street", "leaves", "site", "siteDone", "chosen"] as const) {
      expect([name, nightly(hex(DAY[name]))]).toEqual([name, hex(NIGHT[name])]);
    }
    for (const theme of ["traffic", "construction", "environment", "model"] as const) {
      expect([theme, nightly(hex(DAY.themes[theme]))]).toEqual([theme, hex(NIGHT.themes[theme])]);
    }
  });

  it("dashes lines by numbers alone", () => {
    expect(dashes([2.5, 1.8])).toEqual([2.5, 1.8]);
    for (const odd of [undefined, "1 2", [0, 3], [-1, 2], [1, "2"], ["get", "x"], [1e9, 1]]) expect(dashes(odd)).toEqual([]);
  });
});

describe("what lies under a finger", () => {
  const ring = Int32Array.from([0, 0, 10, 0, 10, 10, 0, 10]);
  const court = Int32Array.from([4, 4, 6, 4, 6, 6, 4, 6]);

  it("is inside a house, not in its courtyard", () => {
    expect(inside([ring, court], 2, 2)).toBe(true);
    expect(inside([ring, court], 5, 5)).toBe(false);
    expect(inside([ring], 11, 5)).toBe(false);
  });

  it("is near a line between its ends, or near a point", () => {
    const parts = [Int32Array.from([0, 0, 10, 0])];
    expect(distance({ shape: "LineString", parts }, 5, 3)).toBe(3);
    expect(distance({ shape: "LineString", parts }, 13, 4)).toBe(5);
    expect(distance({ shape: "Point", parts }, 5, 0)).toBe(5);
  });
});
