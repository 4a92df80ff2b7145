import type { Name } from "../scene/names.js";
import { kind } from "../data/types.js";
import type { Laid } from "./draw.js";
import type { Painted } from "./paint.js";

/** Metres of the map (EPSG:3857) across the whole square; in Bavaria one and a half of them are a metre. */
export const SQUARE_M = 2 * Math.PI * 6_378_137;
/** A street bends: its direction is that of what lies within this many of them around its middle. */
const NEAR_M = 65;
/** A street shorter than this bears its name too densely. */
const SHORTEST_M = 90;

/** Names of each tile: they stay while it does. */
const known = new WeakMap<Painted, Name[]>();

/** One of each street's names, where the street is longest, in metres of the map (x east, z south); the longest first. */
export function namesIn(laid: readonly Laid[]): Name[] {
  const longest = new Map<string, Name>();
  for (const each of laid) {
    if (kind(each.sheet.layer) !== "street") continue;
    const mine = known.get(each.painted) ?? named(each);
    known.set(each.painted, mine);
    for (const name of mine) if (name.length > (longest.get(name.text)?.length ?? 0)) longest.set(name.text, name);
  }
  return [...longest.values()].sort((a, b) => b.length - a.length);
}

function named({ painted, at }: Laid): Name[] {
  const side = SQUARE_M / 2 ** at.level;
  const step = side / painted.extent;
  const corner = { x: at.column * side, z: at.row * side };
  return painted.features.flatMap(({ shape, parts, properties }) => {
    const text = properties["name"];
    if (shape !== "LineString" || typeof text !== "string" || text === "") return [];
    return parts.flatMap((part) => {
      const way = Array.from({ length: part.length / 2 }, (_, i) => ({
        x: corner.x + (part[2 * i] as number) * step,
        z: corner.z + (part[2 * i + 1] as number) * step,
      }));
      const length = lengthOf(way);
      if (length < SHORTEST_M) return [];
      const [from, middle, to] = [length / 2 - NEAR_M, length / 2, length / 2 + NEAR_M].map((each) => along(way, each)) as [Place, Place, Place];
      const chord = Math.hypot(to.x - from.x, to.z - from.z) || 1;
      return [{ row: 0, ...middle, y: 0, alongX: (to.x - from.x) / chord, alongZ: (to.z - from.z) / chord, length, text }];
    });
  });
}

interface Place {
  x: number;
  z: number;
}

function lengthOf(way: readonly Place[]): number {
  return way.reduce((sum, { x, z }, i) => sum + (i > 0 ? Math.hypot(x - (way[i - 1] as Place).x, z - (way[i - 1] as Place).z) : 0), 0);
}

/** The place on a way so many metres from its beginning; its ends beyond them. */
function along(way: readonly Place[], metres: number): Place {
  let left = metres;
  for (let i = 1; i < way.length; i++) {
    const [from, to] = [way[i - 1] as Place, way[i] as Place];
    const piece = Math.hypot(to.x - from.x, to.z - from.z);
    if (left <= piece && piece > 0) {
      const part = Math.max(0, left) / piece;
      return { x: from.x + (to.x - from.x) * part, z: from.z + (to.z - from.z) * part };
    }
    left -= piece;
  }
  return way.at(-1) as Place;
}
