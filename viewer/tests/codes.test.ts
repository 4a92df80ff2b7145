import { describe, expect, it } from "vitest";
import type { Column } from "../src/data/types.js";
import { told } from "../src/words/columns.js";
import { WORDS } from "../src/words/index.js";

function column(...codes: [string, string, string][]): Column {
  return { name: "code", title: { de: "", en: "" }, kind: "text", unit: null, choices: [], codelist: codes.map(([value, de, en]) => ({ value, title: { de, en } })) };
}
const surface = column(["gravel", "Schotter", "gravel"], ["fine_gravel", "feiner Kies", "fine gravel"], ["asphalt", "Asphalt", "asphalt"]);

describe("a source's codes", () => {
  it("are told in words, whatever their letters and wherever they stand", () => {
    expect(told(surface, "Asphalt;fine_gravel", WORDS.de)).toBe("Asphalt;feiner Kies");
    const way = column(["northbound", "nach Norden", "northbound"], ["stadteinwärts", "stadteinwärts", "into the city"]);
    expect(told(way, "northBound", WORDS.de)).toBe("nach Norden");
    expect(told(way, "Stadteinwärts", WORDS.en)).toBe("into the city");
    const hours = column(["24/7", "rund um die Uhr", "day and night"], ["mo", "Montag", "Monday"], ["su", "Sonntag", "Sunday"]);
    expect(told(hours, "Mo-Su 08:00-18:00", WORDS.en)).toBe("Monday-Sunday 08:00-18:00");
    expect(told(hours, "24/7", WORDS.de)).toBe("rund um die Uhr");
  });

  it("are whole words, the longest of several, and all else is as the source wrote it", () => {
    const lanes = column(["closed", "gesperrt", "closed"], ["some-lanes-closed", "zum Teil gesperrt", "some lanes closed"], ["of", "von", "of"]);
    expect(told(lanes, "some-lanes-closed, 1 of 2 closed", WORDS.de)).toBe("zum Teil gesperrt, 1 von 2 gesperrt");
    expect(told(surface, "Richtung Asphaltweg, tar_gravel, constructor", WORDS.de)).toBe("Richtung Asphaltweg, tar_gravel, constructor");
    expect(told(surface, "Gravelsand, Gravel", WORDS.de), "no code ends within a word").toBe("Gravelsand, Schotter");
    const split = column(["closed", "gesperrt", "closed"], ["closed-split", "geteilt", "split"]);
    expect(told(split, "closed-split", WORDS.de), "the longer one of two that begin alike").toBe("geteilt");
    expect(told(column(), "asphalt", WORDS.de)).toBe("asphalt");
    expect(told({ ...column(), codelist: undefined } as unknown as Column, "asphalt", WORDS.de)).toBe("asphalt");
  });
});
