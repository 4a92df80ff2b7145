import type { Language } from "../data/types.js";
import { de } from "./de.js";
import { en } from "./en.js";
import type { Words } from "./words.js";

export type { Words } from "./words.js";

export const WORDS: Record<Language, Words> = { de, en };

/** The language to speak: what the address or the page asks for, else what the browser prefers, else German. */
export function choose(asked: (string | null | undefined)[], browser: readonly string[]): Language {
  for (const each of [...asked, ...browser]) {
    const language = each?.toLowerCase().slice(0, 2);
    if (language === "de" || language === "en") return language;
  }
  return "de";
}
