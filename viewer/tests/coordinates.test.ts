import { describe, expect, it } from "vitest";
import { fromUtm, inCity, readPlace } from "../src/data/coordinates.js";

// PROJ: EPSG:25832 to EPSG:4258, and back to EPSG:25833
const [UTM_LON, UTM_LAT] = [11.575556349, 48.137191506];
const ZONE_33: [number, number] = [245246.369, 5337221.650];
const MUNICH = [11.36, 48.06, 11.73, 48.25] as const;

describe("a place by numbers", () => {
  it.each([
    "48,137 11,575",
    "48.137 11.575",
    "48.137, 11.575",
    "48.137,11.575",
    "48,137, 11,575",
    "48,137 / 11,575",
    "11.575 48.137",
    "48.137 N, 11.575 E",
    "N 48.137 E 11.575",
    "11,575 O 48,137 N",
    "48.137° N 11.575° O",
    `48°08'13.2" N 11°34'30"E`,
    "48° 8,22' N, 11° 34,5' O",
    "geo:48.137,11.575;u=30",
    "geo:48.137,11.575?z=17",
    "  48.137   11.575 ",
  ])("%s", (text) => {
    const place = readPlace(text, MUNICH);
    expect(place?.lat).toBeCloseTo(48.137, 6);
    expect(place?.lon).toBeCloseTo(11.575, 6);
  });

  it("knows south and west", () => {
    expect(readPlace("33.9 S 18.4 E")).toEqual({ lat: -33.9, lon: 18.4 });
    expect(readPlace("-33.9 -70.5")).toEqual({ lat: -33.9, lon: -70.5 });
  });

  it.each(["", "Leopoldstraße 12", "12 13", "48.137", "48.137 11.575 7.5", "48.1 N 11.5 N", "98.1 N 11.5 E", "1.2.3 4.5", "48,137 11,575 Marienplatz", "9".repeat(500), "N48.1N 11.5"])(
    "%s is none",
    (text) => expect(readPlace(text, MUNICH)).toBeNull(),
  );

  it.each(["32U 691608 5334757", "32 691608 5334757", "UTM 32U 691608,5334757", "32U 691608 E 5334757 N"])("%s is UTM", (text) => {
    const place = readPlace(text);
    expect(place?.lon).toBeCloseTo(UTM_LON, 7);
    expect(place?.lat).toBeCloseTo(UTM_LAT, 7);
  });

  it("of another zone is the same place", () => {
    const place = fromUtm(33, ...ZONE_33);
    expect(place.lon).toBeCloseTo(UTM_LON, 7);
    expect(place.lat).toBeCloseTo(UTM_LAT, 7);
  });

  it("lies in the city or not", () => {
    expect(inCity({ lon: 11.5, lat: 48.1 }, MUNICH)).toBe(true);
    expect(inCity({ lon: 13.4, lat: 52.5 }, MUNICH)).toBe(false);
  });
});
