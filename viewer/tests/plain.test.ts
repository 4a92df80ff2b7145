import { describe, expect, it } from "vitest";
import type { Layer } from "../src/data/types.js";
import { WORDS } from "../src/words/index.js";
import { plain, spell } from "../src/words/plain.js";
import { sortInWords } from "../src/words/sorts.js";
import { faults } from "./easy.js";

describe("German of the service in Leichte Sprache", () => {
  it.each([
    ["Baustellen auf Autobahnen", "Bau-Stellen auf Auto-Bahnen"],
    ["Radzählstellen", "Rad-Zähl-Stellen"],
    ["Luftqualitätsindex", "Luft-Qualitäts-Index"],
    ["Straßenbäume", "Straßen-Bäume"],
    ["Fahrräder je Stunde, Richtung 1", "Fahr-Räder je Stunde, Richtung 1"],
    ["Einbahnstraße", "Einbahn-Straße"],
    ["Abfahrten an einem Werktag", "Abfahrten an einem Werk-Tag"],
    ["Gebäude", "Gebäude"],
    ["Rauminhalt der Stadtbahnsteige", "Rauminhalt der Stadtbahnsteige"],
  ])("parts long words that it knows whole: %s", (text, said) => {
    expect(plain(text)).toBe(said);
  });

  it("is back as it was in another register", () => {
    const layer = { title: { de: "Haltestellen", en: "Stops" }, columns: [{ title: { de: "Öffnungszeiten", en: "Hours" }, unit: null }] };
    spell([layer], true);
    spell([layer], true);
    expect([layer.title.de, layer.columns[0]?.title.de, layer.title.en]).toEqual(["Halte-Stellen", "Öffnungs-Zeiten", "Stops"]);
    spell([layer], false);
    expect([layer.title.de, layer.columns[0]?.title.de]).toEqual(["Haltestellen", "Öffnungszeiten"]);
  });
});

describe("what a recipe says in Leichte Sprache", () => {
  it("comes first, and is gone in another register", () => {
    const layer = { title: { de: "Radzählstellen", en: "Counters", ls: "Zähl-Stellen für Fahr-Räder" } };
    spell(layer, true);
    expect(layer.title.de).toBe("Zähl-Stellen für Fahr-Räder");
    spell(layer, false);
    expect(layer.title.de).toBe("Radzählstellen");
  });
});

describe("what is found", () => {
  const layer = (schema: string) => ({ schema, title: { de: "Straßen", en: "Streets" } }) as Layer;

  it("is one thing, in three registers", () => {
    expect(sortInWords(layer("street/1"), WORDS.de)).toBe("Straße");
    expect(sortInWords(layer("street/1"), WORDS.en)).toBe("Street");
    expect(sortInWords(layer("stop/2"), WORDS.ls)).toBe("Halte-Stelle");
    expect(sortInWords(layer("place/1"), WORDS.en)).toBe("Streets");
  });

  it("is plain", () => {
    for (const kind of ["building", "tree", "counter", "roadwork", "air-station", "gauge", "green", "water", "district"])
      expect(faults(sortInWords(layer(`${kind}/1`), WORDS.ls))).toEqual([]);
  });
});
