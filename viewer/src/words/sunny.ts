import type { Spoken } from "./register.js";

/** Texts of sun and shadow at a place. */
export interface SunnyWords {
  title: (day: string) => string;
  working: string;
  failed: string;
  where: Record<"roof" | "wall" | "terrain", string>;
  sun: (time: string) => string;
  rise: (rise: string, set: string) => string;
  always: string;
  never: string;
  shines: (spans: string) => string;
  noSun: string;
  shaded: (time: string) => string;
  noShade: string;
  from: (from: string, to: string) => string;
  and: string;
  hours: (hours: number, minutes: number) => string;
  bar: string;
  legend: Record<"sun" | "shade" | "night", string>;
  honest: string;
  loading: string;
}

const german = (hours: number, minutes: number, and: string) =>
  [hours > 0 ? (hours === 1 ? "1 Stunde" : `${hours} Stunden`) : "", minutes > 0 || hours === 0 ? (minutes === 1 ? "1 Minute" : `${minutes} Minuten`) : ""].filter(Boolean).join(and);

export const SUNNY: Spoken<SunnyWords> = {
  de: {
    title: (day) => `Sonne und Schatten am ${day}`,
    working: "Die Schatten werden gerechnet …",
    failed: "Hier ist noch nichts geladen, das Schatten wirft. Kommen Sie näher heran und versuchen Sie es wieder.",
    where: { roof: "Gerechnet für das Dach an dieser Stelle.", wall: "Gerechnet für die Wand an dieser Stelle.", terrain: "Gerechnet für 1,5 m über dem Boden an dieser Stelle." },
    sun: (time) => `Sonne: ${time}.`,
    rise: (rise, set) => `Sonnenaufgang ${rise} Uhr, Sonnenuntergang ${set} Uhr.`,
    always: "Die Sonne geht an diesem Tag nicht unter.",
    never: "Die Sonne geht an diesem Tag nicht auf.",
    shines: (spans) => `Die Sonne scheint hier ${spans}.`,
    noSun: "Hier scheint die Sonne an diesem Tag nicht hin.",
    shaded: (time) => `Schatten: ${time}.`,
    noShade: "Kein Haus und kein Hügel wirft hier Schatten.",
    from: (from, to) => `von ${from} bis ${to} Uhr`,
    and: " und ",
    hours: (hours, minutes) => german(hours, minutes, " "),
    bar: "Der Tag von 0 bis 24 Uhr",
    legend: { sun: "Sonne", shade: "Schatten", night: "Nacht" },
    honest: "Gerechnet bei klarem Himmel, auf 10 Minuten genau, mit Häusern und Gelände, die gerade geladen sind. Bäume zählen nicht mit; was weit weg ist, ist nur grob da.",
    loading: "Das Stadtmodell lädt noch: Es kann noch Schatten dazukommen.",
  },
  en: {
    title: (day) => `Sun and shade on ${day}`,
    working: "Calculating the shadows …",
    failed: "Nothing that casts a shadow is loaded here yet. Zoom in and try again.",
    where: { roof: "Calculated for the roof at this spot.", wall: "Calculated for the wall at this spot.", terrain: "Calculated for 1.5 m above the ground at this spot." },
    sun: (time) => `Sun: ${time}.`,
    rise: (rise, set) => `Sunrise ${rise}, sunset ${set}.`,
    always: "The sun does not set on this day.",
    never: "The sun does not rise on this day.",
    shines: (spans) => `The sun shines here ${spans}.`,
    noSun: "No sun reaches this spot on this day.",
    shaded: (time) => `Shade: ${time}.`,
    noShade: "No building or hill casts a shadow here.",
    from: (from, to) => `from ${from} to ${to}`,
    and: " and ",
    hours: (hours, minutes) =>
      [hours > 0 ? `${hours} ${hours === 1 ? "hour" : "hours"}` : "", minutes > 0 || hours === 0 ? `${minutes} ${minutes === 1 ? "minute" : "minutes"}` : ""].filter(Boolean).join(" "),
    bar: "The day from 0:00 to 24:00",
    legend: { sun: "sun", shade: "shade", night: "night" },
    honest: "Calculated for a clear sky, to the nearest 10 minutes, with the buildings and terrain loaded now. Trees are not counted, and what is far away is only roughly modelled.",
    loading: "The city model is still loading: there may be more shade.",
  },
  ls: {
    title: (day) => `Sonne und Schatten am ${day}`,
    working: "Wir rechnen gerade. Bitte warten Sie kurz.",
    failed: "Das geht hier noch nicht. Gehen Sie näher an diesen Ort.",
    where: { roof: "Das gilt für das Dach an diesem Ort.", wall: "Das gilt für die Wand an diesem Ort.", terrain: "Das gilt für den Boden an diesem Ort." },
    sun: (time) => `So lange ist hier Sonne: ${time}.`,
    rise: (rise, set) => `Die Sonne geht um ${rise} Uhr auf. Die Sonne geht um ${set} Uhr unter.`,
    always: "Die Sonne scheint den ganzen Tag.",
    never: "Die Sonne geht nicht auf.",
    shines: (spans) => `Hier ist Sonne: ${spans}.`,
    noSun: "Hier ist an diesem Tag keine Sonne.",
    shaded: (time) => `So lange ist hier Schatten: ${time}.`,
    noShade: "Hier ist kein Schatten von Häusern.",
    from: (from, to) => `von ${from} bis ${to} Uhr`,
    and: ". Und ",
    hours: (hours, minutes) => german(hours, minutes, " und "),
    bar: "Der Tag von 0 bis 24 Uhr",
    legend: { sun: "Sonne", shade: "Schatten", night: "Nacht" },
    honest: "Wir rechnen ohne Wolken und ohne Bäume. Wir rechnen nur mit Häusern und mit Hügeln.",
    loading: "Das Bild ist noch nicht fertig. Vielleicht kommt noch Schatten dazu.",
  },
};
