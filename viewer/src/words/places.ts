import { FIND } from "./find.js";
import type { Words } from "./words.js";

const DIGITS = 5;

/** A place as people read it: `48,13700° Nord, 11,57500° Ost`. */
export function placeInWords({ lon, lat }: { lon: number; lat: number }, words: Words): string {
  const texts = FIND[words.register];
  const format = new Intl.NumberFormat(words.locale, { minimumFractionDigits: DIGITS, maximumFractionDigits: DIGITS });
  const degrees = words.register === "ls" ? " Grad" : "°";
  const told = (value: number, way: string) => `${format.format(Math.abs(value))}${degrees} ${way}`;
  return texts.place(told(lat, lat < 0 ? texts.south : texts.north), told(lon, lon < 0 ? texts.west : texts.east));
}
