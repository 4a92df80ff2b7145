import type { Words } from "./index.js";
import type { Spoken } from "./register.js";

/** Directions that German cities name with one word, in every register. */
const WAYS: Record<string, Spoken> = {
  stadteinwärts: { de: "stadteinwärts", en: "into the city", ls: "in die Stadt" },
  stadtauswärts: { de: "stadtauswärts", en: "out of the city", ls: "aus der Stadt" },
};

/** A direction as its source names it, in the register that is spoken where the word is known. */
export function wayInWords(name: string, { register }: Words): string {
  const known = name.trim().toLowerCase();
  return Object.hasOwn(WAYS, known) ? (WAYS[known] as Spoken)[register] : name;
}
