import { describe, expect, it } from "vitest";
import { beginsAlmost, fold } from "../src/data/fold.js";
import { Names } from "../src/data/search.js";
import type { LayerNames, Sort } from "../src/data/search.js";

const CENTRE = { lon: 11.57, lat: 48.14 };
let pauses = 0;
const pause = () => Promise.resolve(void pauses++);

function layer(name: string, texts: string[], at: [number, number][] = []): LayerNames {
  return {
    layer: name,
    names: texts,
    ids: texts.map((_, i) => `${name}-${i}`),
    lon: texts.map((_, i) => at[i]?.[0] ?? 11.57),
    lat: texts.map((_, i) => at[i]?.[1] ?? 48.14),
    reach_m: texts.map(() => 0),
  };
}

const sorts = (...all: [string, string, number][]) => new Map<string, Sort>(all.map(([id, title, weight]) => [id, { titles: [title], weight }]));
const names = (layers: LayerNames[], kinds = sorts(...layers.map((each): [string, string, number] => [each.layer, each.layer, 1]))) => Names.from(layers, kinds, pause);

async function found(typed: string, ...texts: string[]): Promise<string[]> {
  return (await names([layer("x", texts)])).find(typed, CENTRE, 9).map((each) => each.text);
}

describe("a text as searches compare it", () => {
  it.each([
    ["MÜLLERSTRASSE", "Müllerstraße"],
    ["Muellerstr.", "Müllerstraße"],
    ["Mullerstrasse", "Müllerstraße"],
    ["Müller-Straße", "Müllerstraße"],
    ["müller  str", "Müllerstraße"],
    ["Müllerstra", "Müllerstraße"],
    ["Marienpl.", "Marienplatz"],
    ["marien platz", "Marienplatz"],
    ["Sankt Anna", "St. Anna"],
    ["Café Rene", "Cafe René"],
    ["Strasse des 17 juni", "Straße des 17. Juni"],
    ["ＡＢＣ ﬁ", "abc fi"],
    ["Łódź", "lodz"],
    ["i\u0307zmir", "İzmir"],
  ])("%s is %s", (one, other) => expect(fold(one)).toBe(fold(other)));

  it.each([
    ["Am Strand", "am strand"],
    ["Pleite", "pleite"],
    ["Stadion", "stadion"],
    ["  ,;.-  ", ""],
    ["東京 1", "東京 1"],
  ])("%s stays %s", (text, folded) => expect(fold(text)).toBe(folded));
});

describe("one wrong letter", () => {
  it.each(["leopoldstr", "leopodstr", "leopolddstr", "leopxldstr", "loepoldstr", "leoplodst", "leop"])("%s begins as leopoldstr does", (asked) =>
    expect(beginsAlmost("leopoldstr", asked)).toBe(true),
  );
  it.each(["leoqqldstr", "lepodstr", "meop", "leopoldstrxx"])("%s does not", (asked) => expect(beginsAlmost("leopoldstr", asked)).toBe(false));
});

describe("names", () => {
  const streets = ["Leopoldstraße", "Am Leopoldpark", "Prinzregentenstraße", "Leopoldstraße Nord", "Lindwurmstraße", "Kleopold"];

  it("come by how well they fit", async () => {
    expect(await found("leopoldstr", ...streets)).toEqual(["Leopoldstraße", "Leopoldstraße Nord"]);
    expect(await found("leopold", ...streets)).toEqual(["Leopoldstraße", "Leopoldstraße Nord", "Am Leopoldpark", "Kleopold"]);
    expect(await found("NORD leopold", ...streets)).toEqual(["Leopoldstraße Nord"]);
  });

  it("are found with one wrong letter, but not instead of right ones", async () => {
    expect(await found("Lindwumstr", ...streets)).toEqual(["Lindwurmstraße"]);
    expect(await found("Prinzregenetnstraße", ...streets)).toEqual(["Prinzregentenstraße"]);
    expect(await found("lin", ...streets)).toEqual(["Lindwurmstraße"]);
    expect(await found("lxn", ...streets)).toEqual([]);
    expect(await found("", ...streets)).toEqual([]);
    expect(await found("—", ...streets)).toEqual([]);
  });

  it("of the same fit: what is meant more often, then the nearest", async () => {
    const here: [number, number][] = [[11.6, 48.14], [11.571, 48.14]];
    const kinds = sorts(["street", "Straßen", 1], ["site", "Baustellen", 3]);
    const all = await names([layer("site", ["Achatweg"]), layer("street", ["Achatweg", "Achatweg"], here)], kinds);
    expect(all.find("achatweg", CENTRE, 9).map((each) => each.id)).toEqual(["street-1", "street-0", "site-0"]);
    expect(all.find("achatweg", CENTRE, 1)).toHaveLength(1);
  });

  it("come by what their layer is called where no name fits", async () => {
    const kinds = sorts(["air", "Luftqualität", 1], ["street", "Straßen", 1]);
    const all = await names([layer("air", ["Marienplatz"]), layer("street", ["Achatweg"])], kinds);
    expect(all.find("luft", CENTRE, 9).map((each) => each.text)).toEqual(["Marienplatz"]);
  });

  it("of damaged layers, cut ones and unknown ones are told", async () => {
    const all = await names([{ layer: "gone", damaged: true }, { ...layer("cut", ["Weg"]), left_out: 7 }, layer("strange", ["Nie"])], sorts(["cut", "", 1], ["gone", "", 1]));
    expect(all.partial).toEqual(["gone", "cut"]);
    expect(all.size).toBe(1);
  });

  it("of a large city: let others have their turn, and answer in time", async () => {
    pauses = 0;
    const texts = Array.from({ length: 12_000 }, (_, i) => `Straße ${i.toString(36)} am ${i % 977}. Platz`);
    const all = await names([layer("x", texts)]);
    expect(pauses).toBe(30);
    for (const typed of ["straße 1a", "strxße 1a", "x", "zzzzzzzz", "s".repeat(5000)]) expect(all.find(typed, CENTRE, 9).length).toBeLessThanOrEqual(9);
  });
});
