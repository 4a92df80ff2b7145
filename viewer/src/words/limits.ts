import type { Limit } from "../data/limits.js";
import type { Spoken } from "./register.js";

/** What a limit value says, as a sentence. */
export const LIMIT: Spoken<Record<Limit["over"], (value: string) => string>> = {
  de: {
    hour: (value) => `Grenzwert für eine Stunde: ${value}.`,
    "eight-hours": (value) => `Grenzwert für 8 Stunden: ${value}.`,
    day: (value) => `Grenzwert für das Mittel eines Tages: ${value}.`,
    year: (value) => `Grenzwert für das Mittel eines Jahres: ${value}.`,
    alert: (value) => `Ab ${value} in einer Stunde wird die Bevölkerung informiert.`,
  },
  en: {
    hour: (value) => `Limit for one hour: ${value}.`,
    "eight-hours": (value) => `Limit for 8 hours: ${value}.`,
    day: (value) => `Limit for the daily mean: ${value}.`,
    year: (value) => `Limit for the annual mean: ${value}.`,
    alert: (value) => `The public is informed from ${value} in one hour.`,
  },
  ls: {
    hour: (value) => `Mehr als ${value} soll es in einer Stunde nicht sein.`,
    "eight-hours": (value) => `Mehr als ${value} soll es in 8 Stunden nicht sein.`,
    day: (value) => `Mehr als ${value} soll es an einem Tag nicht sein.`,
    year: (value) => `Mehr als ${value} soll es in einem Jahr nicht sein.`,
    alert: (value) => `Bei ${value} warnt die Stadt die Menschen.`,
  },
};
