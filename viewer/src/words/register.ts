import type { Language } from "../data/types.js";

/** In what words the interface speaks: German, English, or Leichte Sprache (easy-to-read German). */
export type Register = Language | "ls";

/** A text of the interface, or whatever else differs, in all registers side by side. */
export type Spoken<T = string> = Record<Register, T>;

export const REGISTERS: readonly Register[] = ["de", "en", "ls"];

/**
 * What the `lang` attribute says (BCP 47). `simple` is IANA's variant for simplified forms; whoever does not know it,
 * as many screen readers, reads German by the first part of the tag.
 */
export const TAGS: Spoken = { de: "de", en: "en", ls: "de-simple" };

/** The language in which the service is asked and its texts are shown: it has none in Leichte Sprache. */
export function languageOf(register: Register): Language {
  return register === "ls" ? "de" : register;
}

/** The register that a tag or an address means (`de-AT`, `de-simple`, `ls`); null for languages that we do not speak. */
export function registerOf(tag: string | null | undefined): Register | null {
  const [language, ...more] = (tag ?? "").toLowerCase().split(/[-_]/);
  if (language === "ls" || (language === "de" && more.includes("simple"))) return "ls";
  return language === "de" || language === "en" ? language : null;
}
