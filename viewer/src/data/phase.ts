import { date } from "../words/dates.js";
import type { Feature, Phase } from "./types.js";

/** Whether a feature is still to come, holds or is over, by its own times: they go on while the page stays open. */
export function phaseAt({ properties, phase }: Pick<Feature, "properties" | "phase">, now: Date): Phase {
  const from = date(properties["valid_from"]);
  const to = date(properties["valid_to"]);
  if (!from && !to) return phase ?? "running";
  if (to && to <= now) return "done";
  return from && from > now ? "coming" : "running";
}
