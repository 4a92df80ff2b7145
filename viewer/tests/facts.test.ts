import { describe, expect, it } from "vitest";
import type { Feature, Layer, Thing } from "../src/data/types.js";
import { lineChart } from "../src/parts/chart.js";
import { facts } from "../src/parts/facts.js";
import { gist } from "../src/parts/list.js";
import { Then } from "../src/words/dates.js";
import { WORDS } from "../src/words/index.js";
import { markup, said } from "./said.js";

const now = new Date("2026-11-24T13:30:00Z");
const { de, en } = WORDS;

function thing(schema: string, properties: Feature["properties"], columns: Layer["columns"] = []): Thing {
  const title = { de: "Ebene", en: "Layer" };
  const layer = { id: `demo.${schema}`, schema: `${schema}/1`, theme: "environment", title, columns, properties: [] } as unknown as Layer;
  const feature: Feature = { type: "Feature", id: "1", geometry: null, properties };
  return { key: `${layer.id}/1`, layer, feature, lon: 11.57, lat: 48.14 };
}

const column = (name: string, unit: string | null) => ({ name, title: { de: name, en: name }, kind: unit ? "number" : "text", unit }) as Layer["columns"][number];

describe("the panel", () => {
  it("measures what is thinner than a metre in centimetres", () => {
    const tree = thing("tree", { species: "Tilia cordata", trunk_m: 0.293, height_m: 11.5 }, [column("species", null), column("trunk_m", "m"), column("height_m", "m")]);
    const text = said(facts({ thing: tree, within: [0, 0, 0], now, words: de }));
    expect(text).toContain("trunk_m 29 cm");
    expect(text).toContain("height_m 11,5 m");
  });

  it("says a district's number and size as people do", () => {
    const district = thing("district", { name: "Farbenviertel", number: "02", area_km2: 0.373 });
    expect(said(facts({ thing: district, within: [1, 0, 0], now, words: de }))).toContain("Farbenviertel ist Stadtbezirk 2 und 0,37 km² groß.");
    const code = thing("district", { name: "Mitte", number: "0", area_km2: 0.001 });
    expect(said(facts({ thing: code, within: [0, 0, 0], now, words: en }))).toContain("Mitte is district 0 and covers 0.01 km².");
  });
});

describe("a site in the list", () => {
  const dates = { valid_from: "2026-11-30T23:00:00Z", valid_to: "2027-01-31T23:00:00Z" };
  const at = (phase: Feature["phase"], words = de, properties: Feature["properties"] = dates) => {
    const site = thing("roadwork", properties);
    site.feature.phase = phase;
    return gist(site, now, words);
  };

  it("says until when it runs, or from when on it will", () => {
    expect(at("running")).toBe("Baustelle, läuft bis 31.\u00a0Januar 2027");
    expect(at("coming")).toBe("Baustelle, beginnt am 1.\u00a0Dezember");
    expect(at("running", en)).toBe("Construction site, in progress until 31\u00a0January 2027");
    expect(at("coming", WORDS.ls)).toBe("Bau-Stelle, beginnt am 1.\u00a0Dezember");
  });

  it("says no day where none is told, and none of what is over", () => {
    expect(at("running", de, {})).toBe("Baustelle, läuft");
    expect(at("coming", de, {})).toBe("Baustelle, kommt");
    expect(at("done")).toBe("Baustelle, beendet");
  });
});

describe("a station that is silent", () => {
  const counter = thing("counter", { name: "Arnulfstraße" });
  counter.feature.latest = { bicycles: { value: 3, unit: "1/15min", observed_at: "2026-08-31T10:00:00Z" } };
  const text = (at: Date, words = de) => [said(facts({ thing: counter, within: [0, 0, 0], now: at, words })), gist(counter, at, words)];

  it("has no figures right now, or had none then", () => {
    for (const each of text(now)) expect(each).toContain("Diese Zahlen sind gerade nicht zu bekommen.");
    const then = new Then("2026-10-15T11:00:00Z");
    for (const each of [...text(then), ...text(then, WORDS.ls)]) {
      expect(each).toContain("Von damals gibt es keine Zahlen.");
      expect(each).not.toContain("gerade");
    }
    expect(text(then)[0]).toContain("Zuletzt davor: 31. August 2026.");
  });
});

describe("the name of a limit", () => {
  const drawn = (values: number[], limit: number) => {
    const readings = values.map((value, i) => ({ at: i, value }));
    const text = markup(
      lineChart({ summary: "", readings: readings as never, from: 0, to: values.length, marks: [], limit: { value: limit, label: "Grenzwert" }, theme: "environment", number: String, table: { title: "", head: [], rows: [] } }),
    );
    const line = Number(/class="limit" d=M\d+ ([\d.]+)H/.exec(text)?.[1]);
    const name = Number(/class="tick limit end" x=\d+ y=([\d.]+)/.exec(text)?.[1]);
    return { line, name };
  };

  it("stands where no value is drawn, and within the picture", () => {
    const free = drawn([5, 18, 12], 25);
    expect(free.name).toBeLessThan(free.line);
    const over = drawn([5, 38, 12], 25);
    expect(over.name).toBeGreaterThan(over.line);
    const top = drawn([5, 18, 12], 50);
    expect(top.line).toBe(8);
    expect(top.name).toBeGreaterThan(top.line);
  });
});
