import { describe, expect, it, vi } from "vitest";
import { Holdings } from "../src/data/holdings.js";
import { freshen, observe } from "../src/data/news.js";
import { parsed } from "../src/data/live.js";
import type { Layer, Thing } from "../src/data/types.js";
import { instantOf, told } from "../src/state/instant.js";
import { following, notchOf, notchesOf, placeOf, stopAt, stopsOf } from "../src/state/stops.js";
import type { Story } from "../src/story.js";
import { Then } from "../src/words/dates.js";

const NOW = new Date("2026-11-22T15:20:00Z");
const at = (text: string) => new Date(text);
const said = (stops: readonly { datetime: string | null }[]) => stops.map((each) => each.datetime);

describe("an instant is read as the service reads it", () => {
  it.each([
    ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"],
    ["2026-03-01T13:00:00+01:00", "2026-03-01T12:00:00Z"],
    ["2026-03-01", "2026-03-01T00:00:00Z"],
    ["2026-02-01T00:00:00Z/2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"],
    ["../2026-03-01", "2026-03-01T00:00:00Z"],
  ])("%s", (text, instant) => expect(told(instantOf(text) as Date)).toBe(instant));

  it("takes an open end for now", () => expect(instantOf("2026-02-01/..")).toBeNull());

  it.each(["", "..", "../..", "gestern", "2026", "20260301", "2026-13-01", "2026-02-31", "2026-03-01T12:00:00", "1/2/3", "2026-04-01/2026-03-01", "9".repeat(5000)])(
    "knows that %s is none",
    (text) => expect(instantOf(text)).toBeUndefined(),
  );
});

describe("the instant asked for", () => {
  it("is gone by only before now", async () => {
    vi.stubGlobal("matchMedia", () => ({ matches: true }));
    const { Time } = await import("../src/state/time.js");
    vi.unstubAllGlobals();
    const asked = (datetime?: string) => new Time({ address: { datetime }, service: { clock: { now: NOW } } } as unknown as Story).asked;
    expect(asked("2026-11-21")).toBeInstanceOf(Then);
    expect(asked("2026-12-24")).toEqual(at("2026-12-24T00:00:00Z"));
    expect(asked("2026-12-24")).not.toBeInstanceOf(Then);
    expect(asked()).toBeNull();
  });
});

describe("where the slider stops", () => {
  const layer = (name: string, revisions: string[], days: string[] = []) => ({ layer: name, revisions, days });

  it("is now alone where there is nothing", () => expect(said(stopsOf([], NOW, null))).toEqual([null]));

  it("takes what one run publishes as one moment, the one when all of it was there", () => {
    const stops = stopsOf([layer("a", ["2026-03-01T12:00:00Z", "2026-06-01T12:00:00Z"]), layer("b", ["2026-03-01T12:00:40Z"])], NOW, null);
    expect(said(stops)).toEqual(["2026-03-01T12:00:40Z", "2026-06-01T12:00:00Z", null]);
    expect(stops[0]?.layers).toEqual(["a", "b"]);
  });

  it("shows values day by day at noon, and lately hour by hour, but never before their layer was there", () => {
    const stops = stopsOf([layer("a", ["2026-03-02T00:00:00Z"], ["2026-03-01", "2026-03-02", "2026-07-02", "2026-11-22"])], NOW, null);
    expect(said(stops).slice(0, 3)).toEqual(["2026-03-02T00:00:00Z", "2026-03-02T11:00:00Z", "2026-07-02T10:00:00Z"]);
    expect(said(stops).slice(3)).toEqual([...Array.from({ length: 16 }, (_, i) => `2026-11-22T${String(i).padStart(2, "0")}:00:00Z`), null]);
  });

  it("stops where a revision holds that began within a second", () => {
    for (const from of ["2026-03-01T12:00:00.250000Z", "2026-03-01T12:00:00.000250Z"]) {
      expect(said(stopsOf([layer("a", [from])], NOW, null))).toEqual(["2026-03-01T12:00:01Z", null]);
    }
  });

  it("does not stop twice for values beside a revision", () => {
    const stops = stopsOf([layer("a", ["2026-11-22T10:03:00Z"], ["2026-11-22"])], NOW, null);
    expect(said(stops).slice(0, 2)).toEqual(["2026-11-22T10:03:00Z", "2026-11-22T11:00:00Z"]);
  });

  it("has a place for what a link asks, also in time to come", () => {
    const past = stopsOf([layer("a", ["2026-03-01T12:00:00Z"])], NOW, at("2026-05-01T00:00:00Z"));
    expect(placeOf(past, at("2026-05-01T00:00:00Z"))).toBe(1);
    expect(placeOf(past, null)).toBe(2);
    const future = stopsOf([], NOW, at("2027-01-01T00:00:00Z"));
    expect(said(future)).toEqual([null, "2027-01-01T00:00:00Z"]);
    expect([placeOf(future, null), placeOf(future, at("2027-01-01T00:00:00Z"))]).toEqual([0, 1]);
  });

  it("keeps all that is new and some of what is old, where there is more than anybody can tell apart", () => {
    const days = Array.from({ length: 3000 }, (_, i) => new Date(Date.UTC(2015, 0, 1 + i)).toISOString());
    const stops = stopsOf([layer("a", days)], NOW, null);
    expect(stops.length).toBe(361);
    expect(stops[0]?.datetime).toBe("2015-01-01T00:00:00Z");
    expect(stops.at(-2)?.datetime).toBe(told(at(days.at(-1) as string)));
  });
});

