import { describe, expect, it } from "vitest";
import { direction, measured, metres, whole } from "../src/words/numbers.js";
import { WORDS, choose } from "../src/words/index.js";

const { de, en, ls } = WORDS;

describe("numbers and units", () => {
  it("groups thousands as each language does", () => {
    expect(whole(8214, de)).toBe("8\u202f214");
    expect(whole(8214, en)).toBe("8,214");
  });

  it("names units in words", () => {
    expect(measured(23.44, "ug/m3", de)).toBe("23,4\u00a0µg/m³");
    expect(measured(123.4, "m", en)).toBe("123\u00a0m");
    expect(measured(7, "1/15min", de)).toBe("7\u00a0in 15 Minuten");
    expect(measured(2, "1", en)).toBe("2");
    expect(measured(2, "furlong", en)).toBe("2\u00a0furlong");
  });

  it("says how far and where", () => {
    expect(metres(3, de)).toBe("10\u00a0m");
    expect(metres(243, de)).toBe("240\u00a0m");
    expect(metres(1340, de)).toBe("1,3\u00a0km");
    expect([0, 44, 91, 359].map((each) => direction(each, en))).toEqual(["north", "north-east", "east", "north"]);
  });
});

describe("language", () => {
  it("takes what is asked for, then what the browser prefers, then German", () => {
    expect(choose(["en"], ["de-DE"])).toBe("en");
    expect(choose([null, undefined], ["fr-FR", "en-US", "de"])).toBe("en");
    expect(choose(["tlh"], ["fr"])).toBe("de");
    expect(choose(["ls"], ["en"])).toBe("ls");
    expect(choose([], ["de-simple", "en"])).toBe("ls");
  });

  it("has every text in all three registers, of the same kind", () => {
    const shape = (value: unknown): unknown =>
      value !== null && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shape(each)]))
        : typeof value;
    expect(shape(en)).toEqual(shape(de));
    expect(shape(ls)).toEqual(shape(de));
    expect(Object.values(en).filter((each) => each === "")).toEqual([]);
  });
});
