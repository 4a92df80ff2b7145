import type { HemisphereLight, Mesh, ShaderMaterial } from "three";
import { Color, Scene } from "three";
import { describe, expect, it, vi } from "vitest";
import { isClear } from "../src/scene/clear.js";
import { Lettering } from "../src/scene/lettering.js";
import { hourOf } from "../src/scene/hour.js";
import { Daylight } from "../src/scene/light.js";
import { DAY, outlined } from "../src/scene/palette.js";
import { Plain, heightsOf } from "../src/scene/plain.js";

const SIZE = { width: 800, height: 600 };
const MARGINS = { left: 300, top: 40, bottom: 50, resting: 50, over: [{ left: 700, right: 780, top: 100, bottom: 400 }] };
const clear = (x: number, y: number, wide = 60, high = 14) => isClear({ x, y, wide, high }, MARGINS, SIZE);

describe("a label", () => {
  it("stands where nothing covers any of it", () => {
    expect(clear(500, 300)).toBe(true);
    expect(clear(361, 300)).toBe(true);
    expect(clear(359, 300)).toBe(false);
    expect(clear(500, 53)).toBe(false);
    expect(clear(500, 537)).toBe(false);
    expect(clear(745, 450)).toBe(false); // out of the window
  });

  it("keeps clear of what stands over the picture, on all four sides", () => {
    expect(clear(641, 200)).toBe(false);
    expect(clear(639, 200)).toBe(true);
    expect(clear(735, 85)).toBe(true);
    expect(clear(735, 87)).toBe(false);
    expect(clear(735, 413)).toBe(false);
    expect(clear(735, 415)).toBe(true);
    expect(clear(789, 250, 8)).toBe(true);
  });
});

describe("names of streets", () => {
  it("are asked for with all the room that they take, as they are turned", () => {
    const asked: { wide: number; high: number }[] = [];
    const lettering = new Lettering({ append: () => undefined } as unknown as HTMLElement);
    const name = { row: 0, x: 0, y: 0, z: 0, alongX: 0, alongZ: 1, length: 300, text: "Karmingasse" };
    const frees = (box: { wide: number; high: number }) => (asked.push(box), false);
    lettering.place([name], 500, (x: number, _: number, z: number) => ({ x: 400 + x, y: 300 + z }), [], frees);
    expect(asked[0]?.high).toBeCloseTo(38.5 * 1.2 + 6, 3); // it stands upright: as high as it is long
    expect(asked[0]?.wide).toBeCloseTo(9 + 6, 3);
  });
});

describe("names of streets that have room", () => {
  const street = (i: number, x: number) => ({ row: i, x, y: 0, z: 0, alongX: 1, alongZ: 0, length: 300, text: `Gasse ${i}` });
  const far = Array.from({ length: 20 }, (_, i) => street(i, i * 400));
  const written = (names: typeof far, range: number, taken: { x: number; y: number; wide: number; high: number; turn: number }[] = []) => {
    const found: string[] = [];
    vi.stubGlobal("document", { createElement: () => ({ style: {} }) });
    const host = { append: (each: { textContent: string }) => found.push(each.textContent) };
    new Lettering(host as unknown as HTMLElement).place(names, range, (x, _, z) => ({ x, y: z }), taken, () => true);
    vi.unstubAllGlobals();
    return found;
  };

  it("are a dozen at most, the first ones, and none from far off", () => {
    expect(written(far, 1699)).toEqual(far.slice(0, 12).map((each) => each.text));
    expect(written(far, 1700)).toEqual([]);
  });

  it("do not lie on each other or on what is there already", () => {
    expect(written([street(1, 0), street(2, 30), street(3, 400)], 500)).toEqual(["Gasse 1", "Gasse 3"]);
    expect(written([street(1, 0), street(2, 400)], 500, [{ x: 0, y: 0, wide: 10, high: 9, turn: 0 }])).toEqual(["Gasse 2"]);
  });
});

describe("the plain", () => {
  const axis = Array.from({ length: 41 }, (_, i) => (i - 20) * 10);
  const side = axis.length;

  it("goes on as high as the terrain ends, and levels out further off", () => {
    // Terrain in the middle, higher in the east.
    const ground = { height: (x: number, z: number) => (Math.abs(x) <= 100 && Math.abs(z) <= 100 ? 500 + x / 10 : null) };
    const heights = heightsOf(axis, axis, ground, 0);
    const at = (x: number, z: number) => heights[(z / 10 + 20) * side + x / 10 + 20] as number;
    expect(at(100, 0)).toBe(510);
    expect(at(-100, 0)).toBe(490);
    expect(at(110, 0)).toBeGreaterThan(507);
    expect(at(-110, 0)).toBeLessThan(493);
    expect(at(200, 0)).toBeCloseTo(500, 3);
  });

  it("fills a hole in the terrain, and lies below a city without any", () => {
    const hole = { height: (x: number, z: number) => (Math.hypot(x, z) < 30 ? null : 520) };
    expect(Math.min(...heightsOf(axis, axis, hole, 0))).toBeCloseTo(520, 3);
    expect(new Set(heightsOf(axis, axis, { height: () => null }, -12))).toEqual(new Set([-12]));
  });
});

describe("under a low sun", () => {
  const lit = (plain: Plain) => ((plain.mesh as Mesh<never, ShaderMaterial>).material.uniforms["lit"]?.value as Color).clone();

  it("the sky lights the streets more, and the plain is as dim as the ground beside it", () => {
    const scene = new Scene();
    const daylight = new Daylight(scene, DAY, { azimuth: 180, altitude: 60, height: 60 }, 0);
    const sky = scene.children.find((each) => (each as HemisphereLight).isHemisphereLight) as HemisphereLight;
    expect(sky.intensity).toBe(DAY.skyStrength);
    daylight.turn({ azimuth: 180, altitude: 15, height: 15 });
    expect(sky.intensity / DAY.skyStrength).toBeGreaterThan(1.15);
    const plain = new Plain(DAY);
    plain.shine(0.9, hourOf(DAY, 60));
    const high = lit(plain);
    plain.shine(0.2, hourOf(DAY, 60));
    expect(lit(plain).r).toBeLessThan(high.r * 0.8);
  });

  it("nothing is dimmed in high contrast", () => {
    const plain = new Plain(outlined(DAY, false));
    plain.shine(0.2, hourOf(outlined(DAY, false), -20));
    expect(lit(plain)).toEqual(outlined(DAY, false).terrain);
  });
});
