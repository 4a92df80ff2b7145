import { de } from "./de.js";
import { en } from "./en.js";
import { ls } from "./ls.js";
import { registerOf } from "./register.js";
import type { Register, Spoken } from "./register.js";
import type { Words } from "./words.js";

export { REGISTERS, TAGS, languageOf } from "./register.js";
export type { Register, Spoken } from "./register.js";
export type { Words } from "./words.js";

export const WORDS: Spoken<Words> = { de, en, ls };

/** The register to speak: what the address or the page asks for, else what the browser prefers, else German. */
export function choose(asked: (string | null | undefined)[], browser: readonly string[]): Register {
  for (const each of [...asked, ...browser]) {
    const register = registerOf(each);
    if (register) return register;
  }
  return "de";
}
