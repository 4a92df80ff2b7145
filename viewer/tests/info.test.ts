import { describe, expect, it } from "vitest";
import type { Chain } from "../src/data/chain.js";
import { Inquiry } from "../src/data/inquiry.js";
import type { Service } from "../src/data/service.js";
import type { Feature, Layer, Thing } from "../src/data/types.js";
import { chain } from "../src/parts/chain.js";
import { course } from "../src/parts/course.js";
import { facts } from "../src/parts/facts.js";
import { info } from "../src/parts/info.js";
import type { InfoState } from "../src/parts/info.js";
import { WORDS } from "../src/words/index.js";
import { said } from "./said.js";

const now = new Date("2026-11-23T17:30:00Z");
const title = { de: "Ebene", en: "Layer" };
const FREE = { name: "free", title: { de: "Freie Plätze", en: "Free places" }, unit: "1" };

function thing(schema: string, properties: Feature["properties"] = {}, more: Partial<Feature> = {}): Thing {
  const words = { de: "Zuletzt geprüft vor 3 Minuten.", en: "Checked 3 minutes ago." };
  const layer = {
    id: `demo.${schema}`, schema: `${schema}/1`, theme: "traffic", geometry: "point", title, columns: [{ name: "form", title, kind: "enum", choices: [{ value: "broadleaf", title: { de: "Laubbaum", en: "Broadleaf" } }, { value: "unknown", title: { de: "unbekannt", en: "unknown" } }] }], properties: [FREE],
    state: "fresh", state_words: words, last_success: "2026-11-23T17:27:00Z",
  } as unknown as Layer;
  return { key: `${layer.id}/1`, layer, feature: { type: "Feature", id: "1", geometry: null, properties, ...more }, lon: 11.57, lat: 48.14 };
}

const parking = (at: string, value = 412) => thing("parking", { name: "P1" }, { latest: { free: { value, unit: "1", observed_at: at } } });

function panel(of: Thing): string {
  const inquiry = new Inquiry(() => undefined);
  const state = { thing: of, within: [0, 0, 0], now, words: WORDS.de, district: null, layers: [], service: {}, inquiry, close: () => undefined };
  return said(info(state as unknown as InfoState));
}

describe("the panel of a station that is silent", () => {
  it("does not call it fresh, though its source was asked a moment ago", () => {
    expect(panel(parking("2026-11-20T11:00:00Z"))).toContain("still Zuletzt geprüft vor 3 Minuten.");
    expect(panel(parking("2026-11-23T17:20:00Z"))).toContain("frisch Zuletzt geprüft vor 3 Minuten.");
    expect(panel(thing("place", { name: "Brunnen" }))).toContain("frisch");
  });

  it("says of each value from when it is", () => {
    const told = (of: Thing) => said(facts({ thing: of, within: [0, 0, 0], now, words: WORDS.de }));
    expect(told(parking("2026-11-20T11:00:00Z"))).toContain("Freie Plätze 412 20. November 2026");
    expect(told(parking("2026-11-23T17:20:00Z"))).toMatch(/Freie Plätze 412$/);
  });
});

describe("the panel of a place to park", () => {
  const columns = [{ name: "kind", title: { de: "Art", en: "Kind" }, kind: "enum", unit: null, choices: [{ value: "garage", title: { de: "Parkhaus", en: "garage" } }, { value: "unknown", title: { de: "nicht angegeben", en: "not stated" } }] }];
  const told = (sort: string) => {
    const { layer, feature, ...where } = parking("2026-11-23T17:20:00Z");
    const of = { ...where, layer: { ...layer, columns } as unknown as typeof layer, feature: { ...feature, properties: { name: "P1", kind: sort } } };
    return said(facts({ thing: of, within: [0, 0, 0], now, words: WORDS.de }));
  };

  it("says what it is, then what is free, and how old that is: each once", () => {
    expect(told("garage")).toMatch(/^Parkhaus 412 Plätze sind frei\. Stand: vor 10 Minuten/);
    expect(told("garage").match(/Stand|Parkhaus|Art/g)).toEqual(["Parkhaus", "Stand"]);
    expect(told("unknown")).toMatch(/^Parkplatz 412 Plätze sind frei\. .*Art nicht angegeben$/);
  });
});

describe("a single thing", () => {
  it("is called what it is, not what its layer is", () => {
    expect(panel(thing("tree", { form: "unknown" }))).toMatch(/^Baum /);
    expect(panel(thing("tree", { form: null }))).toMatch(/^Baum /);
    expect(panel(thing("tree", { form: "broadleaf" }))).toMatch(/^Laubbaum /);
    expect(panel(thing("weather-warning", { title: "Sturm" }))).toContain("Amtliche Warnung");
  });
});

describe("how the values of a station went", () => {
  async function drawn(of: Thing, times: [string, number][]): Promise<string> {
    const service = { observations: () => undefined, datetime: null } as unknown as Service;
    const inquiry = new Inquiry(() => undefined);
    const state = { thing: of, now, words: WORDS.de, service, inquiry };
    inquiry.ask("line free", async () => times.map(([at, value]) => ({ at: Date.parse(at), value })), String(Date.parse(of.feature.latest?.["free"]?.observed_at ?? "")));
    await new Promise((done) => setTimeout(done));
    return said(course(state));
  }

  it("ends on the day of the last value, with its year where that is another", async () => {
    const text = await drawn(parking("2024-01-08T11:00:00Z"), [["2024-01-07T11:00:00Z", 400], ["2024-01-08T11:00:00Z", 412]]);
    expect(text).toContain("Seit dem 8. Januar 2024 kommen keine neuen Werte.");
    expect(text).toContain("7 Tage bis 8. Januar 2024");
    expect(text).toContain("Zwischen 400 und 412.");
    expect(text).toContain("Mo., 8.1.2024, 12:00");
  });

  it("ends now where values come, and one value has no range", async () => {
    const text = await drawn(parking("2026-11-23T17:20:00Z"), [["2026-11-23T17:20:00Z", 412]]);
    expect(text).toContain("Die letzten 7 Tage");
    expect(text).not.toContain("Zwischen");
    expect(text).toContain("Mo., 23.11., 18:20");
  });
});

describe("where a thing comes from", () => {
  const told = (columns: Record<string, string> | null) => {
    const url = (part: number) => `https://www.stadt.example/ows?typeNames=sites&startIndex=${part}`;
    const steps = [
      { step: "source", publisher: "Stadt", addresses: [0, 1, 2].map(url), licence: { id: "x", title: "X", url: null }, attribution: null },
      { step: "changed", software: "s", recipe_sha256: "abc", schema: "place/1", columns, changed: [], heights: null, derived: [], position: "source", repairs: {} },
      { step: "checked", counts: {}, gate: [{ act: "drop", title: { de: "weggelassen", en: "left out" }, column: "kontakt_oeffentlich", count: 2, reason: { de: "Kontakte weggelassen.", en: "Contacts left out." } }] },
    ];
    return said(chain({ since: null, chain: steps } as unknown as Chain, thing("place"), now, WORDS.de));
  };

  it("is told where nobody wrote down which field fills what", () => {
    expect(told(null)).toContain("abc");
  });

  it("names no key of the source's or of ours where a person reads", () => {
    const text = told({ form: "choice(art)", geometry: "geometry" });
    expect(text).toContain("Lage oder Umriss: geometry");
    expect(text).toContain("2-mal weggelassen: Kontakte weggelassen.");
    expect(text).toContain("stadt.example/ows und 2 weitere Dateien");
    expect(text).not.toContain("startIndex");
  });
});
