import type { Spoken } from "./register.js";

/** Texts that stand on paper alone. */
export interface PaperWords {
  asOf: (day: string, clock: string) => string;
  signs: string;
  /** Of a list that is longer than the sheet. */
  first: (count: number) => string;
  source: (publisher: string, licence: string) => string;
  address: string;
}

export const PAPER: Spoken<PaperWords> = {
  de: {
    asOf: (day, clock) => `Stand: ${day}, ${clock} Uhr.`,
    signs: "Was Farben und Zeichen bedeuten",
    first: (count) => `Hier stehen die nächsten ${count}.`,
    source: (publisher, licence) => `${publisher}. Lizenz: ${licence}`,
    address: "Diese Ansicht im Netz",
  },
  en: {
    asOf: (day, clock) => `As of ${day}, ${clock}.`,
    signs: "What colours and signs mean",
    first: (count) => `These are the nearest ${count}.`,
    source: (publisher, licence) => `${publisher}. Licence: ${licence}`,
    address: "This view on the web",
  },
  ls: {
    asOf: (day, clock) => `So war es am ${day} um ${clock} Uhr.`,
    signs: "Das bedeuten die Farben und Zeichen",
    first: (count) => `Hier stehen nur die nächsten ${count}.`,
    source: (publisher, licence) => `${publisher}. Die Erlaubnis heißt: ${licence}`,
    address: "Hier sehen Sie das Bild im Internet",
  },
};
