import { BufferGeometry, Float32BufferAttribute, Uint8BufferAttribute } from "three";
import { describe, expect, it } from "vitest";
import { chainOf } from "../src/data/chain.js";
import { here } from "../src/data/here.js";
import { Holdings } from "../src/data/holdings.js";
import { RAMP, colouring, placeOf } from "../src/data/colouring.js";
import { formOf, isJoined, isNearby, shownAtFirst, vanishes } from "../src/data/kinds.js";
import { phaseAt } from "../src/data/phase.js";
import type { Service } from "../src/data/service.js";
import type { City, Feature, Layer, Thing } from "../src/data/types.js";
import { leading, valuesOf } from "../src/data/values.js";
import { labelOf } from "../src/parts/label.js";
import { gist, titleOf } from "../src/parts/list.js";
import { guiseOf } from "../src/scene/guise.js";
import { formOfRole, orderOf } from "../src/scene/materials.js";
import { ribbon } from "../src/scene/ribbon.js";
import { told } from "../src/words/columns.js";
import { WORDS } from "../src/words/index.js";

const { de, en } = WORDS;
const now = new Date("2026-11-24T13:30:00Z");
const text = (word: string) => ({ de: word, en: word });

function layer(schema: string, geometry: Layer["geometry"], more: Partial<Layer> = {}): Layer {
  const base = { id: `city.${schema}`, city: "city", name: schema, schema: `${schema}/1`, geometry, theme: "traffic", title: text(schema) };
  return { revision: 1, features: 10, columns: [], properties: [], interval_s: 3600, state: "fresh", ...base, ...more } as Layer;
}

function thing(of: Layer, properties: Feature["properties"], more: Partial<Feature> = {}): Thing {
  const feature: Feature = { type: "Feature", id: "1", geometry: null, properties, ...more };
  return { key: `${of.id}/1`, layer: of, feature, lon: 11.57, lat: 48.14 };
}

const kinds = { name: "kind", title: { de: "Art", en: "Kind" }, kind: "enum", unit: null, choices: ["a", "b", "c"].map((value) => ({ value, title: { de: `${value} de`, en: `${value} en` } })) };

describe("kinds of layers", () => {
  it("have a form by their geometry, whatever they are called", () => {
    const forms = (["point", "line", "area", "any"] as const).map((each) => formOf(layer("unheard-of", each)));
    expect(forms).toEqual(["point", "line", "area", "area"]);
    expect(["tree", "street", "building", "water"].map((each) => formOf(layer(each, "area")))).toEqual(["ground", "ground", "ground", "ground"]);
    expect(["boundary", "weather-warning"].map((each) => formOf(layer(each, "area")))).toEqual(["outline", "outline"]);
  });

  it("that would colour the whole city, or are very many, wait until somebody wants them", () => {
    expect(shownAtFirst(layer("land-use", "area"))).toBe(false);
    expect(shownAtFirst(layer("road", "line", { features: 40_000 }))).toBe(false);
    expect(shownAtFirst(layer("route", "line", { features: 300 }))).toBe(true);
    expect(shownAtFirst(layer("tree", "point", { features: 400_000 }))).toBe(true);
    expect(shownAtFirst(layer("roadwork", "any", { features: 5000 }))).toBe(true);
    expect(shownAtFirst(layer("gauge", "point", { features: null, revision: null }))).toBe(true);
  });

  it("are held whole where that is little, and asked nearby where it is much", () => {
    const all = [layer("stop", "point", { features: 6000 }), layer("land-use", "area", { features: 9000 }), layer("route", "line"), layer("tree", "point")];
    expect(all.map(isJoined)).toEqual([true, false, false, false]);
    expect(all.map(isNearby)).toEqual([false, true, true, false]);
    const empty = [layer("gauge", "point", { features: 0 }), layer("gauge", "point", { revision: null, features: null })];
    expect([...empty.map(isJoined), ...empty.map(isNearby)]).toEqual([false, false, false, false]);
  });

  it("are drawn in their theme's colour, or by the first choice of their schema", () => {
    const area = guiseOf(layer("noise", "area", { theme: "environment", columns: [kinds] }));
    expect(area).toMatchObject({ fill: "area-environment", stroke: "stroke-environment", column: kinds });
    expect(["a", "b", "c", "d"].map((each) => placeOf(kinds, each))).toEqual([0, 1, 2, null]);
    expect(guiseOf(layer("unheard-of", "line"))).toMatchObject({ fill: "line-traffic", column: null });
    expect(guiseOf(layer("boundary", "area", { columns: [kinds] }))).toMatchObject({ fill: null, column: null });
    expect(colouring(layer("stop", "point", { columns: [kinds] }))).toBeNull();
    expect(formOfRole("area-environment")).toBe("area");
    expect(formOfRole("street-line")).toBe("street-line");
    expect(orderOf("area-environment")).toBeLessThan(orderOf("line-traffic"));
    expect(orderOf("line-traffic")).toBeLessThan(orderOf("site"));
  });
});

