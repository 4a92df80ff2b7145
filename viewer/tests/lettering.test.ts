import { describe, expect, it } from "vitest";
import { work } from "../src/scene/chores.js";
import { lensAt, stretchOf } from "../src/scene/lens.js";
import { overlap, upright } from "../src/scene/lettering.js";
import { Memory, allowance } from "../src/scene/memory.js";
import { lifted } from "../src/scene/roofs.js";
import { spotsOf } from "../src/scene/spots.js";
import { Workshop } from "../src/scene/workshop.js";

const STAND = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

describe("names of streets", () => {
  it("stand on the street, along it, and know how long it is", () => {
    // A street 100 m long and 6 m wide, from south-west to north-east.
    const along = [0, 25, 50, 75, 100].flatMap((t) => [t * 0.6 + 2.4, 5, -t * 0.8 + 1.8, t * 0.6 - 2.4, 5, -t * 0.8 - 1.8]);
    const [spot] = spotsOf(Float32Array.from(along), new Uint32Array(10).fill(3), STAND);
    expect(spot?.row).toBe(3);
    expect(spot?.length).toBeCloseTo(100, 0);
    expect(Math.abs((spot?.alongX ?? 0) * 0.6 - (spot?.alongZ ?? 0) * 0.8)).toBeCloseTo(1, 1);
    expect(Math.abs((spot?.x ?? 0) * 0.8 + (spot?.z ?? 0) * 0.6)).toBeLessThan(1.5);
  });

  it("are never upside down", () => {
    for (let turn = -Math.PI; turn <= Math.PI; turn += 0.1) expect(Math.abs(upright(turn))).toBeLessThanOrEqual(Math.PI / 2 + 1e-9);
  });

  it("keep clear of each other, however they are turned", () => {
    const flat = { x: 0, y: 0, wide: 40, high: 9, turn: 0 };
    expect(overlap(flat, { ...flat, y: 12 })).toBe(true);
    expect(overlap(flat, { ...flat, y: 40 })).toBe(false);
    expect(overlap(flat, { ...flat, y: 40, turn: Math.PI / 2 })).toBe(true);
    expect(overlap(flat, { ...flat, x: 38, y: 60, turn: 0.9 })).toBe(false);
  });
});

describe("the lens", () => {
  it("is long straight from above and wide as one looks around, without a jump between", () => {
    expect(lensAt(0.002)).toBeLessThan(5);
    expect(lensAt(0.6)).toBeCloseTo(36, 6);
    for (let polar = 0; polar < 1; polar += 0.01) expect(Math.abs(lensAt(polar + 0.01) / lensAt(polar) - 1)).toBeLessThan(0.25);
    expect(stretchOf(36)).toBeCloseTo(1, 9);
  });
});

describe("memory", () => {
  it("is less on a small phone, and never nothing", () => {
    expect(allowance(2)).toBeLessThan(allowance(4));
    expect(allowance(0.25)).toBe(96 * 2 ** 20);
    expect(allowance(64)).toBe(400 * 2 ** 20);
  });

  it("makes the picture coarser when tiles fill it, and finer again when they go", () => {
    const cache = { cachedBytes: 0, minBytesSize: 0, maxBytesSize: 0 };
    const tiles = { errorTarget: 12, lruCache: cache };
    const memory = new Memory(tiles as never, {}, 2);
    memory.watch(10_000);
    expect(tiles.errorTarget).toBe(12);
    cache.cachedBytes = cache.maxBytesSize;
    for (let now = 20_000; now < 60_000; now += 2_000) memory.watch(now);
    expect(tiles.errorTarget).toBeGreaterThan(60);
    expect(tiles.errorTarget).toBeLessThan(120);
    memory.watch(58_100); // too soon after the last step
    cache.cachedBytes = 0;
    for (let now = 70_000; now < 120_000; now += 2_000) memory.watch(now);
    expect(tiles.errorTarget).toBeCloseTo(12, 6);
    memory.dispose();
  });

  it("is shared by all pictures on a page, and whole again for the last one", () => {
    const of = () => ({ errorTarget: 12, lruCache: { cachedBytes: 0, minBytesSize: 0, maxBytesSize: 0 } });
    const [first, next, other] = [of(), of(), of()];
    const here = {};
    const one = new Memory(first as never, here, 4);
    const whole = first.lruCache.maxBytesSize;
    expect(whole).toBe(allowance(4));
    const coming = new Memory(next as never, here, 4); // the same picture, of another time
    const two = new Memory(other as never, {}, 4);
    one.watch();
    for (const { lruCache } of [first, next, other]) expect(lruCache.maxBytesSize).toBeLessThanOrEqual(whole);
    expect(first.lruCache.maxBytesSize).toBe(whole / 2);
    expect(other.lruCache.maxBytesSize).toBe(whole / 2);
    one.dispose();
    coming.watch();
    expect(next.lruCache.maxBytesSize).toBe(whole / 2);
    two.dispose();
    coming.watch();
    expect(next.lruCache.maxBytesSize).toBe(whole);
    coming.dispose();
  });
});

describe("who stands inside a house", () => {
  it("is lifted over its roof", () => {
    const view = { lon: 11, lat: 48, range: 25, heading: 30, pitch: 12 };
    const above = ({ range, pitch }: typeof view) => range * Math.sin((pitch * Math.PI) / 180);
    expect(above(lifted(view, 14))).toBeGreaterThan(17.9);
    expect(lifted(view, 14).range).toBe(25);
    expect(above(lifted(view, 60))).toBeGreaterThan(63.9);
    expect(lifted({ ...view, pitch: 70 }, 5).pitch).toBe(70);
  });
});

describe("the workshop", () => {
  const order = {
    faces: { points: Float32Array.of(0, 2, 0, 1, 2, 0, 0, 5, 0), index: null, whole: false },
    rows: Uint32Array.of(0, 0, 0),
    matrix: STAND,
    edges: "bends and rim" as const,
    feet: true,
    relief: false,
    spots: false,
  };

  it("works alone where there is no worker", async () => {
    const done = await new Workshop(() => {
      throw new Error("another site's rules");
    }).order(order);
    expect([...(done.feet ?? [])]).toEqual([0, 0, 12]);
    expect(done.edges).toHaveLength(6);
  });

  it("does itself what a broken worker leaves, once and no more", async () => {
    const worker = { postMessage: () => undefined, terminate: () => undefined, onerror: null as null | ((event: object) => void), onmessage: null };
    const workshop = new Workshop(() => worker as never);
    const asked = workshop.order(order);
    worker.onerror?.({ preventDefault: () => undefined });
    expect((await asked).feet).toEqual(work(order).feet);
  });
});
