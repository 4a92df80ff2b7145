import type { Layer, Thing } from "./types.js";

/** A value as `/live` tells it. */
export interface Observed {
  station: string;
  property: string;
  value: number | null;
  unit: string;
  observed_at: string;
  quality?: string | null;
}

/** What an event of freshness says of a layer, as `/ops/freshness` does. */
export type Fresh = Partial<Pick<Layer, "state" | "state_title" | "state_words" | "reason_words" | "last_attempt" | "last_success" | "last_change" | "last_value_at">>;
const FRESH = ["state", "state_title", "state_words", "reason_words", "last_attempt", "last_success", "last_change", "last_value_at"] as const;

/** Put new values to their stations, by feature id; older ones than are known change nothing. Tells how many were put. */
export function observe(things: readonly Thing[], values: readonly Observed[]): number {
  const stations = new Map(things.map(({ feature }) => [feature.id, feature]));
  let count = 0;
  for (const { station, property, value, unit, observed_at, quality } of values) {
    const feature = stations.get(station);
    const known = feature?.latest?.[property];
    if (!feature || (known && Date.parse(known.observed_at) > Date.parse(observed_at))) continue;
    if (known && known.observed_at === observed_at && known.value === value) continue;
    feature.latest = { ...feature.latest, [property]: { value, unit, observed_at, quality: quality ?? null } };
    count += 1;
  }
  return count;
}

/** Take over what an event of freshness says; what it does not say stays. */
export function freshen(layer: Layer, told: Fresh): void {
  for (const name of FRESH) if (name in told) Object.assign(layer, { [name]: told[name] });
}