describe("what has an order", () => {
  const level = { name: "from_db", title: text("Ab"), kind: "integer", unit: "dB", choices: [], breaks: [55, 60, 65, 70, 75] };

  it("is coloured by a ramp over all its classes, before anything that has choices", () => {
    expect(colouring(layer("noise", "area", { columns: [kinds, level] }))).toBe(level);
    const steps = [-3, 54.9, 55, 59, 60, 74, 75, 80].map((each) => (placeOf(level, each) ?? 0) - RAMP);
    expect(steps).toEqual([0, 0, 1, 1, 3, 6, 7, 7]);
    expect([null, "55", undefined].map((each) => placeOf(level, each))).toEqual([null, null, null]);
  });
});

describe("what holds for a time", () => {
  it("goes on by its own times, and a warning that is over vanishes", () => {
    const frost = { properties: { valid_from: "2026-11-24T12:00:00Z", valid_to: "2026-11-24T18:00:00Z" }, phase: "running" as const };
    const phases = ["11:59", "12:00", "17:59", "18:00"].map((each) => phaseAt(frost, new Date(`2026-11-24T${each}:00Z`)));
    expect(phases).toEqual(["coming", "running", "running", "done"]);
    expect(phaseAt({ properties: {} }, now)).toBe("running");
    expect(phaseAt({ properties: {}, phase: "done" }, now)).toBe("done");
    expect(["weather-warning", "roadwork", "route"].map((each) => vanishes(layer(each, "area")))).toEqual([true, false, false]);
    expect(guiseOf(layer("weather-warning", "area", { theme: "environment" })).stroke).toBe("timed-environment");
  });
});

describe("values of any station", () => {
  const weather = layer("weather-station", "point", {
    properties: [
      { name: "air_temperature", title: { de: "Lufttemperatur", en: "Air temperature" }, unit: "Cel" },
      { name: "wind", title: { de: "Wind", en: "Wind" }, unit: "m/s" },
    ],
  });
  const measured = (at: string): Partial<Feature> => ({
    latest: { wind: { value: 3, unit: "m/s", observed_at: at }, air_temperature: { value: -3.14, unit: "Cel", observed_at: at } },
  });

  it("come in the schema's order, the first one as the mark, with its unit and time", () => {
    const station = thing(weather, { name: "Warte" }, measured("2026-11-24T13:00:00Z"));
    expect(valuesOf(station).map((each) => each.property)).toEqual(["air_temperature", "wind"]);
    expect(labelOf(station, now, de)).toMatchObject({ kind: "station", text: "\u22123,1\u00a0°C", theme: "traffic" });
    expect(gist(station, now, de)).toBe("Lufttemperatur: \u22123,1\u00a0°C (heute, 14:00 Uhr)");
  });

  it("that are old are no values, and say since when", () => {
    const station = thing(weather, { name: "Warte" }, measured("2026-11-23T13:00:00Z"));
    expect(leading(station, now)).toBeNull();
    expect(labelOf(station, now, de)).toBeNull();
    expect(gist(station, now, de)).toContain("Zuletzt: gestern, 14:00 Uhr");
  });

  it("are asked after to the microsecond, as the service told them", async () => {
    const observed_at = "2026-11-24T13:00:00.123456Z";
    const station = thing(weather, { name: "Warte" }, measured(observed_at));
    const asked: unknown[] = [];
    const service = { json: (path: string, query: unknown) => (asked.push(path, query), Promise.resolve({})) } as unknown as Service;
    await chainOf(service, station, leading(station, now) ?? undefined);
    await chainOf(service, station);
    expect(asked).toEqual([
      "ogc/collections/city.weather-station/items/1/provenance",
      { f: "json", property: "air_temperature", observed_at },
      "ogc/collections/city.weather-station/items/1/provenance",
      { f: "json" },
    ]);
  });

  it("may be missing altogether", () => {
    for (const latest of [undefined, {}, { wind: { value: null, unit: "m/s", observed_at: "2026-11-24T13:00:00Z" } }]) {
      const station = thing(weather, {}, latest ? { latest: latest as NonNullable<Feature["latest"]> } : {});
      expect(leading(station, now)).toBeNull();
      expect(labelOf(station, now, en)).toBeNull();
      expect(titleOf(station, en)).toBe("weather-station");
      expect(gist(station, now, en)).not.toBe("");
    }
  });

  it("of motor vehicles do not make a silent counter of bicycles", () => {
    const cars = thing(layer("counter", "point"), {}, { latest: { vehicles: { value: 12, unit: "1/15min", observed_at: "2026-11-24T13:15:00Z" } } });
    expect(here([cars], now).bikes).toMatchObject({ any: false, silent: [] });
  });
});

