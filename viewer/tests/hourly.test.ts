import { describe, expect, it } from "vitest";
import type { Layer, Thing } from "../src/data/types.js";
import { facts } from "../src/parts/facts.js";
import { gist } from "../src/parts/list.js";
import { hourly, hoursOf } from "../src/parts/hourly.js";
import { WORDS } from "../src/words/index.js";
import { said } from "./said.js";

const NOW = new Date("2026-11-23T13:20:00Z"); // 14:20 in the city
const DAY = "1, 0, 0, 0, 2, 6, 14, 30, 22, 12, 12, 12, 12, 12, 15, 18, 20, 19, 14, 10, 8, 6, 4, 2";
const column = { name: "departures_by_hour", title: { de: "Abfahrten in jeder Stunde", en: "Departures in each hour" }, kind: "text", unit: null, choices: [] };

function stop(properties: Record<string, string>): Thing {
  const layer = { id: "city.stops", schema: "stop/2", title: { de: "Haltestellen", en: "Stops" }, theme: "traffic", columns: [column], properties: [] } as unknown as Layer;
  return { key: "a", layer, lon: 11.5, lat: 48.1, feature: { type: "Feature", id: "a", geometry: null, properties } };
}

describe("a stop's timetable", () => {
  const thing = stop({ departures_by_hour: DAY });

  it("is told for the hour that it is in the city, and for the busiest", () => {
    expect(said(hourly({ thing, now: NOW, words: WORDS.de }))).toContain("Abfahrten von 14 bis 15 Uhr: 15. Am meisten von 7 bis 8 Uhr: 30.");
    expect(said(hourly({ thing, now: NOW, words: WORDS.en }))).toContain("Departures from 14 to 15: 15. Most from 7 to 8: 30.");
  });

  it("is no row of 24 numbers", () => {
    expect(said(facts({ thing, within: [0, 0, 0], now: NOW, words: WORDS.de }))).not.toContain("14, 30");
  });

  it("is that of one stop", () => {
    expect(said(facts({ thing, within: [0, 0, 0], now: NOW, words: WORDS.de }))).toMatch(/^Haltestelle(?!n)/);
    expect(gist(thing, NOW, WORDS.en)).toBe("Stop");
  });

  it("counts what goes after midnight there, and what is no timetable is not drawn", () => {
    expect(hoursOf(`${DAY}, 3, 1`)?.slice(0, 3)).toEqual([4, 1, 0]);
    expect([hoursOf("1, 2"), hoursOf(DAY.replace("30", "x")), hoursOf("")]).toEqual([null, null, null]);
    expect(said(hourly({ thing: stop({}), now: NOW, words: WORDS.de }))).toBe("");
  });
});
