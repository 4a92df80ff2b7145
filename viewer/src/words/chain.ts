import type { Spoken } from "./register.js";

/** Texts of "Woher kommt das?": the way of a thing from its publisher to this page. */
export interface ChainWords {
  title: string;
  loading: string;
  failed: string;
  since: (when: string) => string;
  steps: Record<"source" | "fetched" | "changed" | "checked" | "published", string>;
  fetched: (when: string, count: string) => string;
  fetchedOne: (when: string) => string;
  inFile: (file: string) => string;
  inArchive: (inside: string, file: string) => string;
  checksum: (kind: string) => string;
  size: (bytes: string) => string;
  more: (count: string) => string;
  derived: (what: string, rule: string) => string;
  stated: string;
  repairs: (count: string) => string;
  fields: string;
  /** What the outline or the place of a thing is called. */
  shape: string;
  recipe: string;
  software: string;
  gate: (act: string, count: string, column: string | null, reason: string) => string;
  passed: string;
  revision: (number: string, when: string) => string;
  holds: (when: string) => string;
  value: (what: string, value: string, when: string) => string;
  recorded: (when: string) => string;
  versions: (count: string) => string;
}

const de: ChainWords = {
  title: "Woher kommt das?",
  loading: "Einen Moment, die Herkunft wird geholt …",
  failed: "Die Herkunft ist gerade nicht zu bekommen.",
  since: (when) => `So, wie Sie es hier sehen, gilt es seit ${when}.`,
  steps: { source: "Herausgeber", fetched: "Abgeholt", changed: "Unterwegs geändert", checked: "Geprüft", published: "Veröffentlicht" },
  fetched: (when, count) => `Abgeholt ${when}: ${count} Dateien.`,
  fetchedOne: (when) => `Abgeholt ${when}.`,
  inFile: (file) => `Diese Angaben standen in der Datei ${file}.`,
  inArchive: (inside, file) => `Diese Angaben standen in ${inside}, in der Datei ${file}.`,
  checksum: (kind) => `Prüfsumme (${kind})`,
  size: (bytes) => `${bytes} Byte`,
  more: (count) => `und ${count} weitere Dateien`,
  derived: (what, rule) => `${what}: ${rule}.`,
  stated: "Den Ort nennt nicht die Quelle, sondern unsere Anleitung.",
  repairs: (count) => `In ${count} Fällen wurde eine fehlerhafte Form repariert.`,
  fields: "Welches Feld der Quelle was füllt",
  shape: "Lage oder Umriss",
  recipe: "Prüfsumme der Anleitung (SHA-256)",
  software: "Programm",
  gate: (act, count, column, reason) => `${count}-mal ${act}${column ? ` (${column})` : ""}: ${reason}`,
  passed: "Nichts musste zurückgehalten oder weggelassen werden.",
  revision: (number, when) => `Ausgabe ${number}, veröffentlicht ${when}.`,
  holds: (when) => `Sie gilt seit ${when}.`,
  value: (what, value, when) => `Der Wert „${what}: ${value}“ von ${when}`,
  recorded: (when) => `kam bei uns an: ${when}.`,
  versions: (count) => `Er wurde berichtigt; wir kennen ${count} Fassungen.`,
};

const en: ChainWords = {
  title: "Where does this come from?",
  loading: "One moment, looking up where this comes from …",
  failed: "Where this comes from cannot be looked up right now.",
  since: (when) => `It has been as you see it here since ${when}.`,
  steps: { source: "Publisher", fetched: "Fetched", changed: "Changed along the way", checked: "Checked", published: "Published" },
  fetched: (when, count) => `Fetched ${when}: ${count} files.`,
  fetchedOne: (when) => `Fetched ${when}.`,
  inFile: (file) => `This came from the file ${file}.`,
  inArchive: (inside, file) => `This came from ${inside} in the file ${file}.`,
  checksum: (kind) => `Checksum (${kind})`,
  size: (bytes) => `${bytes} bytes`,
  more: (count) => `and ${count} more files`,
  derived: (what, rule) => `${what}: ${rule}.`,
  stated: "The location comes from our recipe, not from the source.",
  repairs: (count) => `A faulty shape was repaired in ${count} cases.`,
  fields: "Which field of the source fills which of ours",
  shape: "Location or outline",
  recipe: "Checksum of the recipe (SHA-256)",
  software: "Software",
  gate: (act, count, column, reason) => `${act} ${count} times${column ? ` (${column})` : ""}: ${reason}`,
  passed: "Nothing had to be held back or left out.",
  revision: (number, when) => `Revision ${number}, published ${when}.`,
  holds: (when) => `It has been valid since ${when}.`,
  value: (what, value, when) => `The value “${what}: ${value}” from ${when}`,
  recorded: (when) => `reached us: ${when}.`,
  versions: (count) => `It has been corrected; we have ${count} versions.`,
};

const ls: ChainWords = {
  title: "Woher kommt das?",
  loading: "Bitte warten Sie kurz. Wir holen die Herkunft.",
  failed: "Wir können die Herkunft gerade nicht zeigen.",
  since: (when) => `So ist es seit ${when}.`,
  steps: { source: "Wer gibt die Daten?", fetched: "Wann haben wir die Daten geholt?", changed: "Was haben wir geändert?", checked: "Was haben wir geprüft?", published: "Wann haben wir die Daten gezeigt?" },
  fetched: (when, count) => `Wir haben die Daten geholt: ${when}. Es waren ${count} Dateien.`,
  fetchedOne: (when) => `Wir haben die Daten geholt: ${when}.`,
  inFile: (file) => `Das stand in dieser Datei: ${file}.`,
  inArchive: (inside, file) => `Das stand in ${inside}. Die Datei heißt: ${file}.`,
  checksum: (kind) => `Prüf-Summe ${kind}`,
  size: (bytes) => `${bytes} Byte`,
  more: (count) => `und ${count} weitere Dateien`,
  derived: (what, rule) => `${what}: ${rule}.`,
  stated: "Den Ort haben wir selbst eingetragen.",
  repairs: (count) => `${count} Formen waren fehlerhaft. Wir haben sie repariert.`,
  fields: "Woher jede Angabe kommt",
  shape: "Ort oder Form",
  recipe: "Prüf-Summe von unserer Anleitung",
  software: "Programm",
  gate: (act, count, column, reason) => `${column ? `${column}: ` : ""}${count} Mal ${act}. Der Grund ist: ${reason}`,
  passed: "Wir mussten nichts weg-lassen.",
  revision: (number, when) => `Das ist die Ausgabe ${number}. Wir zeigen sie seit: ${when}.`,
  holds: (when) => `Sie gilt seit ${when}.`,
  value: (what, value, when) => `Der Wert ist: ${what} ${value}. Er ist von: ${when}.`,
  recorded: (when) => `Wir haben den Wert bekommen: ${when}.`,
  versions: (count) => `Der Wert hat sich geändert. Es gibt ${count} Fassungen.`,
};

export const CHAIN: Spoken<ChainWords> = { de, en, ls };
