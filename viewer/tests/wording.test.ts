import { describe, expect, it } from "vitest";
import type { Layer } from "../src/data/types.js";
import { credits } from "../src/parts/sources.js";
import { gapTitle } from "../src/parts/sheet.js";
import { CARD } from "../src/words/card.js";
import { heightsOf } from "../src/words/heights.js";
import { WORDS } from "../src/words/index.js";
import { tidy } from "../src/words/tidy.js";
import { texts } from "./easy.js";

describe("a source's text", () => {
  it("loses the clauses that were cut, and only those", () => {
    expect(tidy("Kanalbau. Rückfragen an […] oder […]")).toBe("Kanalbau.");
    expect(tidy("Kanalbau, Rückfragen an […] oder […], Gehweg frei")).toBe("Kanalbau, Gehweg frei");
    expect(tidy("Kanalbau, Rückfragen an […]. Gehweg frei.")).toBe("Kanalbau. Gehweg frei.");
    expect(tidy("Sperrung bis 12. Mai. Auskunft: Tel. […]")).toBe("Sperrung bis 12. Mai.");
    expect(tidy("Auskunft: Tel. […]\nGehweg frei")).toBe("Gehweg frei");
    expect(tidy("Ansprechpartner […]")).toBe("");
  });

  it("stays as it is where nothing was cut", () => {
    const text = "Neubau, z. B. Leitungen; ab 3. Mai.\nGehweg frei.";
    expect(tidy(` ${text} `)).toBe(text);
  });
});

describe("one thing that begins soon", () => {
  it("begins, and several begin", () => {
    for (const register of ["de", "ls"] as const) {
      expect(CARD[register].soon("1")).toMatch(/^1 beginnt /);
      expect(CARD[register].soon("4")).toMatch(/^4 beginnen /);
    }
  });
});

describe("heights", () => {
  const of = (method: string, detail: string, error_m: number | null) => ({ heights: { method, detail, error_m } }) as Layer;

  it("say how they were converted, in the reader's numbers", () => {
    expect(heightsOf(of("stated", "45.66 m", 0.3), WORDS.de)).toBe("Mit einem festen Wert von 45,66 m umgerechnet (bis zu 0,3 m ungenau).");
    expect(heightsOf(of("stated", "45.66 m", 0.3), WORDS.en)).toBe("Converted with a fixed value of 45.66 m (off by up to 0.3 m).");
    expect(heightsOf(of("grid", "GCG2016 (BKG)", 0.02), WORDS.de)).toContain("GCG2016 (BKG) umgerechnet (bis zu 0,02 m ungenau)");
    expect(heightsOf({ heights: null }, WORDS.de)).toBeNull();
  });
});

describe("sources", () => {
  const notices = ["Demo – erfundene Daten", "Demo – made-up data"];

  it("name each once, and no notice that a source says already", () => {
    const credit = "Demo – erfundene Daten / made-up data";
    expect(credits([credit, credit, null, ""], notices, 1)).toEqual([credit]);
    expect(credits(["Stadt", "Land", "Stadt"], [], 0)).toEqual(["Stadt", "Land"]);
  });

  it("keep a notice that nobody says", () => {
    expect(credits(["Landeshauptstadt"], notices, 1)).toEqual(["Landeshauptstadt", "Demo – made-up data"]);
  });
});

describe("gaps", () => {
  it("have a name that people read", () => {
    const reason = { de: "", en: "" };
    expect(gapTitle({ name: "street-trees", title: { de: "Straßenbäume", en: "Street trees" }, reason }, "de")).toBe("Straßenbäume");
    expect(gapTitle({ name: "street-trees", reason }, "en")).toBe("Street trees");
  });
});

describe("English", () => {
  const modules = import.meta.glob("../src/words/*.ts", { eager: true });
  const english = (value: unknown): string[] =>
    value === null || typeof value !== "object" ? [] : Object.entries(value).flatMap(([name, each]) => (name === "en" ? texts(each) : english(each)));
  const found = Object.values(modules).flatMap(english);

  it("has none of the turns that are German in English words", () => {
    const wooden = /cannot be had|go(?:es)? on\b|(?<!about )as many as|nothing but|holds? (?:now|yet)|put off|worked out|come closer|throws? a|themes chosen|on the way/i;
    expect(found.length).toBeGreaterThan(250);
    expect(found.filter((each) => wooden.test(each))).toEqual([]);
  });
});
