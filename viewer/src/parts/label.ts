import { airIndex, bicycles, isStuck, silence } from "../data/here.js";
import type { Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Words } from "../words/index.js";
import { whole } from "../words/numbers.js";
import type { Label } from "../scene/marks.js";
import { gist, titleOf } from "./list.js";

/** What the mark of a thing in the scene says; null for things without one. */
export function labelOf(thing: Thing, now: Date, words: Words): Label | null {
  const hint = `${titleOf(thing, words)} – ${gist(thing, now, words)}`;
  switch (kind(thing.layer)) {
    case "roadwork":
      return { kind: "site", phase: thing.feature.phase, icon: "site", text: "", hint, swatch: null };
    case "counter": {
      const count = silence(thing, now) || isStuck(thing) ? null : bicycles(thing);
      return { kind: "counter", icon: "bike", text: count === null ? "–" : whole(count, words), hint, swatch: null };
    }
    case "air-station": {
      const index = silence(thing, now) ? null : airIndex(thing);
      return {
        kind: "air",
        icon: index === null ? "air" : null,
        text: index === null ? "–" : words.air(words.airClasses[index] as string),
        hint,
        swatch: index === null ? null : `air-${index}`,
      };
    }
    case "place":
      return { kind: "place", icon: "place", text: titleOf(thing, words), hint, swatch: null };
    case "district":
      return { kind: "district", icon: null, text: titleOf(thing, words), hint, swatch: null };
    default:
      return null;
  }
}