describe("the way of the slider", () => {
  const stop = (i: number, layers: string[]) => ({ at: new Date(i), datetime: String(i), layers, values: true });
  const year = [...Array.from({ length: 10 }, (_, i) => stop(i, ["a"])), ...Array.from({ length: 130 }, (_, i) => stop(10 + i, []))];

  it("gives dates with something new half of the way, however many values there are", () => {
    const notches = notchesOf(year);
    expect(new Set(notches).size).toBe(140);
    expect(notches.lastIndexOf(9) / notches.length).toBeGreaterThan(0.4);
    // On a phone (190 px) a finger tells them apart.
    expect(((notchOf(notches, 1) - notchOf(notches, 0)) / notches.length) * 190).toBeGreaterThan(7);
  });

  it("is as it was where all dates are alike", () => {
    for (const layers of [[], ["a"]]) expect(notchesOf([0, 1, 2].map((i) => stop(i, layers)))).toEqual([0, 1, 2]);
    expect(notchesOf([])).toEqual([]);
  });

  it("leads by keys to each date, one by one, and back", () => {
    const notches = notchesOf(year);
    for (const by of [1, -1]) {
      const seen = [by > 0 ? 0 : 139];
      for (let i = 0; i < 139; i++) {
        const place = seen.at(-1) as number;
        seen.push(stopAt(notches, notchOf(notches, place) + by, place, false));
      }
      expect(seen).toEqual(Array.from({ length: 140 }, (_, i) => (by > 0 ? i : 139 - i)));
    }
    expect(stopAt(notches, 0, 0, false)).toBe(0);
  });

  it("stays under a finger that moves a little, and follows one that moves on", () => {
    const notches = notchesOf(year);
    expect(stopAt(notches, notchOf(notches, 3) + 1, 3, true)).toBe(3);
    expect(stopAt(notches, notchOf(notches, 7), 3, true)).toBe(7);
  });
});

