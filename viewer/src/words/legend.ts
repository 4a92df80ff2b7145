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
  counter: "Zahl am Zeichen: Fahrräder in 24 Stunden; –: keine Zahlen.",
  air: "Farbe des Zeichens: Luftqualitätsindex.",
  station: "Am Zeichen steht der neueste Wert.",
  line: "Als Linie gezeigt.",
  area: "Als gefärbte Fläche auf dem Boden gezeigt.",
  outline: "Als gestrichelte Grenze mit Namen gezeigt.",
  warning: "Als Grenze des Gebiets gezeigt; gestrichelt: gilt noch nicht.",
};

const en: LegendWords = {
  label: (title) => `Symbols: ${title}`,
  counter: "Number on the sign: bicycles in 24 hours; –: no figures.",
  air: "Colour of the sign: air quality index.",
  station: "Each sign shows the latest value.",
  line: "Shown as a line.",
  area: "Shown as a coloured area on the ground.",
  outline: "Shown as a dashed border with its name.",
  warning: "Shown as the border of the area; dashed: does not apply yet.",
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
