import { describe, expect, it } from "vitest";
import { Clock } from "../src/data/clock.js";

const DAY = 86_400_000;
const NOW = Date.parse("2026-03-10T12:00:00Z");
const told = new Date(NOW).toUTCString();

describe("the clock", () => {
  it("of a device that is right is left alone", () => {
    const clock = new Clock();
    clock.learn(told, NOW + 60_000);
    expect(clock.ahead).toBe(0);
    expect(Math.abs(clock.now.getTime() - Date.now())).toBeLessThan(1000);
  });

  it.each([2 * DAY, -2 * DAY, 3_600_000])("that is off by %d ms is put right", (off) => {
    const clock = new Clock();
    clock.learn(told, NOW + off);
    expect(clock.ahead).toBe(off);
    expect(Math.abs(clock.now.getTime() + off - Date.now())).toBeLessThan(1000);
    clock.learn(told, NOW); // somebody has set it
    expect(clock.ahead).toBe(0);
  });

  it.each([null, "", "gestern", "0"])("learns nothing of %s", (header) => {
    const clock = new Clock();
    clock.learn(header === "0" ? "not a date" : header, NOW);
    expect(clock.ahead).toBe(0);
  });
});
