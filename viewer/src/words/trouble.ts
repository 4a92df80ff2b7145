import type { Spoken } from "./register.js";

/** Texts for what does not work as it should. */
export interface TroubleWords {
  /** Tiles of the model that could not be had, or made no sense. */
  part: string;
  /** Layers that could not be had. */
  layers: (titles: string) => string;
  /** The clock of the device and that of the service are apart. */
  ahead: (span: string) => string;
  behind: (span: string) => string;
  spans: Record<"minutes" | "hours" | "days", (count: number) => string>;
}

const de: TroubleWords = {
  part: "Ein Teil des Stadtmodells ist gerade nicht zu bekommen. Alles andere sehen Sie.",
  layers: (titles) => `Gerade nicht zu bekommen: ${titles}. Alles andere sehen Sie weiterhin.`,
  ahead: (span) => `Die Uhr Ihres Geräts geht um ${span} vor. Hier gilt die Uhr des Dienstes.`,
  behind: (span) => `Die Uhr Ihres Geräts geht um ${span} nach. Hier gilt die Uhr des Dienstes.`,
  spans: {
    minutes: (count) => (count === 1 ? "eine Minute" : `${count} Minuten`),
    hours: (count) => (count === 1 ? "eine Stunde" : `${count} Stunden`),
    days: (count) => (count === 1 ? "einen Tag" : `${count} Tage`),
  },
};

const en: TroubleWords = {
  part: "Part of the city model is not available right now. You see the rest.",
  layers: (titles) => `Not available right now: ${titles}. You still see everything else.`,
  ahead: (span) => `Your device's clock is ${span} ahead. This page uses the clock of the service.`,
  behind: (span) => `Your device's clock is ${span} behind. This page uses the clock of the service.`,
  spans: {
    minutes: (count) => (count === 1 ? "one minute" : `${count} minutes`),
    hours: (count) => (count === 1 ? "one hour" : `${count} hours`),
    days: (count) => (count === 1 ? "one day" : `${count} days`),
  },
};

const ls: TroubleWords = {
  part: "Ein Teil vom Bild fehlt gerade. Alles andere ist da.",
  layers: (titles) => `Das fehlt gerade: ${titles}. Alles andere ist da.`,
  ahead: (span) => `Die Uhr von Ihrem Gerät geht falsch. Sie geht ${span} vor. Wir nehmen eine andere Uhr.`,
  behind: (span) => `Die Uhr von Ihrem Gerät geht falsch. Sie geht ${span} nach. Wir nehmen eine andere Uhr.`,
  spans: {
    minutes: (count) => (count === 1 ? "1 Minute" : `${count} Minuten`),
    hours: (count) => (count === 1 ? "1 Stunde" : `${count} Stunden`),
    days: (count) => (count === 1 ? "1 Tag" : `${count} Tage`),
  },
};

export const TROUBLE: Spoken<TroubleWords> = { de, en, ls };
