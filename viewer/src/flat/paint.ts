import { nightly } from "./night.js";
import type { TileFeature, TileLayer } from "./mvt.js";
import { colour, dashes, draws, number } from "./style.js";
import type { Drawn, Style } from "./style.js";

/** Features of a tile that are drawn alike, as one path in steps of the tile. */
export interface Stroke {
  type: Drawn["type"];
  colour: string;
  opacity: number;
  /** Pixels. */
  width: number;
  /** Metres, where features are as wide as they are; 0 where not. */
  metres: number;
  path: Path2D;
  /** Of circles: their middles, for they keep their size. */
  points: number[];
  rim: string | null;
  rimWidth: number;
  /** Of lines: widths of the line drawn and left out, by turns; whole where there are none. */
  dash: readonly number[];
}

/** A tile, ready to be drawn and asked. */
export interface Painted {
  extent: number;
  strokes: Stroke[];
  features: TileFeature[];
}

export interface Manner {
  night: boolean;
  /** Strong outlines, no veils. */
  contrast: boolean;
}

const WIDEST_PX = 40;
const WIDEST_M = 60;

/** A tile's layer by its style: what is drawn alike becomes one path. */
export function paint(layer: TileLayer, style: Style, manner: Manner): Painted {
  const strokes = style.layers.flatMap((drawn) => strokesOf(drawn, layer.features, manner));
  return { extent: layer.extent, strokes, features: layer.features };
}

function strokesOf(drawn: Drawn, features: readonly TileFeature[], manner: Manner): Stroke[] {
  const found = new Map<string, Stroke>();
  for (const feature of features) {
    if (!draws(drawn, feature)) continue;
    const stroke = strokeOf(drawn, feature, manner);
    if (!stroke) continue;
    const key = `${stroke.colour} ${stroke.opacity} ${stroke.width} ${stroke.metres} ${stroke.rim} ${stroke.rimWidth}`;
    const mine = found.get(key) ?? stroke;
    found.set(key, mine);
    if (drawn.type === "circle") for (const part of feature.parts) mine.points.push(...part);
    else trace(mine.path, feature);
  }
  return [...found.values()];
}

function strokeOf({ type, paint: how }: Drawn, feature: TileFeature, { night, contrast }: Manner): Stroke | null {
  const told = colour(how[`${type}-color`], feature);
  if (!told) return null;
  const size = type === "circle" ? number(how["circle-radius"], feature, 5, WIDEST_PX) : number(how["line-width"], feature, 1, WIDEST_PX);
  const rim = colour(how["circle-stroke-color"], feature);
  const metres = type === "line" && feature.shape === "LineString" ? feature.properties["width_m"] : 0;
  const opacity = number(how[`${type}-opacity`], feature, 1, 1);
  return {
    type,
    colour: night ? nightly(told) : told,
    opacity: contrast && opacity < 1 ? Math.max(opacity, 0.8) : opacity,
    width: contrast && type === "line" ? Math.max(1.5, size * 1.5) : size,
    metres: typeof metres === "number" && metres > 0 ? Math.min(metres, WIDEST_M) : 0,
    path: new Path2D(),
    points: [],
    rim: rim && night ? nightly(rim) : rim,
    rimWidth: number(how["circle-stroke-width"], feature, 1, WIDEST_PX),
    dash: dashes(how["line-dasharray"]),
  };
}

/** Draw a feature's lines or rings into a path. */
export function trace(path: Path2D, { shape, parts }: TileFeature): void {
  for (const part of parts) {
    path.moveTo(part[0] as number, part[1] as number);
    for (let i = 2; i < part.length; i += 2) path.lineTo(part[i] as number, part[i + 1] as number);
    if (shape === "Polygon") path.closePath();
  }
}
