import type { Stand } from "../data/measure.js";
import type { Layer } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Palette } from "./palette.js";
import type { Color } from "three";

/** A column of a station that measures nothing. */
export const PLAIN_M = 18;
/** A column at the full height of its scale: those that the city's story is about are seen from afar, others nearby. */
const FULL_M = 110;
const LOW_FULL_M = 42;
const TALL = new Set(["counter", "air-station"]);
/** More of them would be a wood that hides the city. */
const MANY = 60;
/** Nothing is a value, too, and is to be seen. */
const LEAST_M = 3;
/** Who is silent has a disc on the ground. */
const DISC_M = 1.6;
const DISC_WIDE = 1;
/** Between the parts of a column. */
const GAP_M = 3;

/** One piece of what stands for a station. */
export interface Piece {
  /** Metres over the ground at which it begins, and how high it is. */
  from: number;
  high: number;
  /** As many times as wide as a column. */
  wide: number;
  colour: Color;
}

/** What stands for a station: pieces, and rings around them. */
export interface Standing {
  pieces: Piece[];
  /** Metres over the ground at which the limit value is; null where there is none. */
  limit: number | null;
  /** Colour of the ring on the ground; null without one. */
  ring: Color | null;
  head: number;
}

/** How high a column of full height is, metres, in a layer with so many. */
export function fullHeight(layer: Pick<Layer, "schema">, count: number): number {
  return TALL.has(kind(layer)) && count <= MANY ? FULL_M : LOW_FULL_M;
}

/** What stands for a station, as it stands by its layer's scale. */
export function standing(stand: Stand, full: number, theme: Color, palette: Palette): Standing {
  const plain = { limit: null, ring: null };
  if (stand.kind === "plain") return { ...plain, pieces: [{ from: 0, high: PLAIN_M, wide: 1, colour: theme }], head: PLAIN_M };
  if (stand.kind === "silent") return { ...plain, pieces: [{ from: 0, high: DISC_M, wide: DISC_WIDE, colour: palette.siteDone }], head: DISC_M };
  if (stand.kind === "signed") return { ...plain, pieces: [], ring: stand.step === null ? null : palette.air[stand.step as 0 | 1 | 2 | 3 | 4], head: 0 };
  const { share, step, index, limit, part } = stand;
  const high = Math.max(LEAST_M, share * full);
  const colour = (index ? palette.air : palette.columns)[step as 0 | 1 | 2 | 3 | 4];
  const cut = part === null ? 0 : part * high;
  // A part lower than the gap would not be seen as one.
  const parted = cut > GAP_M * 2 && high - cut > GAP_M * 2;
  const pieces = parted
    ? [{ from: 0, high: cut - GAP_M / 2, wide: 1, colour }, { from: cut + GAP_M / 2, high: high - cut - GAP_M / 2, wide: 1, colour }]
    : [{ from: 0, high, wide: 1, colour }];
  return { pieces, limit: limit ? full : null, ring: index ? colour : null, head: high };
}