describe("columns in words", () => {
  const column = (kind: string, unit: string | null = null) => ({ name: "x", title: text("X"), kind, unit, choices: [] });

  it("have units, choices, yes and no", () => {
    expect(told(column("number", "uSv/h"), 0.0834, de)).toBe("0,083\u00a0µSv/h");
    expect(told(column("number", "m2"), 12_345.6, de)).toBe("12\u202f346\u00a0m²");
    expect(told(column("integer", "dB"), 55, de)).toBe("55\u00a0Dezibel");
    expect(told(column("integer", "1/d"), 31_456, de)).toBe("31\u202f456");
    expect(told(column("integer"), 2021, de)).toBe("2021");
    expect(told(column("texts"), ["16", " N19 "], de)).toBe("16, N19");
    expect(told(column("texts"), "16, N19", de)).toBe("16, N19");
    expect(told(column("texts"), [], de)).toBeNull();
    expect(told(column("boolean"), false, en)).toBe("no");
    expect(told(kinds, "b", en)).toBe("b en");
    expect(told(kinds, "new", en)).toBe("new");
    expect(told(column("text"), "", en)).toBeNull();
    expect(told(column("number", "m"), null, en)).toBeNull();
  });

  it("tell intervals as people write times", () => {
    const two = "2026-11-24T07:00:00Z/2026-11-24T16:00:00Z, 2026-12-01T23:00:00Z/..";
    expect(told(column("text"), two, de)).toBe("24.\u00a0November 2026, 08:00 – 17:00\n2.\u00a0Dezember 2026");
    expect(told(column("text"), "B 11 / Ringstraße", de)).toBe("B 11 / Ringstraße");
  });

  it("name a line by what it is, and an area without a name by its kind", () => {
    const route = layer("route", "line", { columns: [{ ...column("text"), name: "name", title: { de: "Linie", en: "Line" } }] });
    expect(titleOf(thing(route, { name: "17" }), de)).toBe("Linie 17");
    expect(titleOf(thing(layer("land-use", "area", { columns: [kinds] }), { kind: "a" }), de)).toBe("land-use: a de");
  });
});

describe("what is fetched", () => {
  const layers = [layer("gauge", "point"), layer("stop", "point", { features: 3000 }), layer("route", "line")];
  const feature: Feature = { type: "Feature", id: "1", geometry: { type: "Point", coordinates: [11.5, 48.1] }, properties: {} };

  function holdings(wanted: (of: Layer) => boolean) {
    const asked: string[] = [];
    const service = {
      city: async () => ({ id: "city" }) as City,
      layers: async () => layers.map((each) => ({ ...each })),
      items: async (id: string) => (asked.push(id), [feature, { ...feature, id: "2", geometry: null }]),
      itemsIn: async (id: string) => (asked.push(`around ${id}`), [feature]),
    };
    return { asked, held: new Holdings(service as unknown as Service, null, wanted) };
  }

  it("is only what is wanted; the rest comes when it is, and large layers again only when they changed", async () => {
    const wanted = new Set(["gauge"]);
    const { asked, held } = holdings((each) => wanted.has(each.name));
    await held.load(() => undefined);
    expect(asked).toEqual(["city.gauge"]);
    expect(held.things).toHaveLength(1);
    wanted.add("stop");
    await held.fetch(held.layers[1] as Layer, () => undefined);
    await held.refresh(() => undefined);
    expect(asked).toEqual(["city.gauge", "city.stop", "city.gauge"]);
  });

  it("of lines is what lies around, once for a place", async () => {
    const { asked, held } = holdings((each) => each.name === "route");
    await held.load(() => undefined);
    for (const lon of [11.5, 11.50001, 11.6]) await held.look({ lon, lat: 48.1 }, () => undefined);
    expect(asked).toEqual(["around city.route", "around city.route"]);
    expect(held.nearby).toHaveLength(1);
  });
});

describe("ribbons", () => {
  it("give a line's two ends four corners on both sides, with the colour of the feature", () => {
    const line = new BufferGeometry().setAttribute("position", new Float32BufferAttribute([0, 0, 0, 5, 0, 0, 9, 0, 0], 3));
    line.setAttribute("feature", new Uint8BufferAttribute([3, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0], 4)).setIndex([0, 1, 1, 2]);
    const made = ribbon(line, 2);
    expect(made.getAttribute("position").count).toBe(8);
    expect(made.getIndex()?.count).toBe(12);
    const side = (corner: number) => {
      const along = made.getAttribute("other").getX(corner) - made.getAttribute("position").getX(corner);
      return Math.sign(along) * made.getAttribute("aside").getX(corner);
    };
    expect([0, 1, 2, 3].map(side)).toEqual([2, -2, 2, -2]);
    expect(made.getAttribute("feature").getX(7)).toBe(3);
  });
});
