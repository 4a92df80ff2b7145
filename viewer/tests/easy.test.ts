import { describe, expect, it } from "vitest";
import { faults, texts } from "./easy.js";

/** Every text in Leichte Sprache: members named `ls` in whatever a module of words gives away. */
function easy(value: unknown): string[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, each]) => (name === "ls" ? texts(each).filter((text) => !isTag(text)) : easy(each)));
}

const isTag = (text: string) => ["ls", "de", "de-DE", "de-simple"].includes(text);

describe("Leichte Sprache", () => {
  const modules = import.meta.glob("../src/words/*.ts", { eager: true });

  for (const [path, module] of Object.entries(modules)) {
    const found = [...new Set(easy(module))];
    if (found.length === 0) continue;
    it(`${path} keeps the rules in ${found.length} texts`, () => {
      expect(found.flatMap(faults)).toEqual([]);
    });
  }

  it("parts a word by the same hyphen everywhere", () => {
    const words = new Set(Object.values(modules).flatMap((each) => easy(each)).flatMap((text) => text.match(/\p{L}+(?:-\p{L}+)*/gu) ?? []));
    const whole = (word: string) => word.replaceAll("-", "").toLowerCase();
    const parted = new Set([...words].filter((each) => each.includes("-")).map(whole));
    expect([...words].filter((each) => !each.includes("-") && parted.has(whole(each)))).toEqual([]);
  });

  it("has texts to measure", () => {
    expect(easy(modules["../src/words/ls.ts"]).length).toBeGreaterThan(150);
  });

  it.each([
    ["Das ist das Dach des Hauses.", "genitive"],
    ["Die Straße wird gesperrt.", "passive"],
    ["Es könnte laut sein.", "subjunctive"],
    ["Hier sind drei Baustellen.", "number"],
    ["Die Grundwassermessstelle ist hier.", "long word"],
    ["Hier sehen Sie, wie die Stadt war, was heute ist, und was morgen kommt.", "several thoughts"],
    ["Das Haus ist hoch (12 Meter).", "sign"],
    ["Sie können hier sehen wie viele Menschen heute schon mit dem Rad gefahren sind.", "words"],
  ])("finds the fault in %s", (text, fault) => {
    expect(faults(text).join()).toContain(fault);
  });
});
