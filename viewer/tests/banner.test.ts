import { describe, expect, it } from "vitest";
import type { Feature, Thing } from "../src/data/types.js";
import { bannerOf } from "../src/parts/banner.js";
import { Frame } from "../src/scene/frame.js";
import { Ground } from "../src/scene/ground.js";
import { DAY } from "../src/scene/palette.js";
import { Plan } from "../src/scene/plan.js";
import { WORDS } from "../src/words/index.js";

const now = new Date("2026-11-24T13:30:00Z");
const site = (properties: Feature["properties"]) =>
  ({ layer: { schema: "roadwork/1", title: { de: "Baustellen", en: "Sites" } }, feature: { properties: { title: "Ringstraße 3", ...properties } } }) as unknown as Thing;

describe("the banner over a chosen site", () => {
  it("has its name and the day that matters in its phase", () => {
    const from = "2026-11-01T23:00:00Z";
    expect(bannerOf(site({ valid_from: from, valid_to: "2026-12-09T23:00:00Z" }), now, WORDS.de)).toEqual(["Ringstraße 3", "läuft bis 9.\u00a0Dezember"]);
    expect(bannerOf(site({ valid_from: from }), now, WORDS.en)).toEqual(["Ringstraße 3", "in progress"]);
    expect(bannerOf(site({ valid_from: "2027-01-31T23:00:00Z" }), now, WORDS.de)[1]).toBe("beginnt am 1.\u00a0Februar 2027");
    expect(bannerOf(site({ valid_from: from, valid_to: "2026-11-20T23:00:00Z" }), now, WORDS.ls)[1]).toBe("fertig am 20.\u00a0November");
  });
});

describe("the floor plan of a chosen building", () => {
  it("is its rings on the ground, and gone with the choice", () => {
    const plan = new Plan(new Frame(11.57, 48.14, 0), new Ground(), DAY);
    const ring = [[11.57, 48.14], [11.571, 48.14], [11.571, 48.141], [11.57, 48.14]] as [number, number][];
    plan.lay({ type: "Polygon", coordinates: [ring] });
    expect(plan.lines.visible).toBe(true);
    expect(plan.lines.geometry.getAttribute("position").count).toBe(6);
    plan.lay(null);
    expect(plan.lines.visible).toBe(false);
  });
});