describe("what is shown while time plays", () => {
  const stop = (i: number, layers: string[], datetime: string | null = String(i)) => ({ at: new Date(i), datetime, layers, values: true });
  const played = (stops: ReturnType<typeof stop>[]) => {
    const places = [0];
    for (let next = following(stops, 0); next > 0; next = following(stops, next)) places.push(next);
    return places;
  };

  it("is each stop where there are few, to the last", () => {
    expect(played([stop(0, ["a"]), stop(1, []), stop(2, []), stop(3, [], null)])).toEqual([0, 1, 2, 3]);
  });

  it("is all that became another and now, and of mere values so many that it ends soon", () => {
    const stops = Array.from({ length: 140 }, (_, i) => stop(i, i % 12 === 0 ? ["a"] : [], i === 139 ? null : String(i)));
    const places = played(stops);
    expect(places.length).toBeLessThan(45);
    for (let i = 0; i < 140; i += 12) expect(places).toContain(i);
    expect(places.at(-1)).toBe(139);
    expect(Math.max(...places.slice(1).map((each, i) => each - (places[i] as number)))).toBeLessThan(9);
  });

  it("goes on beyond now where a link has led there", () => {
    expect(played([stop(0, ["a"]), stop(1, [], null), stop(2, [])])).toEqual([0, 1, 2]);
  });
});

describe("a move in time", () => {
  it("shows what there was until all layers have come, then all of them at once", async () => {
    const layer = (name: string, revision: number) =>
      ({ id: `c.${name}`, city: "c", schema: "rental-station/1", geometry: "point", features: 1, revision, tileset: "t" }) as unknown as Layer;
    const item = (id: string) => ({ type: "Feature", id, geometry: { type: "Point", coordinates: [11, 48] }, properties: {} });
    const answers = new Map<string, (items: unknown[]) => void>();
    let then = "now";
    const service = {
      city: () => Promise.resolve({ id: "c" }),
      layers: () => Promise.resolve([layer("a", 1), layer("b", 1)]),
      items: (id: string) => (then === "now" ? Promise.resolve([item(then)]) : new Promise((give) => answers.set(id, give))),
    };
    const holdings = new Holdings(service as never, null);
    await holdings.load(() => undefined);
    const held = () => holdings.things.map((each) => each.feature.id);
    expect(held()).toEqual(["now", "now"]);

    then = "then";
    const told: unknown[] = [];
    const moved = holdings.travel(() => told.push(held()), (tiled) => told.push(tiled));
    await vi.waitFor(() => expect(answers.size).toBe(2));
    expect(told).toEqual([true]);
    answers.get("c.a")?.([item(then)]);
    await Promise.resolve();
    expect(held()).toEqual(["now", "now"]);
    answers.get("c.b")?.([item(then)]);
    await moved;
    expect(told).toEqual([true, ["then", "then"]]);
  });
});

describe("what comes live", () => {
  const station = (id: string): Thing => ({
    key: `c.bikes/${id}`,
    layer: { id: "c.bikes" } as Layer,
    feature: { type: "Feature", id, geometry: null, properties: {}, latest: { n: { value: 7, unit: "1", observed_at: "2026-11-22T15:00:00Z" } } },
    lon: 0,
    lat: 0,
  });
  const value = (station: string, value: number, minute: string) => ({ station, property: "n", value, unit: "1", observed_at: `2026-11-22T15:${minute}:00Z` });

  it("puts values to their stations by id, and never an older one over a newer", () => {
    const things = [station("a"), station("b")];
    expect(observe(things, [value("a", 9, "10"), value("b", 1, "00"), value("b", 2, "00"), value("nobody", 5, "10")])).toBe(3);
    expect(things.map((each) => each.feature.latest?.["n"]?.value)).toEqual([9, 2]);
    expect(observe(things, [value("a", 3, "05"), value("a", 9, "10")])).toBe(0);
  });

  it("takes over what is said of freshness, and nothing else", () => {
    const layer = { id: "c.bikes", state: "fresh", reason_words: null, revision: 3 } as Layer;
    freshen(layer, { state: "late", revision: 9, id: "x" } as never);
    expect(layer).toEqual({ id: "c.bikes", state: "late", reason_words: null, revision: 3 });
  });

  it("passes over what is no event", () => {
    expect(parsed("<html>")).toBeNull();
    expect(parsed("null")).toBeNull();
    expect(parsed('{"type":"revision"}')).toBeNull();
    expect(parsed('{"type":"revision","subject":"c.bikes","data":{}}')).toMatchObject({ subject: "c.bikes" });
  });
});
