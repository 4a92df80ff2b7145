import type { Spoken } from "./register.js";

/** Texts of the legends: what the signs of a layer mean, in the scene as on the map, which has no columns. */
export interface LegendWords {
  label: (title: string) => string;
  counter: string;
  air: string;
  station: string;
  line: string;
  area: string;
  outline: string;
  warning: string;
}

const de: LegendWords = {
  label: (title) => `Zeichen: ${title}`,
  counter: "Zahl am Zeichen: Fahrräder in 24 Stunden; –: keine Zahlen",
  air: "Zeichen mit der Farbe des Luftqualitätsindex:",
  station: "Zeichen mit dem neuesten Wert",
  line: "Linie, in Bild und Karte gleich breit",
  area: "gefärbte Fläche auf dem Boden",
  outline: "gestrichelte Grenze mit Namen",
  warning: "Grenze des Gebiets; gestrichelt: gilt noch nicht",
};

const en: LegendWords = {
  label: (title) => `Signs: ${title}`,
  counter: "number on the sign: bicycles in 24 hours; –: no figures",
  air: "sign with the colour of the air quality index:",
  station: "sign with the newest value",
  line: "line, equally wide near and far",
  area: "coloured area on the ground",
  outline: "dashed border with its name",
  warning: "border of the area; dashed: does not hold yet",
};

const ls: LegendWords = {
  label: (title) => `Zeichen: ${title}`,
  counter: "Die Zahl zeigt: So viele Fahr-Räder waren hier in 24 Stunden. Ein Strich heißt: Es gibt keine Zahlen.",
  air: "Eine Farbe zeigt: So gut ist die Luft.",
  station: "Ein Zeichen zeigt den neuesten Wert.",
  line: "Eine Linie zeigt den Ort.",
  area: "Eine Farbe auf dem Boden zeigt den Ort.",
  outline: "Striche zeigen die Grenze.",
  warning: "Striche zeigen das Gebiet.",
};

export const LEGEND: Spoken<LegendWords> = { de, en, ls };
