import { describe, expect, it } from "vitest";
import { circle, distance } from "../src/data/places.js";
import { substances } from "../src/data/substances.js";
import type { Layer, Thing } from "../src/data/types.js";
import { wayOf } from "../src/data/ways.js";
import { compared } from "../src/parts/counts.js";
import { DAY } from "../src/scene/palette.js";
import { standing } from "../src/scene/standing.js";
import { CHART } from "../src/words/chart.js";
import { WORDS } from "../src/words/index.js";
import { speciesName } from "../src/words/species.js";
import { TREE } from "../src/words/tree.js";

const NOW = new Date("2026-03-10T12:00:00Z");
const HEART = { lon: 11.5, lat: 48 };
const text = (word: string) => ({ de: word, en: word });

describe("the way that a source names", () => {
  it("is one of the compass, in the words of cities", () => {
    const named = { "nach Norden": 0, Nordost: 45, ost: 90, "Fahrtrichtung Süd-Ost": 135, Süden: 180, southwest: 225, westwärts: 270, NW: 315, "Richtung: O": 90, northbound: 0 };
    for (const [name, way] of Object.entries(named)) expect(wayOf(name, HEART, HEART), name).toBe(way);
  });

  it("leads into the city or out of it, as its heart lies from there", () => {
    const east = { lon: 11.6, lat: 48 };
    expect(wayOf("stadteinwärts", east, HEART)).toBeCloseTo(270, 0);
    expect(wayOf("Stadtauswärts", east, HEART)).toBeCloseTo(90, 0);
  });

  it("is not guessed from names of places", () => {
    for (const name of ["Nordbad", "Westend", "Ostbahnhof", "Richtung Sendling", "1", ""]) expect(wayOf(name, HEART, HEART), name).toBeNull();
  });
});

describe("substances beside their limits", () => {
  const layer = {
    id: "city.air", schema: "air-station/1", interval_s: 3600,
    properties: [["pm10", "ug/m3"], ["no2", "ug/m3"], ["co", "mg/m3"], ["o3", "ug/m3"], ["air_quality_index", "1"]].map(([name, unit]) => ({ name, unit, title: text(name as string) })),
  } as unknown as Layer;
  const station = (values: Record<string, [number, string, string?]>): Thing => ({
    key: "a", layer, lon: 0, lat: 0,
    feature: {
      type: "Feature", id: "a", geometry: null, properties: {},
      latest: Object.fromEntries(Object.entries(values).map(([name, [value, unit, at = "2026-03-10T11:00:00Z"]]) => [name, { value, unit, observed_at: at }])),
    },
  });

  it("are as high as their part of the limit, and higher ones end at one and a half", () => {
    const all = substances(station({ pm10: [25, "ug/m3"], no2: [200, "ug/m3"], co: [80, "mg/m3"], air_quality_index: [4, "1"] }), NOW);
    expect(all.map(({ title, share, step }) => [title.de, share, step])).toEqual([["pm10", 0.5, 2], ["no2", 1, 4], ["co", 1.5, 4]]);
  });

  it("are left out where they are old, below nothing drawn as nothing, and never measured by a limit of another unit", () => {
    const all = substances(station({ pm10: [-1, "ug/m3"], no2: [20, "ug/m3", "2026-03-09T11:00:00Z"], co: [80, "ug/m3"] }), NOW);
    expect(all.map(({ title, share, step }) => [title.de, share, step])).toEqual([["pm10", 0, 0]]);
  });

  it("stand in the sign: the scene keeps the ring in the colour of the class alone", () => {
    const ring = (step: number | null) => standing({ kind: "signed", step }, 110, DAY.themes.environment, DAY);
    expect(ring(2)).toEqual({ pieces: [], limit: null, ring: DAY.air[2], head: 0 });
    expect(ring(null).ring).toBeNull();
  });
});

describe("a tree in words", () => {
  it("is called what people call it, by its species or its genus", () => {
    expect(speciesName("Tilia cordata 'Greenspire'", "de")).toBe("Winter-Linde");
    expect(speciesName("Platanus x hispanica", "en")).toBe("London plane");
    expect(speciesName("Platanus ×hispanica", "de")).toBe("Ahornblättrige Platane");
    expect(speciesName("Acer spec.", "de")).toBe("Ahorn");
    expect(speciesName("Winter-Linde", "de")).toBeNull();
    expect(speciesName("", "de")).toBeNull();
  });

  it("says only what is known", () => {
    const all = { name: "Winter-Linde", botanical: "Tilia cordata", height: "12 m", crown: "6 m", planted: "1987", age: 39 };
    expect(TREE.de.sentence(all)).toBe("Winter-Linde (Tilia cordata), 12 m hoch, die Krone 6 m breit. Gepflanzt 1987, vor 39 Jahren.");
    const none = { name: null, botanical: null, height: null, crown: null, planted: null, age: NaN };
    expect(TREE.de.sentence(none)).toBe("Art nicht angegeben.");
    expect(TREE.en.sentence({ ...none, botanical: "Zelkova", planted: "2026", age: 0 })).toBe("Zelkova. Planted in 2026.");
    expect(TREE.ls.sentence(none)).toBe("Das ist ein Baum. Wir wissen nicht: Wie heißt der Baum?");
  });

  it("is ringed as wide as its crown", () => {
    const ring = circle(HEART, 5);
    if (ring.type !== "LineString") throw new Error(ring.type);
    for (const [lon, lat] of ring.coordinates) expect(distance(HEART, { lon, lat })).toBeCloseTo(5, 3);
    expect(ring.coordinates[0]?.[0]).toBeCloseTo(ring.coordinates.at(-1)?.[0] as number, 9);
  });
});

describe("today against usual", () => {
  const bucket = (value: number, usual: number) => ({ at: 1, value, usual, part: false });
  const say = (value: number, usual: number) => compared([bucket(value, usual)], { words: WORDS.de, speech: CHART.de });

  it("is neither more nor less where the numbers read the same", () => {
    expect(say(0, 0.4)).toBe("Etwa so viele wie üblich: 0, sonst 0 in denselben Stunden.");
    expect(say(0, 3)).toBe("Weniger als üblich: 0 statt 3 in denselben Stunden.");
    expect(say(9, 3)).toBe("Mehr als üblich: 9 statt 3 in denselben Stunden.");
  });
});
