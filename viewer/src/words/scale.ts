import type { Spoken } from "./register.js";

/** Texts of the columns in the scene: what they show, on which scale. */
export interface ScaleWords {
  choice: string;
  /** The sum of a counter. */
  sum: string;
  height: (what: string, top: string) => string;
  between: (what: string, foot: string, top: string) => string;
  index: string;
  classes: (what: string) => string;
  ring: string;
  silent: (count: string, one: boolean) => string;
  none: string;
  parted: string;
  /** Of air stations, from close by. */
  near: string;
}

const de: ScaleWords = {
  choice: "Säulen zeigen",
  sum: "Fahrräder in 24 Stunden",
  height: (what, top) => `${what}: je höher die Säule, desto mehr (bis ${top}).`,
  between: (what, foot, top) => `${what}: je höher die Säule, desto höher der Wert (von ${foot} bis ${top}).`,
  index: "Je höher die Säule, desto schlechter die Luft.",
  classes: (what) => `Farben der Säulen: ${what}`,
  ring: "Der Ring um die Säule zeigt diesen Grenzwert.",
  silent: (count, one) => `Scheibe statt Säule: kein neuer Wert (${one ? "1 Station" : `${count} Stationen`})`,
  none: "Gerade gibt es keinen neuen Wert, also auch keine Säule.",
  parted: "Eine Fuge teilt sie in die beiden Richtungen.",
  near: "Aus der Nähe zeigt das Schild jeden Stoff neben seinem Grenzwert.",
};

const en: ScaleWords = {
  choice: "Columns show",
  sum: "Bicycles in 24 hours",
  height: (what, top) => `${what}: the taller the column, the more (up to ${top}).`,
  between: (what, foot, top) => `${what}: the taller the column, the higher the value (from ${foot} to ${top}).`,
  index: "The taller the column, the worse the air.",
  classes: (what) => `Colours of the columns: ${what}`,
  ring: "The ring around the column marks this limit.",
  silent: (count, one) => `Disc instead of a column: no new value (${one ? "1 station" : `${count} stations`})`,
  none: "There is no new value right now, so there is no column.",
  parted: "A gap divides it into the two directions.",
  near: "From close by the sign shows each substance beside its limit value.",
};

const ls: ScaleWords = {
  choice: "Das zeigen die Säulen",
  sum: "Fahr-Räder in 24 Stunden",
  height: (what, top) => `Eine hohe Säule heißt: Hier ist viel. Die Säule zeigt: ${what}. Die höchste Säule heißt: ${top}.`,
  between: (what, foot, top) => `Eine hohe Säule heißt: Der Wert ist hoch. Die Säule zeigt: ${what}. Ganz unten heißt: ${foot}. Ganz oben heißt: ${top}.`,
  index: "Eine hohe Säule heißt: Die Luft ist schlecht. Die Farbe zeigt: So gut ist die Luft.",
  classes: (what) => `Farben von den Säulen: ${what}`,
  ring: "Der Ring zeigt diese Grenze.",
  silent: (count) => `Eine Scheibe heißt: Es gibt keinen neuen Wert. So viele sind es: ${count}.`,
  none: "Gerade gibt es keinen neuen Wert. Darum gibt es auch keine Säule.",
  parted: "Manche Säulen haben 2 Teile. Jeder Teil zeigt eine Richtung.",
  near: "Gehen Sie im Bild nah heran. Dann zeigt das Schild: So viel ist von jedem Stoff in der Luft.",
};

export const SCALE: Spoken<ScaleWords> = { de, en, ls };
