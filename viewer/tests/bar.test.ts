import { describe, expect, it } from "vitest";
import { OwnBar, readAttributes } from "../src/state/own.js";

const BASE = "https://twin.my-town.example/karte/";

describe("an embedded element keeps its own state", () => {
  it("begins with its attributes", () => {
    const bar = new OwnBar(BASE, { layers: " buildings, bike-counts\n", time: "2026-03-01T12:00:00+01:00", view: "11.5, 48.1, 800, 0, 45" });
    const { layers, datetime, view } = bar.read();
    expect(layers).toEqual(["buildings", "bike-counts"]);
    expect(datetime).toBe("2026-03-01T12:00:00+01:00");
    expect(view).toMatchObject({ lon: 11.5, lat: 48.1, range: 800 });
  });

  it("says the same as an address to somebody else", () => {
    const bar = new OwnBar(BASE, { time: "2026-03-01T12:00:00Z" });
    expect(bar.link).toBe(`${BASE}?datetime=2026-03-01T12%3A00%3A00Z`);
    const address = { layers: ["trees"], list: true, datetime: "2026-03-01T12:00:00Z" };
    bar.write(address);
    expect(bar.link).toBe(`${BASE}?datetime=2026-03-01T12%3A00%3A00Z#layers=trees&list=1`);
    expect(bar.read()).toEqual(address);
    bar.write({});
    expect(bar.link).toBe(BASE);
  });

  it("leaves the page's way back alone", () => {
    const bar = new OwnBar(BASE, {});
    bar.enter();
    expect(bar.listed).toBe(false);
  });

  it.each([
    { view: "1,2,3" },
    { view: "NaN,48,1,0,0" },
    { time: "gestern" },
    { time: "2026-01-01&x=<script>" },
    { layers: null, view: null, time: "" },
  ])("leaves out what makes no sense: %j", (attributes) => {
    expect(readAttributes(attributes)).toEqual({});
  });

  it("may show no layer at all", () => {
    expect(readAttributes({ layers: "" })).toEqual({ layers: [] });
  });
});
