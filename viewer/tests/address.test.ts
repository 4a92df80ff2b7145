import { describe, expect, it } from "vitest";
import { readAddress, writeFragment } from "../src/state/address.js";

const read = (hash: string, search = "") => readAddress({ hash, search });

describe("the address bar is the state", () => {
  it("comes back as it was written", () => {
    const address = {
      view: { lon: 11.5755, lat: 48.1374, range: 800, heading: 350, pitch: 45 },
      layers: ["buildings", "bike-counts"],
      selected: "demo.construction-sites/a b/ü&1",
      language: "en" as const,
      list: true,
    };
    expect(read(writeFragment(address))).toEqual(address);
  });

  it("says nothing where nothing was chosen", () => {
    expect(writeFragment({})).toBe("");
    expect(read("")).toEqual({});
  });

  it("keeps an empty choice of layers apart from none", () => {
    expect(read("#layers=").layers).toEqual([]);
    expect(read("#").layers).toBeUndefined();
  });

  it("takes the instant from the query", () => {
    expect(read("", "?datetime=2026-03-01T12:00:00Z").datetime).toBe("2026-03-01T12:00:00Z");
    expect(read("", "?datetime=<script>").datetime).toBeUndefined();
  });

  it("leaves out what makes no sense, and keeps views within the world", () => {
    expect(read("#view=1,2,3").view).toBeUndefined();
    expect(read("#view=a,b,c,d,e").view).toBeUndefined();
    expect(read("#view=11,48,1e99,0,45").view?.range).toBe(200_000);
    expect(read("#lang=xx&layers=../etc,ok").layers).toEqual(["ok"]);
    expect(read("#lang=xx").language).toBeUndefined();
    expect(read("#lang=ls").language).toBe("ls");
    expect(read("#lang=de-simple").language).toBe("ls");
  });
});
