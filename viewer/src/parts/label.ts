import { airIndex, bicycles, isFamiliar, isStuck, silence } from "../data/here.js";
import { formOf } from "../data/kinds.js";
import type { Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Words } from "../words/index.js";
import { leading } from "../data/values.js";
import { measured, whole } from "../words/numbers.js";
import type { Label } from "../scene/marks.js";
import { bannerOf } from "./banner.js";
import { gist, titleOf } from "./list.js";

const ICONS: Record<string, string> = { parking: "parking", "rental-station": "bike" };

/** What the mark of a thing in the scene says, of a certain property if that was asked for; null for things without one. */
export function labelOf(thing: Thing, now: Date, words: Words, property: string | null = null): Label | null {
  if (formOf(thing.layer) === "point" && kind(thing.layer) !== "place" && (property || !isFamiliar(thing))) return valueOf(thing, now, words, property);
  const hint = `${titleOf(thing, words)} – ${gist(thing, now, words)}`;
  switch (kind(thing.layer)) {
    case "roadwork":
      return { kind: "site", phase: thing.feature.phase, icon: "site", text: "", hint, swatch: null, banner: bannerOf(thing, now, words) };
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

/** The value of a station; those that measure nothing are columns without words, for there are many. */
function valueOf(thing: Thing, now: Date, words: Words, property: string | null): Label | null {
  const first = leading(thing, now, property);
  if (!first) return null;
  const text = measured(first.value, first.unit, words);
  const hint = `${titleOf(thing, words)} – ${first.title[words.language]}: ${text}`;
  const icon = ICONS[kind(thing.layer)] ?? (first.unit === "1" ? "place" : null);
  return { kind: "station", theme: thing.layer.theme, icon, text, hint, swatch: null };
}
