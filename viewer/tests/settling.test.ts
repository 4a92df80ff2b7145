import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Settling } from "../src/scene/settling.js";

describe("settling", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const made = () => {
    const about = { awaited: false, told: 0 };
    return { about, settling: new Settling(() => about.awaited, () => void (about.told += 1)) };
  };

  it("is told once, a moment after the last change", () => {
    const { about, settling } = made();
    settling.stir();
    vi.advanceTimersByTime(200);
    settling.move();
    vi.advanceTimersByTime(200);
    expect([about.told, settling.pending, settling.roaming]).toEqual([0, true, true]);
    vi.advanceTimersByTime(30);
    expect([about.told, settling.pending, settling.roaming]).toEqual([1, false, false]);
    vi.advanceTimersByTime(5000);
    expect(about.told).toBe(1);
  });

  it("waits for the picture of who moves, and for nobody else's", () => {
    const { about, settling } = made();
    about.awaited = true;
    settling.move();
    vi.advanceTimersByTime(2000);
    expect(about.told).toBe(0);
    about.awaited = false;
    vi.advanceTimersByTime(230);
    expect(about.told).toBe(1);
    about.awaited = true;
    settling.stir(); // tiles that come are no movement
    vi.advanceTimersByTime(230);
    expect(about.told).toBe(2);
  });

  it("is told at once to who cannot wait, and not again", () => {
    const { about, settling } = made();
    settling.move();
    settling.now();
    expect([about.told, settling.pending, settling.roaming]).toEqual([1, false, false]);
    vi.advanceTimersByTime(1000);
    expect(about.told).toBe(1);
  });

  it("is told to nobody who has gone", () => {
    const { about, settling } = made();
    settling.move();
    settling.dispose();
    vi.advanceTimersByTime(1000);
    expect(about.told).toBe(0);
  });
});
