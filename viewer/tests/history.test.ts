import { describe, expect, it } from "vitest";
import { differences } from "../src/data/changes.js";
import type { Change } from "../src/data/chain.js";
import { Inquiry } from "../src/data/inquiry.js";
import { allSeriesOf, seriesOf } from "../src/data/series.js";
import type { Service } from "../src/data/service.js";
import type { Thing } from "../src/data/types.js";
import { sentence } from "../src/parts/history.js";
import { WORDS } from "../src/words/index.js";

const now = new Date("2026-11-22T12:00:00Z");
const thing = {
  layer: {
    columns: [
      { name: "restriction", title: { de: "Einschränkung", en: "Restriction" }, kind: "text", unit: null, choices: [] },
      { name: "lines", title: { de: "Linien", en: "Lines" }, kind: "texts", unit: null, choices: [] },
      { name: "height_m", title: { de: "Höhe", en: "Height" }, kind: "number", unit: "m", choices: [] },
    ],
  },
} as unknown as Thing;

function changed(columns: Change["columns"], change: Change["change"] = "changed"): Change {
  return { from: "2026-03-03T09:00:00Z", to: null, change, columns };
}

const say = (change: Change, register: keyof typeof WORDS = "de") => sentence(change, thing, now, WORDS[register]);

describe("what became of a thing", () => {
  it("is told in sentences: an end that moved, with the last day", () => {
    const later = changed({ valid_to: { before: "2026-03-31T22:00:00Z", after: "2026-04-30T22:00:00Z" } });
    expect(say(later)).toBe("Seit 3.\u00a0März: Ende auf 30.\u00a0April verschoben");
    expect(say(later, "en")).toBe("Since 3\u00a0March: end postponed to 30\u00a0April");
    expect(say(later, "ls")).toBe("Seit 3.\u00a0März: Es endet später, am 30.\u00a0April.");
    expect(say(changed({ valid_from: { before: "2026-05-01T00:00:00Z", after: "2026-04-01T00:00:00Z" } }))).toBe("Seit 3.\u00a0März: Beginn auf 1.\u00a0April vorgezogen");
  });

  it("tells what was unknown, what is other, and what is told no more", () => {
    expect(say(changed({ restriction: { before: null, after: "Eine Spur" }, geometry: { before: {}, after: {} } }))).toBe(
      "Seit 3.\u00a0März: Einschränkung jetzt bekannt: Eine Spur; Lage oder Umriss geändert",
    );
    expect(say(changed({ height_m: { before: 12, after: 13.5 } }))).toBe("Seit 3.\u00a0März: Höhe jetzt „13,5\u00a0m“, zuvor „12\u00a0m“");
    expect(say(changed({ height_m: { before: 12, after: null } }))).toBe("Seit 3.\u00a0März: Höhe nicht mehr genannt, zuvor „12\u00a0m“");
    expect(say(changed({ valid_to: { before: "2026-03-31T22:00:00Z", after: null } }))).toContain("nicht mehr genannt");
    expect(say(changed({}, "gone"))).toBe("Seit 3.\u00a0März: nicht mehr in unseren Daten");
  });

  it("tells of a list what came and what went, not all of it", () => {
    const lines = changed({ lines: { before: ["16", "17"], after: ["17", "19", "N19"] } });
    expect(say(lines)).toBe("Seit 3.\u00a0März: Linien: neu ist 19, N19; Linien: nicht mehr dabei ist 16");
    expect(say(lines, "en")).toBe("Since 3\u00a0March: Lines: 19, N19 added; Lines: 16 removed");
    expect(say(changed({ lines: { before: ["16"], after: ["17", "16"] } }), "ls")).toBe("Seit 3.\u00a0März: Linien: Neu ist 17.");
    expect(say(changed({ lines: { before: null, after: ["16", "17"] } }))).toBe("Seit 3.\u00a0März: Linien jetzt bekannt: 16, 17");
    expect(differences(changed({ lines: { before: ["16", "17"], after: ["17", "16"] } }))).toEqual([]);
  });

  it("is silent about what concerns nobody, and about no dates", () => {
    expect(say(changed({ observed_at: { before: "a", after: "b" } }))).toBeNull();
    expect(differences(changed({ restriction: { before: null, after: "" } }))).toEqual([]);
    expect(differences(changed({ valid_to: { before: "soon", after: "later" } }))[0]?.kind).toBe("became");
    expect(sentence({ ...changed({}, "gone"), from: "never" }, thing, now, WORDS.de)).toBeNull();
  });
});

