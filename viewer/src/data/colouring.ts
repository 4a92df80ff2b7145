import { formOf } from "./kinds.js";
import type { Column, Layer } from "./types.js";

/** Steps of the ramp of colours; a column has no more classes. */
export const STEPS = 8;
/** Places from here on are steps of the ramp, those before are choices. */
export const RAMP = 128;

/**
 * The column that tells areas and lines of a layer apart by colour: the first one with class breaks, whose order a
 * ramp shows, else the first one with choices.
 */
export function colouring(layer: Pick<Layer, "schema" | "geometry" | "columns">): Column | null {
  const form = formOf(layer);
  if (form !== "area" && form !== "line") return null;
  const { columns = [] } = layer;
  return columns.find((each) => each.breaks?.length) ?? columns.find((each) => each.choices?.length > 1) ?? null;
}

/** The colour of a column's value: its place among the choices, or `RAMP` and its step; null where it has none. */
export function placeOf({ breaks = [], choices }: Column, value: unknown): number | null {
  if (breaks.length === 0) {
    const place = choices.findIndex((each) => each.value === value);
    return place < 0 ? null : place;
  }
  if (typeof value !== "number") return null;
  return RAMP + stepOf(breaks.filter((each) => each <= value).length, breaks.length + 1);
}

/** The step of a class: few classes use the whole ramp, too. */
export function stepOf(index: number, classes: number): number {
  return Math.round((index * (STEPS - 1)) / Math.max(1, classes - 1));
}

/** The column whose choices are drawn in each other's place. */
export function alternatives({ columns = [] }: Pick<Layer, "columns">): Column | null {
  return columns.find((each) => each.alternatives) ?? null;
}
