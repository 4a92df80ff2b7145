import type { Layer } from "./types.js";
import { kind } from "./types.js";

/** The ground that all else lies on: drawn, picked where it has rooms, but no things of the list. */
const GROUND = new Set(["building", "model", "terrain", "tree", "point-cloud", "street", "water", "green"]);
/** Large things that contain others: their border is drawn, never their whole inside. */
const OUTLINED = new Set(["district", "boundary", "weather-warning"]);
/** Features that say until when they hold: as many as there are, all are held. */
const TIMED = new Set(["roadwork", "weather-warning"]);

/** Layers with more features than this are off until somebody wants them. */
const MANY = 2000;
/** More areas than this are not held at once: the list asks for those nearby. */
const MOST_AREAS = 1000;
const MOST_POINTS = 10_000;

/** How a layer lies in the scene, by its kind and the form of its features. */
export type Form = "ground" | "site" | "outline" | "area" | "line" | "point";

/** The form in which a layer is drawn; `any` is lines, areas and points in one, drawn as areas. */
export function formOf(layer: Pick<Layer, "schema" | "geometry">): Form {
  const name = kind(layer);
  if (GROUND.has(name)) return "ground";
  if (name === "roadwork") return "site";
  if (OUTLINED.has(name)) return "outline";
  if (layer.geometry === "line" || layer.geometry === "point") return layer.geometry;
  return "area";
}

/**
 * Whether a layer is shown before anybody has chosen. What would cover the city in colours waits, and so does what
 * has very many features; the ground never does.
 */
export function shownAtFirst(layer: Layer): boolean {
  const form = formOf(layer);
  if (form === "ground" || form === "site") return true;
  if (form === "area" && layer.geometry === "area") return false;
  return (layer.features ?? 0) <= MANY;
}

/** Whether all features of a layer are fetched and joined to the scene; others come with the list, where one looks. */
export function isJoined(layer: Layer): boolean {
  const features = layer.features ?? 0;
  if (layer.revision === null || features === 0) return false;
  const form = formOf(layer);
  if (form === "ground" || form === "line") return false;
  if (isTimed(layer)) return true;
  return features <= (form === "point" ? MOST_POINTS : MOST_AREAS);
}

/** Whether a layer has things that only the neighbourhood of the view is asked for. */
export function isNearby(layer: Layer): boolean {
  return layer.revision !== null && (layer.features ?? 0) > 0 && formOf(layer) !== "ground" && !isJoined(layer);
}

/** Whether a layer has things of which some may lie in an area and others not. */
export function canLieInside(layer: Layer): boolean {
  return layer.revision !== null && !["model", "terrain", "cloud"].includes(layer.geometry) && formOf(layer) !== "outline";
}

/** Whether the features of a layer say until when they hold. */
export function isTimed(layer: Pick<Layer, "schema">): boolean {
  return TIMED.has(kind(layer));
}

/** Whether what has ended is no longer shown: a warning that is over warns nobody, while a site that is done stays, faint. */
export function vanishes(layer: Pick<Layer, "schema">): boolean {
  return isTimed(layer) && kind(layer) !== "roadwork";
}
