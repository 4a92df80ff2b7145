import { describe, expect, it } from "vitest";
import type { Phase, Thing } from "../src/data/types.js";
import { inTurns } from "../src/scene/marks.js";
import type { Standing } from "../src/scene/marks.js";

function marks(layer: string, kind: string, count: number, phase?: Phase): Standing[] {
  return Array.from({ length: count }, (_, i) => ({
    thing: { key: `${layer}/${i}`, layer: { id: layer } } as Thing,
    place: { x: 0, y: 0, z: 0 },
    label: { kind, phase, icon: null, text: "", hint: "", swatch: null },
  }));
}

const order = (standing: Standing[]) => inTurns(standing).map((each) => each.thing.key);

describe("marks", () => {
  it("take turns by their layers, so that a layer of many leaves room for the others", () => {
    const standing = [...marks("citizens", "air", 30), ...marks("sites", "site", 3, "running"), ...marks("official", "air", 2)];
    expect(order(standing).slice(0, 8)).toEqual([
      "citizens/0", "official/0", "sites/0", "citizens/1", "official/1", "sites/1", "citizens/2", "sites/2",
    ]);
  });

  it("of a layer come by their urgency, and names after all of them", () => {
    const standing = [...marks("districts", "district", 2), ...marks("done", "site", 1, "done"), ...marks("sites", "site", 1, "coming"), ...marks("counters", "counter", 2), ...marks("bikes", "station", 1)];
    expect(order(standing)).toEqual(["counters/0", "sites/0", "done/0", "counters/1", "bikes/0", "districts/0", "districts/1"]);
  });
});
