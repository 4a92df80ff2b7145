import { Color } from "three";
import type { Palette } from "./palette.js";

/** The light of an hour, upon the colours of a palette. */
export interface Hour {
  /** Degrees that the sun stands high, as far as it matters. */
  height: number;
  /** Of the light that casts shadows. */
  sun: Color;
  sunStrength: number;
  sky: Color;
  skyStrength: number;
  horizon: Color;
  zenith: Color;
}

/** Height of the sun in degrees, and what is multiplied then: its light and strength, the sky's, horizon and zenith. */
type Row = [number, number, number, number, number, number, number];
const ROWS: Row[] = [
  [-9, 0xc9d8ff, 0.6, 0xcdd8f6, 1.02, 0xa5b3dc, 0x6f84c0],
  [-6, 0xd3d0f4, 0.3, 0xd2d9f8, 1.04, 0xc4bfe0, 0x7f93d0],
  [-3, 0xffb8a0, 0.4, 0xddd9f6, 1.06, 0xf3c3b2, 0x98a9dd],
  [0, 0xffa263, 0.95, 0xe6dcf2, 1.06, 0xffca9c, 0xb3c0e8],
  [3, 0xffb271, 1.25, 0xede4f0, 1.02, 0xffd6a8, 0xc8d1f0],
  [7, 0xffcf98, 1.25, 0xf5eef2, 0.97, 0xffe6c6, 0xe0e4f8],
  [15, 0xffecd2, 1.08, 0xfcf9fa, 1, 0xfff6e8, 0xf4f6ff],
  [28, 0xffffff, 1, 0xffffff, 1, 0xffffff, 0xffffff],
];
/** A sun of this sine of its height, or higher, is high; the sky is so much brighter where it is none: streets lie in the shade. */
const HIGH = 0.66;
const LOW_LIGHT = 0.35;
const [FIRST, LAST] = [ROWS[0] as Row, ROWS.at(-1) as Row];

/** The light when the sun stands so high, degrees: warm while it is low, blue when it is down, never too dark to read. */
export function hourOf(palette: Palette, altitude: number): Hour {
  // In high contrast it is always day: nothing is dimmed.
  const height = palette.flat ? LAST[0] : Math.min(LAST[0], Math.max(FIRST[0], altitude));
  const next = Math.max(1, ROWS.findIndex((each) => each[0] >= height));
  const [low, high] = [ROWS[next - 1] as Row, ROWS[next] as Row];
  const part = (height - low[0]) / (high[0] - low[0]);
  const blend = (i: number) => (low[i] as number) + ((high[i] as number) - (low[i] as number)) * part;
  const tint = (colour: Color, i: number) => new Color(low[i]).lerp(new Color(high[i]), part).multiply(colour);
  return {
    height,
    sun: tint(palette.sun, 1),
    sunStrength: palette.sunStrength * blend(2),
    sky: tint(palette.sky, 3),
    skyStrength: palette.skyStrength * blend(4) * (1 + LOW_LIGHT * Math.min(1, Math.max(0, 1 - Math.sin((altitude * Math.PI) / 180) / HIGH))),
    horizon: tint(palette.horizon, 5),
    zenith: tint(palette.zenith, 6),
  };
}
