import { expect, it } from "vitest";
import type { Layer, Phase, Thing } from "../src/data/types.js";
import { Shown } from "../src/state/shown.js";
import type { Story } from "../src/story.js";

const layer = (schema: string) => ({ id: schema, name: schema, schema: `${schema}/1`, geometry: "area", features: 9 }) as unknown as Layer;
const works = layer("roadwork");
const warnings = layer("weather-warning");

function thing(on: Layer, id: string, phase: Phase, site: string | null = null): Thing {
  return { key: id, layer: on, lon: 0, lat: 0, feature: { type: "Feature", id, geometry: null, properties: { site }, phase } };
}

it("takes a site of several areas as one thing, and still knows each of its areas", () => {
  const things = [thing(works, "a", "done", "s"), thing(works, "b", "done", "s"), thing(works, "c", "running"), thing(warnings, "over", "done"), thing(warnings, "now", "running")];
  const shown = new Shown({ holdings: { things }, address: {}, layers: [works, warnings] } as unknown as Story);
  expect(shown.things().map((each) => each.key)).toEqual(["a", "c", "now"]);
  expect(shown.areas().map((each) => each.key)).toEqual(["a", "b", "c", "now"]);
  shown.toggle(works);
  expect(shown.areas().map((each) => each.key)).toEqual(["now"]);
});
