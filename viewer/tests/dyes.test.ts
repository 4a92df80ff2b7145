import { describe, expect, it } from "vitest";
import { RAMP } from "../src/data/colouring.js";
import { countShades, dyed, dyesOf, shadesOf } from "../src/data/dyes.js";
import type { Dye } from "../src/data/dyes.js";
import type { Service } from "../src/data/service.js";
import type { Layer } from "../src/data/types.js";
import { readAddress, writeFragment } from "../src/state/address.js";

const text = (word: string) => ({ de: word, en: word });
const choices = (...values: string[]) => values.map((value) => ({ value, title: text(value) }));
const columns = [
  { name: "height_m", title: text("Höhe"), kind: "number", unit: "m", choices: [] },
  { name: "height_source", title: text("Herkunft"), kind: "enum", unit: null, choices: choices("measured", "assumed") },
  { name: "roof_type", title: text("Dach"), kind: "enum", unit: null, choices: choices("flat", "shed", "gabled") },
  { name: "use", title: text("Nutzung"), kind: "enum", unit: null, choices: choices("residential", "commercial", "public", "unknown") },
];
const layer = { schema: "building/1", columns } as unknown as Layer;
const [height, roof, use] = dyesOf(layer) as [Dye, Dye, Dye];
const place = (dye: Dye, values: Record<string, unknown>) => dyed(dye, (name) => values[name] ?? null);

describe("colours of buildings", () => {
  it("are offered for the columns that a layer of buildings has", () => {
    expect(dyesOf(layer).map((each) => each.column.name)).toEqual(["height_m", "roof_type", "use"]);
    expect(dyesOf({ ...layer, schema: "tree/1" })).toEqual([]);
    expect(dyesOf({ schema: "building/1", columns: [{ name: "year_built", title: text("Baujahr"), kind: "integer", unit: null, choices: [] }] })).toHaveLength(1);
  });

  it("have classes of heights, the bounds within the upper class", () => {
    expect([3.9, 4, 21.99, 22, 400].map((height_m) => place(height, { height_m, height_source: "measured" }))).toEqual([RAMP, RAMP + 1, RAMP + 4, RAMP + 5, RAMP + 7]);
  });

  it("tell what is not known, or only assumed, apart", () => {
    expect(place(height, { height_m: 9, height_source: "assumed" })).toBeNull();
    expect(place(height, { height_m: null })).toBeNull();
    expect(place(use, { use: "unknown" })).toBeNull();
    expect(place(use, { use: "public" })).toBe(2);
    expect(place(roof, {})).toBeNull();
  });

  it("have a filter for each class, so that the service counts what is drawn", async () => {
    expect(shadesOf(height).map((each) => each.filter)).toEqual([
      "height_m<4 AND height_source<>'assumed'",
      "height_m>=4 AND height_m<8 AND height_source<>'assumed'",
      "height_m>=8 AND height_m<12 AND height_source<>'assumed'",
      "height_m>=12 AND height_m<16 AND height_source<>'assumed'",
      "height_m>=16 AND height_m<22 AND height_source<>'assumed'",
      "height_m>=22 AND height_m<35 AND height_source<>'assumed'",
      "height_m>=35 AND height_m<60 AND height_source<>'assumed'",
      "height_m>=60 AND height_source<>'assumed'",
    ]);
    expect(shadesOf(use).map((each) => [each.place, each.filter])).toEqual([[0, "use='residential'"], [1, "use='commercial'"], [2, "use='public'"]]);
    const known: Record<string, number> = { "use='residential'": 5, "use='commercial'": 2, "use='public'": 0 };
    const service = { json: (_path: string, { filter }: { filter?: string }) => Promise.resolve({ numberMatched: filter ? known[filter] : 9 }) } as unknown as Service;
    expect(await countShades(service, "city.buildings", shadesOf(use))).toEqual({ each: [5, 2, 0], unknown: 2 });
  });

  it("stay in the address, and nothing else does", () => {
    expect(readAddress({ search: "", hash: "#colour=roof_type" }).colour).toBe("roof_type");
    expect(readAddress({ search: "?colour=height_m", hash: "" }).colour).toBe("height_m");
    expect(readAddress({ search: "", hash: "#colour=%3Cb%3E" }).colour).toBeUndefined();
    expect(writeFragment({ colour: "use" })).toBe("#colour=use");
  });
});
