import type { TemplateResult } from "lit";
import { describe, expect, it, vi } from "vitest";
import { here } from "../src/data/here.js";
import type { Feature, Layer, Thing } from "../src/data/types.js";
import { card } from "../src/parts/card.js";
import type { CardState } from "../src/parts/card.js";
import { Then } from "../src/words/dates.js";
import { WORDS } from "../src/words/index.js";
import { said } from "./said.js";

const now = new Date("2026-11-24T13:30:00Z");
const OLD = "2026-11-20T00:00:00Z";
const KINDS = ["roadwork", "counter", "air-station"];

function station(schema: string, id: string, property: string): Thing {
  const layer = { id: `demo.${schema}`, schema: `${schema}/1` } as Layer;
  const latest = { [property]: { value: 1, unit: "1", observed_at: OLD } };
  const feature: Feature = { type: "Feature", id, geometry: null, properties: { name: id }, latest };
  return { key: `${layer.id}/${id}`, layer, feature, lon: 11.57, lat: 48.14 };
}

function shown(inView: Thing[], known: string[], more: Partial<CardState> = {}) {
  const also = { soon: [], warnings: [], parking: null, rental: null, stale: [] };
  return card({ here: here(inView, now), also, now, past: false, words: WORDS.de, kinds: new Set(KINDS), known: new Set(known), centre: { lon: 11.57, lat: 48.13 }, show: () => undefined, others: () => [], visit: () => undefined, ...more });
}

const told = (...given: Parameters<typeof shown>): string => said(shown(...given));

/** What happens at a press, of each thing in a part that can be pressed. */
function listeners(part: unknown): ((event: { preventDefault: () => void }) => void)[] {
  if (typeof part === "function") return [part as never];
  if (Array.isArray(part)) return part.flatMap(listeners);
  return typeof part === "object" && part ? listeners((part as TemplateResult).values) : [];
}

describe("the card", () => {
  it("says that there is nothing only of what is published", () => {
    expect(told([], KINDS)).toContain("Keine laufende Baustelle im Bild");
    expect(told([], ["counter"])).not.toContain("Baustelle");
    expect(told([], ["counter"])).toContain("Keine Zählstelle");
  });

  it("says that nobody knows, where nothing is published, now or then", () => {
    expect(told([], [])).toContain(" noch keine Daten");
    expect(told([], [])).not.toContain("im Bild");
    expect(told([], [], { past: true })).toContain("Von diesem Tag");
  });

  it("tells what else there is where it knows nothing of the usual, and only there", () => {
    const weather = ["a", "b"].map((id) => station("weather", id, "temperature"));
    for (const each of weather) each.layer.title = { de: "Wetterstationen", en: "Weather stations" };
    const more = { others: () => weather };
    expect(told([], [], more)).toContain("Das gibt es schon:");
    expect(told([], [], more)).toContain("Wetterstationen (2)");
    expect(told([], [])).not.toContain("Das gibt es schon:");
    expect(told([], ["counter"], more)).not.toContain("Wetterstationen");
  });

  it("leads to what else there is by a flight, not by what is in view", () => {
    const weather = [station("weather", "a", "temperature")];
    for (const each of weather) each.layer.title = { de: "Wetterstationen", en: "Weather stations" };
    const [show, visit] = [vi.fn(), vi.fn()];
    for (const act of listeners(shown([], [], { others: () => weather, show, visit }))) act({ preventDefault: () => undefined });
    expect(show).not.toHaveBeenCalled();
    expect(visit).toHaveBeenCalledExactlyOnceWith(weather);
  });

  it("says of a Monday today and of one of the past Monday", () => {
    const monday = new Date("2026-11-23T13:30:00Z");
    const fresh = [station("roadwork", "a", "none")];
    const seen = here([], monday);
    const more = { here: { ...seen, sites: { running: fresh, fresh, any: true } } };
    expect(told([], KINDS, { ...more, now: monday })).toContain("seit heute");
    expect(told([], KINDS, { ...more, now: new Then(monday) })).toContain("seit Montag");
  });

  it("leads to the nearest of what is not in view, and to nothing that is not that", () => {
    const far = { ...station("counter", "Far", "bicycles"), lat: 48.16 };
    const near = { ...station("counter", "Near", "bicycles"), lat: 48.14 };
    const cars = { ...station("counter", "Cars", "vehicles"), lat: 48.131 };
    const over = { ...station("roadwork", "Over", "x"), lat: 48.131 };
    over.feature.phase = "done";
    const others = () => [far, near, cars, over];
    expect(told([], KINDS, { others })).toContain("Keine Zählstelle für Fahrräder im Bild, die nächste ist 1,1 km nördlich");
    expect(told([], KINDS, { others, words: WORDS.ls })).toContain("Im Bild ist keine Zähl-Stelle für Fahr-Räder. Die nächste ist 1,1 Kilometer nach Norden.");
    expect(told([], KINDS, { others })).toContain("Keine laufende Baustelle im Bild Keine"); // the one there is has ended
    const show = vi.fn();
    for (const act of listeners(shown([], KINDS, { others, show }))) act({ preventDefault: () => undefined });
    expect(show).toHaveBeenCalledExactlyOnceWith([near]);
  });

  it("says once that all are silent", () => {
    const counters = ["a", "b", "c"].map((id) => station("counter", id, "bicycles"));
    const stations = ["d", "e", "f"].map((id) => station("air-station", id, "air_quality_index"));
    const text = told([...counters, ...stations], KINDS);
    expect(text).toContain("Von 3 Zählstellen kommen keine Zahlen.");
    expect(text).toContain("Von 3 Luftmessstationen kommen keine Werte.");
    expect(text).not.toMatch(/Keine Zahlen|Keine Luftwerte/);
  });
});
