import { date, dayNumber } from "../words/dates.js";
import { grouped, newest, silence } from "./here.js";
import { phaseAt } from "./phase.js";
import { contains } from "./places.js";
import type { Layer, Thing } from "./types.js";
import { kind } from "./types.js";

const SOON_DAYS = 7;

/** What is free at some stations, and since when one knows: the oldest of the newest values. */
export interface Free {
  sum: number;
  things: Thing[];
  asOf: Date;
}

/** What else the card says of what one sees, beside sites, bicycles and air. */
export interface Also {
  /** Sites that begin within a week. */
  soon: Thing[];
  /** Warnings that hold now. */
  warnings: Thing[];
  parking: Free | null;
  rental: Free | null;
  /** Layers of the card whose source has not been heard of as it should. */
  stale: Layer[];
}

/** Schemas whose layers the card speaks of. */
const SPOKEN = new Set(["roadwork", "counter", "air-station", "weather-warning", "parking", "rental-station"]);

/** The facts about the given things (those in view) and layers at an instant. */
export function also(things: readonly Thing[], layers: readonly Layer[], now: Date): Also {
  const of = (name: string) => things.filter((thing) => kind(thing.layer) === name);
  const soon = grouped(of("roadwork").filter((thing) => thing.feature.phase === "coming")).filter((thing) => {
    const from = date(thing.feature.properties["valid_from"]);
    return from !== null && dayNumber(from) - dayNumber(now) <= SOON_DAYS;
  });
  return {
    soon,
    warnings: of("weather-warning").filter((thing) => phaseAt(thing.feature, now) === "running"),
    parking: free(of("parking"), "free", now),
    rental: free(of("rental-station"), "vehicles_available", now),
    stale: layers.filter((each) => SPOKEN.has(kind(each)) && each.revision !== null && ["late", "silent", "changed", "refused"].includes(each.state)),
  };
}

/** Warnings that hold over a place: they are larger than what one sees, and their middle may lie elsewhere. */
export function over(things: readonly Thing[], place: { lon: number; lat: number }): Thing[] {
  return things.filter((thing) => kind(thing.layer) === "weather-warning" && contains(thing.feature.geometry, place));
}

function free(stations: readonly Thing[], property: string, now: Date): Free | null {
  const heard = stations.flatMap((thing) => {
    const latest = newest(thing, property);
    return latest && typeof latest.value === "number" && !silence(thing, now) ? [{ thing, value: latest.value, at: latest.at }] : [];
  });
  if (heard.length === 0) return null;
  return {
    sum: heard.reduce((sum, each) => sum + each.value, 0),
    things: heard.map((each) => each.thing),
    asOf: new Date(Math.min(...heard.map((each) => each.at.getTime()))),
  };
}
