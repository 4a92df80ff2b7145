import { date, dayNumber, monday } from "../words/dates.js";
import type { Latest, Thing } from "./types.js";
import { kind } from "./types.js";

const HOUR_MS = 3_600_000;
/** A station is called silent when its newest value is older than this. */
const SILENT_AFTER_MS: Record<string, number> = { counter: 6 * HOUR_MS, "air-station": 4 * HOUR_MS };
/** Other stations: older than this, and than so many of the intervals at which their source is asked. */
const SILENT_AFTER_INTERVALS = 6;
/** A day without a single bicycle where this many are usual is a broken counter, not a quiet day. */
const STUCK_USUAL = 40;
/** Within a tenth of the usual is "as many as". */
const SAME = 0.1;

/** What the card says, as facts: the words come later. */
export interface Here {
  sites: { running: Thing[]; fresh: Thing[]; any: boolean };
  bikes: {
    any: boolean;
    counting: Thing[];
    sum: number | null;
    against: "more" | "less" | "same" | null;
    silent: { thing: Thing; since: Date | null }[];
    /** Counters that send zeros where people ride: broken, most likely. */
    stuck: Thing[];
    asOf: Date | null;
  };
  air: { any: boolean; worst: { thing: Thing; index: number; at: Date } | null; silent: { thing: Thing; since: Date | null }[] };
}

/** The newest observation of a station, of one property or of any. */
export function newest(thing: Thing, property?: string): (Latest & { property: string; at: Date }) | null {
  let best: (Latest & { property: string; at: Date }) | null = null;
  for (const [name, latest] of Object.entries(thing.feature.latest ?? {})) {
    const at = date(latest.observed_at);
    if (!at || (property && name !== property)) continue;
    if (!best || at > best.at) best = { ...latest, property: name, at };
  }
  return best;
}

/** The name of the sum of a counter: bicycles in a quarter of an hour, else in an hour. */
export function counted(thing: Thing): string | null {
  const sums = thing.feature.last_24h ?? {};
  return ["bicycles", "bicycles_hour"].find((each) => typeof sums[each] === "number") ?? null;
}

/** Bicycles of the last 24 hours, or null where the counter is silent. */
export function bicycles(thing: Thing): number | null {
  const property = counted(thing);
  return property ? (thing.feature.last_24h?.[property] ?? null) : null;
}

/** Bicycles of a usual such day, or null where nobody knows yet. */
export function usualBicycles(thing: Thing): number | null {
  const property = counted(thing);
  return property ? (thing.feature.usual_24h?.[property] ?? null) : null;
}

/** Whether a counter sends nothing but zeros although people usually ride there. */
export function isStuck(thing: Thing): boolean {
  return bicycles(thing) === 0 && (usualBicycles(thing) ?? 0) >= STUCK_USUAL;
}

/** The publisher's air class, 0 (very good) to 4 (very poor), or null. */
export function airIndex(thing: Thing): number | null {
  const value = thing.feature.latest?.["air_quality_index"]?.value;
  return typeof value === "number" && value >= 0 && value <= 4 ? Math.round(value) : null;
}

/** Whether a station, or one property of it, has been quiet for too long, and since when. */
export function silence(thing: Thing, now: Date, property?: string): { since: Date | null } | null {
  const latest = newest(thing, property);
  if (!latest) return { since: null };
  const intervals = (thing.layer.interval_s ?? 0) * 1000 * SILENT_AFTER_INTERVALS;
  const limit = SILENT_AFTER_MS[kind(thing.layer)] ?? Math.max(6 * HOUR_MS, intervals);
  return now.getTime() - latest.at.getTime() > limit ? { since: latest.at } : null;
}

/** Whether a thing has sentences of its own, as a counter of bicycles or an air station has; others tell their values. */
export function isFamiliar(thing: Thing): boolean {
  if (kind(thing.layer) !== "counter") return kind(thing.layer) === "air-station";
  const names = Object.keys({ ...thing.feature.latest, ...thing.feature.last_24h });
  return names.length === 0 || names.some((each) => each.startsWith("bicycles"));
}

/** Running sites, one thing per site: a site may consist of several areas. */
export function grouped(things: readonly Thing[]): Thing[] {
  const seen = new Set<string>();
  return things.filter((thing) => {
    const site = thing.feature.properties["site"];
    const key = site ? `${thing.layer.id}/${String(site)}` : thing.key;
    return seen.has(key) ? false : Boolean(seen.add(key));
  });
}

/** The facts about the given things (those in view) at an instant. */
export function here(things: readonly Thing[], now: Date): Here {
  const sites = things.filter((thing) => kind(thing.layer) === "roadwork");
  const running = grouped(sites.filter((thing) => thing.feature.phase === "running"));
  const from = monday(now);
  const fresh = running.filter((thing) => {
    const start = date(thing.feature.properties["valid_from"]);
    return start !== null && dayNumber(start) >= from;
  });

  const counters = things.filter((thing) => kind(thing.layer) === "counter" && isFamiliar(thing));
  const quiet = counters.flatMap((thing) => {
    const silent = silence(thing, now);
    return silent ? [{ thing, since: silent.since }] : [];
  });
  const dumb = new Set(quiet.map((each) => each.thing));
  const stuck = counters.filter((thing) => !dumb.has(thing) && isStuck(thing));
  const counting = counters.filter((thing) => !dumb.has(thing) && !isStuck(thing) && bicycles(thing) !== null);
  const sum = counting.length ? total(counting.map((thing) => bicycles(thing) ?? 0)) : null;
  const comparable = counting.filter((thing) => (usualBicycles(thing) ?? 0) > 0);
  const stamps = counting.flatMap((thing) => newest(thing)?.at ?? []);

  const stations = things.filter((thing) => kind(thing.layer) === "air-station");
  const speechless = stations.flatMap((thing) => {
    const silent = silence(thing, now);
    return silent ? [{ thing, since: silent.since }] : [];
  });
  const mute = new Set(speechless.map((each) => each.thing));
  let worst: Here["air"]["worst"] = null;
  for (const thing of stations) {
    const index = airIndex(thing);
    const at = newest(thing, "air_quality_index")?.at;
    if (index === null || !at || mute.has(thing)) continue;
    if (!worst || index > worst.index || (index === worst.index && at > worst.at)) worst = { thing, index, at };
  }

  return {
    sites: { running, fresh, any: sites.length > 0 },
    bikes: {
      any: counters.length > 0,
      counting,
      sum,
      against: against(comparable),
      silent: quiet,
      stuck,
      asOf: stamps.length ? new Date(Math.min(...stamps.map(Number))) : null,
    },
    air: { any: stations.length > 0, worst, silent: speechless },
  };
}

function against(counters: readonly Thing[]): "more" | "less" | "same" | null {
  if (counters.length === 0) return null;
  const ratio = total(counters.map((each) => bicycles(each) ?? 0)) / total(counters.map((each) => usualBicycles(each) ?? 0));
  if (ratio > 1 + SAME) return "more";
  return ratio < 1 - SAME ? "less" : "same";
}

function total(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0);
}
