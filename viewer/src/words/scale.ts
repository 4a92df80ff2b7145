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
}

const de: ScaleWords = {
  choice: "Säulen zeigen",
  sum: "Fahrräder in 24 Stunden",
  height: (what, top) => `Säule: je höher, desto mehr. ${what}, volle Höhe: ${top}.`,
  between: (what, foot, top) => `Säule: je höher, desto höher der Wert. ${what}, unten ${foot}, oben ${top}.`,
  index: "Säule und Ring: je höher die Säule, desto schlechter die Luft.",
  classes: (what) => `Farben der Säulen: ${what}`,
  ring: "Der Ring um die Säule steht in dieser Höhe; was darüber liegt, ragt hinaus.",
  silent: (count, one) => (one ? "Graue Scheibe statt Säule: Von einer Station gibt es keinen neuen Wert." : `Graue Scheibe statt Säule: Von ${count} Stationen gibt es keinen neuen Wert.`),
  none: "Gerade gibt es keinen neuen Wert, also auch keine Säule.",
  parted: "Eine Fuge teilt die Säule nach den beiden Richtungen; welche das sind, steht bei der Zählstelle.",
};

const en: ScaleWords = {
  choice: "Columns show",
  sum: "Bicycles in 24 hours",
  height: (what, top) => `Column: the taller, the more. ${what}, full height: ${top}.`,
  between: (what, foot, top) => `Column: the taller, the higher the value. ${what}, foot ${foot}, top ${top}.`,
  index: "Column and ring: the taller the column, the worse the air.",
  classes: (what) => `Colours of the columns: ${what}`,
  ring: "The ring around the column is at this height; what is above it sticks out.",
  silent: (count, one) => (one ? "Grey disc instead of a column: one station has no new value." : `Grey disc instead of a column: ${count} stations have no new value.`),
  none: "There is no new value right now, so there is no column.",
  parted: "A gap parts the column by the two directions; the counter itself says which.",
};

const ls: ScaleWords = {
  choice: "Das zeigen die Säulen",
  sum: "Fahr-Räder in 24 Stunden",
  height: (what, top) => `Eine hohe Säule heißt: Hier ist viel. Die Säule zeigt: ${what}. Die höchste Säule heißt: ${top}.`,
  between: (what, foot, top) => `Eine hohe Säule heißt: Der Wert ist hoch. Die Säule zeigt: ${what}. Ganz unten heißt: ${foot}. Ganz oben heißt: ${top}.`,
  index: "Eine hohe Säule heißt: Die Luft ist schlecht. Die Farbe zeigt: So gut ist die Luft.",
  classes: (what) => `Farben von den Säulen: ${what}`,
  ring: "Der Ring zeigt diese Grenze.",
  silent: (count) => `Eine graue Scheibe heißt: Es gibt keinen neuen Wert. So viele sind es: ${count}.`,
  none: "Gerade gibt es keinen neuen Wert. Darum gibt es auch keine Säule.",
  parted: "Manche Säulen haben 2 Teile. Jeder Teil zeigt eine Richtung.",
};

export const SCALE: Spoken<ScaleWords> = { de, en, ls };
