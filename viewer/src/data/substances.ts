import { newest, silence } from "./here.js";
import { limitOf } from "./limits.js";
import type { Limit } from "./limits.js";
import type { Text, Thing } from "./types.js";
import { valuesOf } from "./values.js";

/** A column ends at so many times its limit value: what is above is told by its number. */
const OVER = 1.5;
/** As the columns of the scene: four classes up to the limit, one above it. */
const CLASSES = 4;

/** A substance in the air beside its limit value. */
export interface Substance {
  title: Text;
  value: number;
  unit: string;
  limit: Limit;
  /** Part of the limit, at most one and a half. */
  share: number;
  /** 0 to 4; 4 is above the limit. */
  step: number;
}

/** The substances that a station measures and that have a limit value, as they stand now; the old are left out. */
export function substances(thing: Thing, now: Date): Substance[] {
  return valuesOf(thing).flatMap(({ property, title, value, unit }): Substance[] => {
    const limit = limitOf(property, newest(thing, property)?.unit ?? unit);
    if (!limit || silence(thing, now, property)) return [];
    const part = Math.max(0, value / limit.value);
    return [{ title, value, unit, limit, share: Math.min(OVER, part), step: Math.min(CLASSES, Math.floor(part * CLASSES)) }];
  });
}
