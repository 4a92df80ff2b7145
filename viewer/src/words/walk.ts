import type { Spoken } from "./register.js";

/** Texts of walking through what is in view by the keyboard. */
export interface WalkWords {
  title: string;
  help: string;
  skip: string;
}

export const WALK: Spoken<WalkWords> = {
  de: {
    title: "Dinge im Bild, das Nächste zuerst",
    help: "Tabulator oder N führt durch die Dinge im Bild, das Nächste zuerst; Eingabetaste wählt, Escape führt zurück.",
    skip: "Dinge im Bild überspringen",
  },
  en: {
    title: "Things in view, nearest first",
    help: "Tab or N moves through the things in view, nearest first; Enter chooses, Escape goes back.",
    skip: "Skip the things in view",
  },
  ls: {
    title: "Das ist im Bild",
    help: "Mit der Tab-Taste kommen Sie zu den Orten im Bild. Mit der Eingabe-Taste wählen Sie einen Ort.",
    skip: "Weiter ohne die Orte im Bild",
  },
};
