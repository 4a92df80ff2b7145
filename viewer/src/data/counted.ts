import { date } from "../words/dates.js";
import type { Thing } from "./types.js";
import { DAY, HOUR } from "./zone.js";

/** Units of counts → milliseconds that one value stands for. */
const INTERVALS: Record<string, number> = { "1/15min": HOUR / 4, "1/h": HOUR, "1/d": DAY };
const WHAT = ["bicycles", "vehicles"] as const;
/** A finer count that is this much older than a coarser one tells less of today. */
const NO_OLDER = 2 * DAY;

/** A count of a station: what it counts, under which name, over how long, and when last. */
export interface Count {
  what: (typeof WHAT)[number];
  property: string;
  intervalMs: number;
  at: Date;
}

/** All counts of the whole passage that a station has, the finest first; directions are parts of them. */
export function countsOf(thing: Thing): Count[] {
  for (const what of WHAT) {
    const found = [what, `${what}_hour`, `${what}_day`].flatMap((property): Count[] => {
      const unit = thing.layer.properties?.find((each) => each.name === property)?.unit ?? "";
      const at = date(thing.feature.latest?.[property]?.observed_at);
      const intervalMs = INTERVALS[unit];
      return at && intervalMs ? [{ what, property, intervalMs, at }] : [];
    });
    if (found.length) return found;
  }
  return [];
}

/** The count to look at first: the finest that is about as new as any. */
export function finest(counts: readonly Count[]): Count | null {
  const newest = Math.max(...counts.map((each) => each.at.getTime()));
  return counts.find((each) => each.at.getTime() >= newest - NO_OLDER) ?? null;
}
