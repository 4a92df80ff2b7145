import { Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { crosses, measures } from "../src/scene/measures.js";
import { segments } from "../src/scene/overlay.js";
import { withView } from "../src/state/share.js";

const at = (x: number, z: number, y = 0) => ({ x, y, z });

describe("measures", () => {
  it("of a slope: as on a map, through the air, upwards", () => {
    expect(measures([at(0, 0, 10), at(30, 40, 130)])).toEqual({ ground: 50, air: 130, rise: 120, area: null, around: null });
    expect(measures([at(0, 0, 10), at(3, 4, 2)]).rise).toBe(-8);
  });

  it("of a square on a hillside: its area on a map, whichever way round and however far from the origin", () => {
    const square = [at(0, 0, 1), at(10, 0, 2), at(10, 10, 3), at(0, 10, 4)].map(({ x, y, z }) => at(x + 7e5, z - 5e6, y));
    for (const points of [square, [...square].reverse()]) {
      expect(measures(points).area).toBeCloseTo(100, 6);
      expect(measures(points).around).toBeCloseTo(40, 6);
      expect(measures(points).ground).toBeCloseTo(30, 6);
    }
  });

  it("of a shape with a notch", () => {
    expect(measures([at(0, 0), at(10, 0), at(10, 10), at(5, 5), at(0, 10)]).area).toBe(75);
  });

  it("of one point or none are nothing", () => {
    for (const points of [[], [at(1, 1, 1)]]) expect(measures(points)).toEqual({ ground: 0, air: 0, rise: 0, area: null, around: null });
  });
});

describe("a line that crosses itself", () => {
  it("is a bow tie, not a square or a triangle", () => {
    expect(crosses([at(0, 0), at(10, 10), at(10, 0), at(0, 10)])).toBe(true);
    expect(crosses([at(0, 0), at(10, 0), at(10, 10), at(0, 10)])).toBe(false);
    expect(crosses([at(0, 0), at(10, 0), at(10, 10)])).toBe(false);
    expect(crosses([at(0, 0), at(10, 0), at(5, 0), at(5, 9)])).toBe(false);
  });
});

describe("a line over the scene", () => {
  it("is cut where it goes behind the eye", () => {
    const [ahead, behind, far] = [new Vector3(0, 0, -10.5), new Vector3(0, 10, 9.5), new Vector3(5, 0, -20)];
    const [[from, to] = []] = segments([ahead, behind]);
    expect(from).toEqual(ahead);
    expect(to?.z).toBeCloseTo(-0.5, 9);
    expect(to?.y).toBeCloseTo(5, 9);
    expect(segments([behind, behind])).toEqual([]);
    expect(segments([ahead, far, ahead])).toHaveLength(2);
  });
});

describe("a link with a place", () => {
  it("keeps all else", () => {
    const view = { lon: 11.5, lat: 48.1, range: 300, heading: 0, pitch: 45 };
    expect(withView("https://x.example/a/?datetime=2026-01-01T00:00:00Z#lang=ls&list=1", view)).toBe(
      "https://x.example/a/?datetime=2026-01-01T00:00:00Z#view=11.50000,48.10000,300,0,45&lang=ls&list=1",
    );
    expect(withView("https://x.example/#view=1,2,30,4,5", view)).toBe("https://x.example/#view=11.50000,48.10000,300,0,45");
  });
});
