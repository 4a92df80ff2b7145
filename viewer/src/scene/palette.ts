import { Color } from "three";
import type { Theme } from "../data/types.js";

/** Colours of the model: quiet, so that the data may be loud. The order of values is the same by day and by night. */
export interface Palette {
  wall: Color;
  /** By roof: tile, slate, flat, metal. */
  roofs: [Color, Color, Color, Color];
  terrain: Color;
  water: Color;
  green: Color;
  street: Color;
  /** Crowns of broad-leaved trees, of conifers, and what carries them. */
  leaves: Color;
  needles: Color;
  trunk: Color;
  edge: Color;
  edgeStrength: number;
  /** Nothing is shaded, nothing casts shadows: for high contrast. */
  flat: boolean;
  horizon: Color;
  zenith: Color;
  sun: Color;
  sunStrength: number;
  sky: Color;
  bounce: Color;
  skyStrength: number;
  chosen: Color;
  site: Color;
  siteDone: Color;
  counter: Color;
  district: Color;
  /** Data of a theme that no other colour is meant for. */
  themes: Record<Theme, Color>;
  /** Steps of what has an order, from little to much: away from the ground's own value. */
  ramp: Color[];
  /** How much of the ground a coloured area lets through: 0 all, 1 none. */
  veil: number;
  /** Classes of columns, from little to much: each stands out from the ground, and from the next to every sight. */
  columns: [Color, Color, Color, Color, Color];
  /** Publisher's colours of the air index, 0 (very good) to 4 (very poor). */
  air: [Color, Color, Color, Color, Color];
}

const hex = (value: number) => new Color(value);
/** Okabe and Ito's colours (2008), told apart by the colour-blind too; after the last they come again, striped. */
export const SHADES = [0xe69f00, 0x56b4e9, 0x009e73, 0xf0e442, 0x0072b2, 0xd55e00, 0xcc79a7, 0x8c8c8c].map((each) => new Color(each));

/** Viridis (van der Walt and Smith, 2015), in eight steps from dark to light; by day much is dark, by night light. */
const VIRIDIS = [0x440154, 0x46327e, 0x365c8d, 0x277f8e, 0x1fa187, 0x4ac16d, 0xa0da39, 0xfde725].map(hex);

const AIR: Palette["air"] = [hex(0x50f0e6), hex(0x50ccaa), hex(0xf0e641), hex(0xff5050), hex(0x960032)];

export const DAY: Palette = {
  wall: hex(0xfbf6ec),
  roofs: [hex(0xbd7a62), hex(0x84898f), hex(0xcfc8bb), hex(0x9db5a8)],
  terrain: hex(0xece9d8),
  water: hex(0xa7c4d4),
  green: hex(0xc9d6b0),
  street: hex(0xd0cabd),
  leaves: hex(0xa6ba88),
  needles: hex(0x7f9f85),
  trunk: hex(0xa08d78),
  edge: hex(0x5a4f44),
  edgeStrength: 0.42,
  flat: false,
  horizon: hex(0xeef1ee),
  zenith: hex(0x9fc2de),
  sun: hex(0xfff3dd),
  sunStrength: 2.25,
  sky: hex(0xe6eefb),
  bounce: hex(0xd8cbb4),
  skyStrength: 1.9,
  chosen: hex(0x1b78d0),
  site: hex(0xe8740c),
  siteDone: hex(0x9a8f80),
  counter: hex(0x1f68a8),
  district: hex(0x8a7f8f),
  themes: { traffic: hex(0x1f68a8), construction: hex(0xe8740c), environment: hex(0x2b7350), model: hex(0x8a7f8f) },
  ramp: VIRIDIS.toReversed(),
  columns: [hex(0x727e16), hex(0x1f8a70), hex(0x2b6ca3), hex(0x4b3b92), hex(0x30083a)],
  veil: 0.5,
  air: AIR,
};

export const NIGHT: Palette = {
  wall: hex(0x8f98a3),
  roofs: [hex(0x84604f), hex(0x5a6672), hex(0x6b747d), hex(0x5d7a72)],
  terrain: hex(0x3d4650),
  water: hex(0x2a5a8a),
  green: hex(0x4a5f38),
  street: hex(0x2f363e),
  leaves: hex(0x58795c),
  needles: hex(0x46685e),
  trunk: hex(0x4d4a45),
  edge: hex(0xdfe6ec),
  edgeStrength: 0.2,
  flat: false,
  horizon: hex(0x3d4855),
  zenith: hex(0x18202b),
  sun: hex(0xdfe9ff),
  sunStrength: 1.5,
  sky: hex(0xaebfd6),
  bounce: hex(0x59606a),
  skyStrength: 1.7,
  chosen: hex(0x7fc4ff),
  site: hex(0xff9433),
  siteDone: hex(0x7d776e),
  counter: hex(0x6db6f2),
  district: hex(0x8a8496),
  themes: { traffic: hex(0x6db6f2), construction: hex(0xff9433), environment: hex(0x83cfa5), model: hex(0xb7abc2) },
  ramp: VIRIDIS,
  columns: [hex(0xb07fc8), hex(0x6a9cf0), hex(0x3cc4b4), hex(0xaed83c), hex(0xfff0a0)],
  veil: 0.5,
  air: AIR,
};

/** Place of a roof type in `Palette.roofs`. */
export function roofKind(type: string | null): number {
  switch (type) {
    case "flat":
    case "saw-tooth":
      return 2;
    case "shed":
    case "offset-shed":
    case "arched":
    case "mixed":
      return 1;
    case "dome":
    case "spire":
    case "cone":
      return 3;
    default:
      return 0;
  }
}

/** The same palette for high contrast: outlines speak, light does not. */
export function outlined(palette: Palette, night: boolean): Palette {
  const [edge, wall, terrain] = night ? [hex(0xffffff), hex(0x2c3238), hex(0x14181c)] : [hex(0x14110d), hex(0xffffff), hex(0xdedacd)];
  return { ...palette, edge, wall, terrain, horizon: terrain, edgeStrength: 1, veil: 0.8, flat: true };
}
