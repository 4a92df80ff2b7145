import { describe, expect, it } from "vitest";
import type { Layer } from "../src/data/types.js";
import { inWords, layerList } from "../src/parts/layers.js";
import type { LayersState } from "../src/parts/layers.js";
import { Then } from "../src/words/dates.js";
import { WORDS } from "../src/words/index.js";
import { said } from "./said.js";

const words = { de: "Ebene", en: "Layer" };

function layer(name: string, more: Partial<Layer>): Layer {
  return {
    id: `demo.${name}`, name, schema: "green/1", theme: "environment", title: words, summary: words,
    state: "fresh", state_words: { de: "Zuletzt geprüft heute.", en: "Checked today." }, revision: 1, columns: [], properties: [], ...more,
  } as unknown as Layer;
}

function told(layers: Layer[], past: Date | null = null): string {
  const state = { layers, shown: () => true, failed: new Set(), past, now: past ?? new Date("2026-11-24T13:30:00Z"), words: WORDS.de, toggle: () => undefined, scale: () => null };
  return said(layerList(state as unknown as LayersState));
}

describe("the layers", () => {
  it("count as not fresh only what was published once", () => {
    const many = Array.from({ length: 16 }, (_, i) => layer(`l${i}`, {}));
    const late = layer("late", { state: "late" });
    const empty = ["a", "b"].map((name) => layer(name, { revision: null, state: "silent" }));
    const text = told([...many, late, ...empty]);
    expect(text).toContain("17 von 19 gezeigt eine Quelle nicht frisch 2 noch ohne Daten");
    expect(told(many)).not.toMatch(/nicht frisch|ohne Daten/);
  });

  it.each([
    ["Zuletzt geprüft gerade eben.", "Zuletzt geprüft vor 25 Minuten."],
    ["Zuletzt geprüft vor einer Minute.", "Zuletzt geprüft vor 25 Minuten."],
    ["Die Quelle ist verspätet. Zuletzt geprüft vor 2 Stunden.", "Die Quelle ist verspätet. Zuletzt geprüft vor 25 Minuten."],
    ["Kann zurzeit nicht aktualisiert werden. Gezeigt wird der Stand von vor einem Tag.", "Gezeigt wird der Stand von vor 25 Minuten."],
    ["Was Sie sehen, wurde vor 3 Tagen geprüft.", "Was Sie sehen, wurde vor 25 Minuten geprüft."],
  ])("grow older while one looks: %s", (words, then) => {
    const one = layer("one", { state_words: { de: words, en: "" }, last_success: "2026-11-24T13:05:00Z" });
    expect(told([one])).toContain(then);
    const never = layer("never", { state_words: { de: words, en: "" }, last_success: null });
    expect(told([never])).toContain(words);
  });

  it.each(["Checked just now.", "Checked a minute ago.", "Checked an hour ago.", "Checked 4 days ago."])("grow older in English, too: %s", (words) => {
    const one = layer("one", { state_words: { de: "", en: words }, last_success: "2026-11-24T13:05:00Z" });
    expect(inWords(one, { now: new Date("2026-11-24T13:30:00Z"), words: WORDS.en })).toBe("Checked 25 minutes ago.");
  });

  it("say once that there is nothing yet, and why in the visitor's words", () => {
    const why = { de: "Die Quelle war nicht zu erreichen.", en: "The source could not be reached." };
    const never = layer("never", { revision: null, state: "silent", state_words: { de: "Von dieser Quelle kam noch nichts.", en: "" }, reason_words: why });
    const text = told([never]);
    expect(text).toMatch(/still Von dieser Quelle kam noch nichts\./);
    expect(text).not.toContain("Noch nichts veröffentlicht");
    expect(text).toContain(`Grund ${why.de}`);
    const gone = layer("gone", { revision: null, last_success: "2026-11-24T13:05:00Z" });
    expect(told([gone])).toContain("Noch nichts veröffentlicht.");
  });

  it("do not call fresh what did not exist then", () => {
    const then = new Date("2026-01-15T11:00:00Z");
    const text = told([layer("new", { revision: null, last_value_at: "2026-11-23T00:00:00Z" })], then);
    expect(text).toContain("Am 15. Januar 2026 gab es diese Ebene noch nicht.");
    expect(text).not.toMatch(/frisch|geprüft|Stand/);
  });

  it("are of then, not fresh, at an instant that is gone by; what was silent then was silent", () => {
    const then = new Then("2026-10-15T11:00:00Z");
    const old = layer("old", { last_value_at: "2026-08-31T10:00:00Z" });
    const text = told([old], then);
    expect(text).toContain("von damals");
    expect(text).toContain("Stand: 31. August 2026");
    expect(text).not.toMatch(/frisch|geprüft/);
    const stations = { holds_from: "2026-08-31T10:00:00Z", properties: [{}] as unknown as Layer["properties"] };
    expect(told([layer("stations", stations)], then)).not.toContain("Stand");
    expect(told([layer("stations", stations)])).toContain("Stand: 31. August 2026");
    expect(told([layer("mute", { state: "silent" })], then)).toContain("still Zuletzt geprüft");
    expect(told([old])).toContain("frisch Zuletzt geprüft");
  });
});
