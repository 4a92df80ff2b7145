import { BoxGeometry, Mesh, Vector3 } from "three";
import { describe, expect, it } from "vitest";
import { daylight, isUp, minutesOf, spans } from "../src/data/daylight.js";
import { shining, towards } from "../src/scene/shade.js";

const MUNICH = { lon: 11.575, lat: 48.137 };
const minutes = (at: Date | null, iso: string) => Math.abs(((at?.getTime() ?? NaN) - Date.parse(iso)) / 60_000);

describe("a day", () => {
  it.each([
    // Almanacs for Munich, to the minute
    ["2026-06-21T10:00:00Z", "2026-06-21T03:13:00Z", "2026-06-21T19:17:00Z"],
    ["2026-12-21T10:00:00Z", "2026-12-21T07:01:00Z", "2026-12-21T15:22:00Z"],
    ["2026-03-29T00:30:00Z", "2026-03-29T04:57:00Z", "2026-03-29T17:37:00Z"],
  ])("of %s has its sunrise and sunset", (at, rise, set) => {
    const light = daylight(new Date(at), MUNICH, 10);
    expect(minutes(light.rise, rise)).toBeLessThan(3);
    expect(minutes(light.set, set)).toBeLessThan(3);
  });

  it("reaches from midnight to midnight in the city, also where the clocks change", () => {
    expect(daylight(new Date("2026-06-21T22:30:00Z"), MUNICH, 10).moments[0]?.at.toISOString()).toBe("2026-06-21T22:00:00.000Z");
    expect(daylight(new Date("2026-03-29T10:00:00Z"), MUNICH, 10).moments).toHaveLength(23 * 6);
    expect(daylight(new Date("2026-10-25T10:00:00Z"), MUNICH, 10).moments).toHaveLength(25 * 6);
  });

  it("in the far north has no night, or no sun", () => {
    const summer = daylight(new Date("2026-06-21T10:00:00Z"), { lon: 25, lat: 71 }, 10);
    expect([summer.rise, summer.set]).toEqual([null, null]);
    expect(spans(summer, new Map()).map((each) => each.state)).toEqual(["shade"]);
    expect(spans(daylight(new Date("2026-12-21T10:00:00Z"), { lon: 25, lat: 71 }, 10), new Map()).map((each) => each.state)).toEqual(["night"]);
  });

  it("is told in spans that meet: night ends with the sunrise, shadow with the step", () => {
    const light = daylight(new Date("2026-06-21T10:00:00Z"), MUNICH, 10);
    const noon = Date.parse("2026-06-21T11:00:00Z");
    const lit = new Map(light.moments.filter(isUp).map((each) => [each, each.at.getTime() >= noon]));
    const all = spans(light, lit);
    expect(all.map((each) => each.state)).toEqual(["night", "shade", "sun", "night"]);
    expect(all[1]?.from).toEqual(light.rise);
    expect(all[2]?.from).toEqual(new Date(noon));
    expect(all[3]?.from).toEqual(light.set);
    all.slice(1).forEach((each, i) => expect(each.from).toEqual(all[i]?.to));
    const whole = minutesOf(all, "sun") + minutesOf(all, "shade") + minutesOf(all, "night");
    expect(Math.abs(whole - 24 * 60)).toBeLessThanOrEqual(2); // each is rounded by itself
  });
});

describe("shadows", () => {
  const block = (x: number, z: number, height: number) => {
    const mesh = new Mesh(new BoxGeometry(20, height, 20));
    mesh.position.set(x, height / 2, z);
    mesh.updateMatrixWorld();
    return mesh;
  };
  const light = daylight(new Date("2026-06-21T10:00:00Z"), MUNICH, 30);
  const up = light.moments.filter(isUp);

  it("lie where the sun is behind a house: in the morning of one in the east", async () => {
    const lit = await shining(new Vector3(0, 1.5, 0), up, [block(30, 0, 40)], () => true);
    for (const moment of up) {
      const east = moment.azimuth > 75 && moment.azimuth < 105 && moment.altitude < 45;
      if (east) expect(lit?.get(moment)).toBe(false);
      if (moment.azimuth > 180) expect(lit?.get(moment)).toBe(true);
    }
  });

  it("of a house in the north there are none at noon, and without houses none at all", async () => {
    const noon = up.filter((each) => each.azimuth > 120 && each.azimuth < 240);
    const lit = await shining(new Vector3(0, 1.5, 0), noon, [block(0, -30, 60)], () => true);
    expect([...(lit?.values() ?? [])].every(Boolean)).toBe(true);
    expect([...((await shining(new Vector3(), up, [], () => true))?.values() ?? [])].every(Boolean)).toBe(true);
  });

  it("points to the sun: east is x, up is y, south is z", () => {
    const { x, y, z } = towards({ azimuth: 180, altitude: 45 });
    expect([x, y, z].map((each) => Math.round(each * 1000) / 1000 + 0)).toEqual([0, 0.707, 0.707]);
    expect(towards({ azimuth: 90, altitude: 0 }).x).toBeCloseTo(1);
  });
});
