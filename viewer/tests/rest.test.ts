import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { framing } from "../src/scene/framing.js";
import { Rest } from "../src/scene/rest.js";
import { understood } from "../src/scene/tileset.js";

describe("rest", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("comes a moment after the last frame, not while something is on its way, and ends with the next", () => {
    const told: boolean[] = [];
    const rest = new Rest((resting) => told.push(resting));
    rest.drawn(false);
    vi.advanceTimersByTime(1000);
    rest.drawn(true);
    vi.advanceTimersByTime(150);
    rest.stir();
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([]);
    rest.drawn(true);
    vi.advanceTimersByTime(201);
    expect(told).toEqual([true]);
    rest.stir();
    rest.drawn(true);
    expect(told).toEqual([true, false]);
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([true, false, true]);
  });

  it("looks again now and then while something is on its way, and no longer once it rests or is stirred", () => {
    const [told, again] = [vi.fn(), vi.fn()];
    const rest = new Rest(told, again);
    rest.drawn(false);
    vi.advanceTimersByTime(3500);
    expect(again).toHaveBeenCalledTimes(3);
    rest.drawn(true);
    vi.advanceTimersByTime(5000);
    expect(again).toHaveBeenCalledTimes(3);
    expect(told).toHaveBeenLastCalledWith(true);
    rest.drawn(false);
    rest.stir();
    vi.advanceTimersByTime(5000);
    expect(again).toHaveBeenCalledTimes(3);
  });
});

describe("framing", () => {
  const view = { lon: 11.5, lat: 48, range: 380, heading: 0, pitch: 45 };

  it("looks at things that lie where they are, and as near as before", () => {
    expect(framing(view, 0, { height: 740, free: 217, fov: 36 })).toEqual(view);
  });

  it("steps back from tall things where little of the picture is free, and looks through their waist", () => {
    const framed = framing(view, 130, { height: 740, free: 217, fov: 36 });
    const pixels = (130 * Math.cos(Math.PI / 4) * 740) / (2 * framed.range * Math.tan(Math.PI / 10));
    expect(pixels).toBeLessThan(217 * 0.7);
    expect((framed.lat - view.lat) * 111_320).toBeCloseTo(65, 0);
    expect(framed.lon).toBeCloseTo(view.lon, 9);
  });

  it("stays above what it sees from above", () => {
    const framed = framing({ ...view, pitch: 90 }, 130, { height: 740, free: 400, fov: 36 });
    expect(framed.lat).toBeCloseTo(view.lat, 9);
    expect(framed.range).toBe(380);
  });
});

describe("tilesets", () => {
  it("of version 1.1 are read quietly, unless they ask for more than we know", () => {
    const asset = { version: "1.1" };
    expect(understood({ asset, root: {} }).asset.version).toBe("1.0");
    expect(understood({ asset, root: { implicitTiling: {} } }).asset.version).toBe("1.1");
    expect(understood({ asset, extensionsRequired: ["3DTILES_new"] }).asset.version).toBe("1.1");
    expect(understood({ asset: { version: "1.2" } }).asset.version).toBe("1.2");
    expect(asset.version).toBe("1.1");
  });
});