describe("an inquiry", () => {
  it("asks each question once, keeps the old answer until the new one comes, and forgets with another thing", async () => {
    let calls = 0;
    const told: string[] = [];
    const inquiry = new Inquiry(() => told.push("changed"));
    const ask = (version: string, fail = false) =>
      inquiry.ask("q", () => (fail ? Promise.reject(new Error("no")) : Promise.resolve(++calls)), version);
    inquiry.about("a");
    expect(ask("1").state).toBe("asked");
    await Promise.resolve();
    await new Promise((go) => setTimeout(go));
    expect(ask("1")).toEqual({ state: "here", value: 1 });
    expect(ask("2", true)).toEqual({ state: "here", value: 1 });
    await new Promise((go) => setTimeout(go));
    expect(ask("2")).toEqual({ state: "here", value: 1 });
    expect(calls).toBe(1);
    inquiry.fold("part", true);
    inquiry.pick("tab", "week");
    expect([inquiry.isOpen("part"), inquiry.picked("tab", ["day", "week"]), inquiry.picked("tab", ["day"])]).toEqual([true, "week", "day"]);
    inquiry.about("a", "2026-03-01");
    expect([ask("2"), inquiry.isOpen("part")]).toEqual([{ state: "here", value: 1 }, true]);
    await new Promise((go) => setTimeout(go));
    expect(ask("2")).toEqual({ state: "here", value: 2 });
    inquiry.about("b");
    expect(ask("1", true).state).toBe("asked");
    await new Promise((go) => setTimeout(go));
    expect(ask("1").state).toBe("failed");
    inquiry.again("q");
    expect(ask("1").state).toBe("asked");
    expect([inquiry.isOpen("part"), inquiry.picked("tab", ["day", "week"])]).toEqual([false, "day"]);
    expect(told.length).toBeGreaterThan(3);
  });

  it("does not let an answer about another thing in", async () => {
    const inquiry = new Inquiry(() => undefined);
    let come: (value: string) => void = () => undefined;
    inquiry.about("a");
    inquiry.ask("q", () => new Promise<string>((go) => (come = go)));
    inquiry.about("b");
    inquiry.ask("q", () => new Promise<string>(() => undefined));
    come("of a");
    await new Promise((go) => setTimeout(go));
    expect(inquiry.ask("q", () => Promise.resolve("")).state).toBe("asked");
  });
});

describe("values of a station", () => {
  const answers = (body: unknown) => {
    const asked: [string, Record<string, string>][] = [];
    return { asked, service: { json: (path: string, query: Record<string, string>) => (asked.push([path, query]), Promise.resolve(body)) } as unknown as Service };
  };

  it("are asked for in one request, the newest first, and told the oldest first without what is none", async () => {
    const { asked, service } = answers({ value: [{ components: [], dataArray: [["2026-11-22T10:00:00Z", 3], ["2026-11-22T09:00:00Z/2026-11-22T10:00:00Z", 2], ["2026-11-22T08:00:00Z", null], ["never", 1]] }] });
    const found = await seriesOf(service, "a.b", "O'Neill:1", "no2", new Date(0), now);
    expect(found.map((each) => each.value)).toEqual([2, 3]);
    expect(decodeURIComponent(asked[0]?.[0] ?? "")).toBe("sta/v1.1/Datastreams('a.b:O''Neill:1:no2')/Observations");
    expect(asked[0]?.[1]["$filter"]).toContain("phenomenonTime le 2026-11-22T12:00:00.000Z");
  });

  it("come by their property", async () => {
    const { service } = answers({ value: [{ "@iot.id": "a.b:c:d:no2", Observations: [{ phenomenonTime: "2026-11-22T10:00:00Z", result: 3 }] }, { "@iot.id": "a.b:c:d:o3" }] });
    const found = await allSeriesOf(service, "a.b", "c:d", new Date(0), now);
    expect([...found].map(([name, readings]) => [name, readings.length])).toEqual([["no2", 1], ["o3", 0]]);
  });
});
