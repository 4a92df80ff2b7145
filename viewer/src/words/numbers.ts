import type { Words } from "./words.js";
import { UNITS } from "./words.js";

const formats = new Map<string, Intl.NumberFormat>();

/** Making a format takes a millisecond, and a page shows hundreds of numbers: each is made once. */
export function format({ locale }: Words, digits: number): Intl.NumberFormat {
  const key = `${locale} ${digits}`;
  const known = formats.get(key) ?? new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
  formats.set(key, known);
  return known;
}

/** `8 214` with a narrow space as German print does, `8,214` in English. */
export function whole(value: number, words: Words): string {
  const text = format(words, 0).format(value);
  return words.language === "de" ? text.replaceAll(".", "\u202f") : text;
}

/** A measured value: as many digits as a person needs, with the unit in words. */
export function measured(value: number, unit: string | null | undefined, words: Words): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 1 || value === 0 ? 1 : 3;
  const number = format(words, digits).format(value).replace("-", "\u2212");
  const spaced = words.language === "de" ? number.replaceAll(".", "\u202f") : number;
  const name = unit ? (UNITS[words.register][unit] ?? unit) : "";
  return name ? `${spaced}\u00a0${name}` : spaced;
}

/** Metres for walking: `40 m`, `240 m`, `1,3 km`; in Leichte Sprache `40 Meter`. */
export function metres(value: number, words: Words): string {
  const names = UNITS[words.register];
  if (value < 1000) return `${Math.max(10, Math.round(value / 10) * 10)}\u00a0${names["m"]}`;
  const km = format(words, 1).format(value / 1000);
  return `${km}\u00a0${names["km"]}`;
}

/** Name of a direction, one of eight. */
export function direction(bearing: number, words: Words): string {
  return words.directions[Math.round(bearing / 45) % 8] as string;
}
