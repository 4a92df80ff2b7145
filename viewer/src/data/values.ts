import { date } from "../words/dates.js";
import { newest, silence } from "./here.js";
import type { Text, Thing } from "./types.js";

/** A newest value as a person reads it: of what, how much, since when. */
export interface Told {
  property: string;
  title: Text;
  value: number;
  unit: string;
  at: Date;
  /** The same instant as the service says it: to the microsecond, of which a Date knows nothing. */
  observed: string;
}

/** The newest values of a station, in the order of its schema; those that nobody has measured are left out. */
export function valuesOf(thing: Thing): Told[] {
  return (thing.layer.properties ?? []).flatMap(({ name, title, unit }) => {
    const latest = thing.feature.latest?.[name];
    const at = date(latest?.observed_at);
    if (!latest || !at || typeof latest.value !== "number") return [];
    return [{ property: name, title, value: latest.value, unit, at, observed: latest.observed_at }];
  });
}

/**
 * The value that stands for a station: that of the property asked for, else the first of its schema that is as new as
 * its newest; null where it is silent.
 */
export function leading(thing: Thing, now: Date, property?: string | null): Told | null {
  if (property) return silence(thing, now, property) ? null : (valuesOf(thing).find((each) => each.property === property) ?? null);
  const last = newest(thing);
  if (!last || silence(thing, now)) return null;
  const all = valuesOf(thing);
  return all.find((each) => each.at.getTime() === last.at.getTime()) ?? all[0] ?? null;
}
