import type { Spoken } from "./register.js";

/** Texts of the colours of buildings. */
export interface DyeWords {
  label: string;
  plain: string;
  unknown: string;
  legend: (column: string) => string;
  failed: string;
  /** The source tells it of no building. */
  none: string;
}

const de: DyeWords = {
  label: "Gebäude färben nach",
  plain: "nichts, wie gebaut",
  unknown: "nicht bekannt",
  legend: (column) => `Farben der Gebäude: ${column}`,
  failed: "Wie viele es sind, ist gerade nicht zu bekommen.",
  none: "Die Quelle sagt das zu keinem Gebäude; darum sind alle grau.",
};

const en: DyeWords = {
  label: "Colour buildings by",
  plain: "nothing (as built)",
  unknown: "not known",
  legend: (column) => `Colours of the buildings: ${column}`,
  failed: "The counts are not available right now.",
  none: "The source does not give this for any building, so all of them are grey.",
};

const ls: DyeWords = {
  label: "Die Farbe der Häuser zeigt",
  plain: "nichts",
  unknown: "Das wissen wir nicht",
  legend: (column) => `Die Farbe der Häuser zeigt: ${column}`,
  failed: "Wir können die Zahlen gerade nicht zeigen.",
  none: "Das wissen wir von keinem Haus. Darum sind alle Häuser grau.",
};

export const DYES: Spoken<DyeWords> = { de, en, ls };
