import type { Spoken } from "./register.js";

/** Texts of what became of a thing: one sentence a change. */
export interface HistoryWords {
  title: string;
  loading: string;
  failed: string;
  none: string;
  since: (day: string, what: string) => string;
  appeared: string;
  gone: string;
  returned: string;
  /** An end or a beginning that moved later, or earlier. */
  later: Record<"valid_from" | "valid_to", (day: string) => string>;
  earlier: Record<"valid_from" | "valid_to", (day: string) => string>;
  place: string;
  became: (column: string, before: string, after: string) => string;
  told: (column: string, after: string) => string;
  untold: (column: string, before: string) => string;
  came: (column: string, texts: string) => string;
  went: (column: string, texts: string) => string;
  other: string;
  more: (shown: string, all: string) => string;
}

const de: HistoryWords = {
  title: "Was hat sich geändert?",
  loading: "Einen Moment, der Verlauf wird geholt …",
  failed: "Der Verlauf ist gerade nicht zu bekommen.",
  none: "Seitdem hat sich nichts geändert.",
  since: (day, what) => `Seit ${day}: ${what}`,
  appeared: "in unseren Daten",
  gone: "nicht mehr in unseren Daten",
  returned: "wieder in unseren Daten",
  later: { valid_from: (day) => `Beginn auf ${day} verschoben`, valid_to: (day) => `Ende auf ${day} verschoben` },
  earlier: { valid_from: (day) => `Beginn auf ${day} vorgezogen`, valid_to: (day) => `Ende auf ${day} vorgezogen` },
  place: "Lage oder Umriss geändert",
  became: (column, before, after) => `${column} jetzt „${after}“, zuvor „${before}“`,
  told: (column, after) => `${column} jetzt bekannt: ${after}`,
  untold: (column, before) => `${column} nicht mehr genannt, zuvor „${before}“`,
  came: (column, texts) => `${column}: neu ist ${texts}`,
  went: (column, texts) => `${column}: nicht mehr dabei ist ${texts}`,
  other: "Angaben geändert",
  more: (shown, all) => `${shown} von ${all} Änderungen.`,
};

const en: HistoryWords = {
  title: "What has changed?",
  loading: "One moment, looking up what has changed …",
  failed: "The changes are not available right now.",
  none: "Nothing has changed since.",
  since: (day, what) => `Since ${day}: ${what}`,
  appeared: "in our data",
  gone: "no longer in our data",
  returned: "in our data again",
  later: { valid_from: (day) => `start postponed to ${day}`, valid_to: (day) => `end postponed to ${day}` },
  earlier: { valid_from: (day) => `start brought forward to ${day}`, valid_to: (day) => `end brought forward to ${day}` },
  place: "location or outline changed",
  became: (column, before, after) => `${column} now “${after}”, previously “${before}”`,
  told: (column, after) => `${column} now known: ${after}`,
  untold: (column, before) => `${column} no longer given, previously “${before}”`,
  came: (column, texts) => `${column}: ${texts} added`,
  went: (column, texts) => `${column}: ${texts} removed`,
  other: "details changed",
  more: (shown, all) => `${shown} of ${all} changes.`,
};

const ls: HistoryWords = {
  title: "Was hat sich geändert?",
  loading: "Bitte warten Sie kurz. Wir holen die Änderungen.",
  failed: "Wir können die Änderungen gerade nicht zeigen.",
  none: "Seit diesem Tag ist alles gleich.",
  since: (day, what) => `Seit ${day}: ${what}.`,
  appeared: "Wir kennen es",
  gone: "Es ist nicht mehr in unseren Daten",
  returned: "Es ist wieder in unseren Daten",
  later: { valid_from: (day) => `Es beginnt später, am ${day}`, valid_to: (day) => `Es endet später, am ${day}` },
  earlier: { valid_from: (day) => `Es beginnt früher, am ${day}`, valid_to: (day) => `Es endet früher, am ${day}` },
  place: "Der Ort oder die Form ist anders",
  became: (column, before, after) => `${column} ist jetzt: ${after}. Vorher war es: ${before}`,
  told: (column, after) => `${column} ist jetzt bekannt: ${after}`,
  untold: (column, before) => `${column} ist nicht mehr bekannt. Vorher war es: ${before}`,
  came: (column, texts) => `${column}: Neu ist ${texts}`,
  went: (column, texts) => `${column}: Nicht mehr dabei ist ${texts}`,
  other: "Die Angaben sind anders",
  more: (shown, all) => `Das sind ${shown} von ${all} Änderungen.`,
};

export const HISTORY: Spoken<HistoryWords> = { de, en, ls };
