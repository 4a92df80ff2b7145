import type { Margins } from "../picture.js";

/** An upright box of the picture: its middle, half its width and half its height, CSS pixels. */
export interface Upright {
  x: number;
  y: number;
  wide: number;
  high: number;
}

/** Whether a box lies whole in a picture of this size, where nothing covers any of it. */
export function isClear({ x, y, wide, high }: Upright, { left, top, bottom, over }: Margins, { width, height }: { width: number; height: number }): boolean {
  const [west, east, north, south] = [x - wide, x + wide, y - high, y + high];
  if (west < left || east > width || north < top || south > height - bottom) return false;
  return !over.some((each) => east > each.left && west < each.right && south > each.top && north < each.bottom);
}
