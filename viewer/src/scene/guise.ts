import { alternatives, colouring } from "../data/colouring.js";
import { formOf, vanishes } from "../data/kinds.js";
import type { Column, Layer, Theme } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Role } from "./materials.js";

/** How the tiles of a layer are drawn: by its form, its theme and the choices that colour it. */
export interface Guise {
  fill: Role | null;
  stroke: Role | null;
  /** The column that colours a feature; null where the theme's colour does. */
  column: Column | null;
  /** The column of which only the first choice that there is is drawn; null where all are. */
  instead: Column | null;
}

/** The guise of a layer, from its schema alone. */
export function guiseOf(layer: Pick<Layer, "schema" | "geometry" | "theme" | "columns">): Guise {
  const { theme } = layer;
  const plain = { column: null, instead: null };
  switch (formOf(layer)) {
    case "ground":
      return { fill: groundRole(kind(layer)), stroke: kind(layer) === "street" ? "street-line" : null, ...plain };
    case "site":
      return { fill: "site", stroke: "border", ...plain };
    case "outline":
      return { fill: null, stroke: theme === "model" ? "district" : themed(vanishes(layer) ? "timed" : "stroke", theme), ...plain };
    case "point":
      return { fill: null, stroke: null, ...plain }; // columns, drawn by the viewer
    default: {
      const form = formOf(layer) === "line" ? "line" : "area";
      return {
        fill: themed(form, theme),
        stroke: themed("stroke", theme),
        column: colouring(layer),
        instead: alternatives(layer),
      };
    }
  }
}

function groundRole(name: string): Role | null {
  return name === "street" || name === "water" || name === "green" ? name : null;
}

function themed(form: "line" | "stroke" | "timed" | "area", theme: Theme): Role {
  return `${form}-${theme}`;
}
