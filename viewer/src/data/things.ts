import { distance, middle } from "./places.js";
import { formOf } from "./kinds.js";
import type { Feature, Layer, Thing } from "./types.js";

/** Key of a thing in the address bar: `<layer>/<feature id>`. */
export function key(layer: string, feature: string): string {
  return `${layer}/${feature}`;
}

/** The features of a layer that have a place. */
export function things(layer: Layer, features: readonly Feature[]): Thing[] {
  return features.flatMap((feature) => {
    const place = middle(feature);
    return place ? [{ key: key(layer.id, feature.id), layer, feature, ...place }] : [];
  });
}

/** Things of the list, the nearest first. Districts and other outlined areas contain things: they come last. */
export function nearest(all: readonly Thing[], centre: { lon: number; lat: number }, most: number): Thing[] {
  const rank = (thing: Thing) => (formOf(thing.layer) === "outline" ? 1 : 0);
  return all
    .map((thing) => ({ thing, far: distance(centre, thing) }))
    .sort((a, b) => rank(a.thing) - rank(b.thing) || a.far - b.far)
    .slice(0, most)
    .map((each) => each.thing);
}
