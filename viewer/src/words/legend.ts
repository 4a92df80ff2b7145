import type { Spoken } from "./register.js";

/** Texts of the legends: what the signs of a layer in the picture mean. */
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
  counter: "Säule: je höher, desto mehr Fahrräder in 24 Stunden; blass: keine Zahlen",
  air: "Ring um die Station, in der Farbe des Luftqualitätsindex:",
  station: "Säule mit dem neuesten Wert darüber",
  line: "Linie, in Bild und Karte gleich breit",
  area: "gefärbte Fläche auf dem Boden",
  outline: "gestrichelte Grenze mit Namen",
  warning: "Grenze des Gebiets; gestrichelt: gilt noch nicht",
};

const en: LegendWords = {
  label: (title) => `Signs: ${title}`,
  counter: "column: the taller, the more bicycles in 24 hours; pale: no figures",
  air: "ring around the station, in the colour of the air quality index:",
  station: "column with the newest value above it",
  line: "line, equally wide near and far",
  area: "coloured area on the ground",
  outline: "dashed border with its name",
  warning: "border of the area; dashed: does not hold yet",
};

const ls: LegendWords = {
  label: (title) => `Zeichen: ${title}`,
  counter: "Eine hohe Säule heißt: Hier fahren viele Fahr-Räder. Eine blasse Säule heißt: Es gibt keine Zahlen.",
  air: "Ein Ring zeigt: So gut ist die Luft.",
  station: "Eine Säule zeigt den neuesten Wert.",
  line: "Eine Linie zeigt den Ort.",
  area: "Eine Farbe auf dem Boden zeigt den Ort.",
  outline: "Striche zeigen die Grenze.",
  warning: "Striche zeigen das Gebiet.",
};

export const LEGEND: Spoken<LegendWords> = { de, en, ls };
