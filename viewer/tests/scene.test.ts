import { Matrix4 } from "three";
import { describe, expect, it } from "vitest";
import { contains, bearing, distance } from "../src/data/places.js";
import { hash } from "../src/scene/dress.js";
import { edgeIndex } from "../src/scene/edges.js";
import { Frame } from "../src/scene/frame.js";
import { Ground } from "../src/scene/ground.js";
import { LayerSwitch, layerIn } from "../src/scene/layers.js";
import { reliefOf } from "../src/scene/relief.js";
import { light, sun } from "../src/scene/sun.js";
import { steer } from "../src/state/keys.js";

describe("frame", () => {
  it("brings places into metres east, up, south, and back", () => {
    const frame = new Frame(11.575, 48.137, 500);
    const east = frame.toLocal(11.576, 48.137, 500);
    expect(east.x).toBeCloseTo(74.4, 0);
    expect(Math.abs(east.z)).toBeLessThan(0.1);
    expect(frame.toLocal(11.575, 48.138, 500).z).toBeCloseTo(-111.2, 0);
    expect(frame.toLocal(11.575, 48.137, 520).y).toBeCloseTo(20, 3);
    expect(frame.toLonLat(east).lon).toBeCloseTo(11.576, 9);
  });
});

describe("ground", () => {
  it("answers heights inside the tile, and nothing outside", () => {
    const points = Float32Array.of(0, 0, 0, 100, 10, 0, 0, 0, 100, 100, 10, 100);
    const faces = { points, index: Uint32Array.of(0, 1, 2, 1, 3, 2), whole: false };
    const relief = reliefOf(faces, new Matrix4().toArray());
    const ground = new Ground();
    const tile = {};
    ground.level = 7;
    if (relief) ground.add(tile, relief);
    expect(ground.height(50, 50)).toBeCloseTo(5, 1);
    expect(ground.height(500, 50)).toBeNull();
    expect(ground.at(500, 50)).toBe(7);
    ground.remove(tile);
    expect(ground.empty).toBe(true);
  });
});

describe("edges", () => {
  // A box's front and top: two squares that share one side.
  const corners = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, -1, 1, 1, -1];
  const fold = (points: number[]) => ({
    points: Float32Array.from(points),
    index: Uint32Array.of(0, 1, 2, 0, 2, 3, 3, 2, 5, 3, 5, 4),
    whole: false,
  });

  it("are where faces bend, and not where triangles only meet", () => {
    expect(edgeIndex(fold(corners), false)).toHaveLength(2);
    expect(edgeIndex(fold(corners), true)).toHaveLength(14);
  });

  it("are none where the faces lie flat", () => {
    const flat = [...corners.slice(0, 12), 0, 2, 0, 1, 2, 0];
    expect(edgeIndex(fold(flat), false)).toHaveLength(0);
  });
});

describe("layers of tiles", () => {
  it("are told by the address, and inherited", () => {
    expect(layerIn("../demo.bike-counts/tileset.json")).toBe("demo.bike-counts");
    expect(layerIn("/tiles/demo.buildings/content/0a.glb")).toBe("demo.buildings");
    expect(layerIn("../../content/0a.glb")).toBeNull();
    const root = { parent: null, content: { uri: "../demo.water/tileset.json" } };
    const leaf = { parent: { parent: root }, content: { uri: "../../content/1.glb" } };
    const plugin = new LayerSwitch(null);
    expect(plugin.layer(leaf)).toBe("demo.water");
    const target = { inView: true };
    expect(plugin.calculateTileViewError(leaf, target)).toBe(false);
    plugin.hidden = new Set(["demo.water"]);
    expect([plugin.calculateTileViewError(leaf, target), target.inView]).toEqual([true, false]);
  });
});

describe("sun", () => {
  it("stands in the south at noon, high in June and low in December", () => {
    const june = sun(new Date("2026-06-21T11:15:00Z"), 11.575, 48.137);
    expect(june.altitude).toBeCloseTo(65.3, 0);
    expect(Math.abs(june.azimuth - 180)).toBeLessThan(3);
    expect(sun(new Date("2026-12-21T11:12:00Z"), 11.575, 48.137).altitude).toBeCloseTo(18.4, 0);
    expect(sun(new Date("2026-06-21T05:00:00Z"), 11.575, 48.137).azimuth).toBeLessThan(90);
  });

  it("gives way to a map maker's light once its last glow has gone", () => {
    expect(light(new Date("2026-11-21T23:00:00Z"), 11.575, 48.137)).toMatchObject({ azimuth: 225, altitude: 42 });
    const glow = light(new Date("2026-12-21T15:40:00Z"), 11.575, 48.137);
    expect(glow.height).toBeLessThan(0);
    expect([Math.round(glow.azimuth), glow.altitude]).toEqual([238, 8]);
    // Shadows at noon are true all year; only those of early and late hours are shorter.
    expect(light(new Date("2026-12-21T11:12:00Z"), 11.575, 48.137).altitude).toBeCloseTo(18.4, 1);
    expect(light(new Date("2026-12-21T08:00:00Z"), 11.575, 48.137).altitude).toBe(8);
  });
});

describe("places", () => {
  it("know distance, bearing and inside", () => {
    const a = { lon: 11.57, lat: 48.14 };
    expect(distance(a, { lon: 11.57, lat: 48.149 })).toBeCloseTo(1002, 0);
    expect(bearing(a, { lon: 11.58, lat: 48.14 })).toBeCloseTo(90, 0);
    const ring: [number, number][] = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]];
    const hole: [number, number][] = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]];
    const area = { type: "Polygon" as const, coordinates: [ring, hole] };
    expect([contains(area, { lon: 3, lat: 3 }), contains(area, { lon: 1.5, lat: 1.5 }), contains(area, { lon: 9, lat: 1 })]).toEqual([true, false, false]);
    expect(contains(null, { lon: 0, lat: 0 })).toBe(false);
  });

  it("keep a house's shade", () => {
    expect(hash("DEBY_LOD2_1")).toBe(hash("DEBY_LOD2_1"));
    expect(new Set(["a", "b", "c", "d"].map(hash)).size).toBeGreaterThan(2);
  });
});

describe("keys", () => {
  it("steer the view and leave the browser's own alone", () => {
    const done: unknown[] = [];
    const home = { lon: 0, lat: 0, range: 1, heading: 0, pitch: 45 };
    const scene = { view: { range: 100 }, home, eye: { nudge: (by: object) => done.push(by), go: () => done.push("home") }, pickMiddle: () => done.push("pick") };
    const press = (key: string, more = {}) => steer({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more }, scene);
    expect(["ArrowUp", "+", "Q", "Home", "Enter"].map((key) => press(key))).toEqual([true, true, true, true, true]);
    expect(done).toEqual([{ ahead: expect.closeTo(14) }, { zoom: 1.4 }, { turn: -15 }, "home", "pick"]);
    expect(press("ArrowLeft", { shiftKey: true })).toBe(true);
    expect([press("+", { ctrlKey: true }), press("x"), press("Tab")]).toEqual([false, false, false]);
  });
});
