import { describe, expect, it } from "vitest";
import { measureOf } from "../src/data/measure.js";
import type { Layer, Thing } from "../src/data/types.js";
import { scale } from "../src/parts/scale.js";
import { WORDS } from "../src/words/index.js";
import { markup, said } from "./said.js";

const NOW = new Date("2026-03-10T12:00:00Z");
const title = { de: "Wasserstand", en: "Water level" };
const layer = { id: "city.x", name: "x", schema: "water-level/1", geometry: "point", interval_s: 900, title, properties: [{ name: "level", title, unit: "cm" }] } as unknown as Layer;

function gauge(id: string, observed_at: string): Thing {
  const latest = { level: { value: 210, unit: "cm", observed_at } };
  return { key: id, layer, lon: 0, lat: 0, feature: { type: "Feature", id, geometry: null, properties: {}, latest } };
}

function drawn(things: Thing[], words = WORDS.de): unknown {
  const measure = measureOf(layer, things, NOW);
  if (!measure) throw new Error("nothing is measured");
  return scale(layer, { words, things, measure, choose: () => undefined });
}

const fresh = gauge("fresh", "2026-03-10T11:50:00Z");
const old = gauge("old", "2026-03-01T11:50:00Z");

describe("the legend of columns", () => {
  it("has the disc of those without a new value, in words, beside the classes", () => {
    expect(said(drawn([fresh, old]))).toContain("Scheibe statt Säule: kein neuer Wert (1 Station)");
    expect(said(drawn([fresh, old, old], WORDS.en))).toContain("Disc instead of a column: no new value (2 stations)");
    expect(markup(drawn([fresh, old])).match(/class="shade disc"/g)).toHaveLength(1);
  });

  it("has it where nobody has a new value, and not where all have one", () => {
    const text = said(drawn([old, old]));
    expect(text).toContain("also auch keine Säule");
    expect(text).toContain("Scheibe statt Säule: kein neuer Wert (2 Stationen)");
    expect(said(drawn([fresh]))).not.toContain("Scheibe");
  });
});
