import type { Spoken } from "./register.js";

/** Texts of "Heute hier" beside sites, bicycles and air. */
export interface CardWords {
  soon: (count: string) => string;
  manySilent: (count: string) => string;
  neverHeard: (count: string) => string;
  manySilentAir: (count: string) => string;
  warnings: (count: number, first: string) => string;
  parking: (sum: string, places: string) => string;
  full: (places: string) => string;
  rental: (sum: string, stations: string) => string;
  stale: (title: string, since: string | null) => string;
  /** Nothing is published of what the card speaks of: now, or at the time shown. */
  unknown: string;
  /** Before what there is all the same. */
  others: string;
  unknownThen: string;
  /** Where the nearest is, of what there is none in view of; and what stands before that. */
  nearest: (where: string) => string;
  near: string;
}

const de: CardWords = {
  soon: (count) => (count === "1" ? "1 beginnt in den nächsten 7 Tagen" : `${count} beginnen in den nächsten 7 Tagen`),
  manySilent: (count) => `Von ${count} Zählstellen kommen keine Zahlen.`,
  neverHeard: (count) => (count === "1" ? "Von einer Zählstelle gab es noch nie Zahlen." : `Von ${count} Zählstellen gab es noch nie Zahlen.`),
  manySilentAir: (count) => `Von ${count} Luftmessstationen kommen keine Werte.`,
  warnings: (count, first) => (count === 1 ? `Amtliche Warnung: ${first}` : `${count} amtliche Warnungen, die erste: ${first}`),
  parking: (sum, places) => `${sum} freie Parkplätze an ${places === "1" ? "einem Ort" : `${places} Orten`}`,
  full: (places) => `Kein freier Parkplatz an ${places === "1" ? "einem Ort" : `${places} Orten`}`,
  rental: (sum, stations) => `${sum} Fahrzeuge zum Leihen an ${stations === "1" ? "einer Station" : `${stations} Stationen`}`,
  stale: (title, since) => `${title}: ${since ? `seit ${since} nichts Neues` : "gerade nichts Neues"} von der Quelle.`,
  unknown: "Zu Verkehr, Baustellen und Luft gibt es hier noch keine Daten.",
  others: "Das gibt es schon:",
  unknownThen: "Von diesem Tag gibt es hier noch keine Daten.",
  nearest: (where) => `die nächste ist ${where}`,
  near: ", ",
};

const en: CardWords = {
  soon: (count) => `${count} starting within 7 days`,
  manySilent: (count) => `${count} counters are not sending figures.`,
  neverHeard: (count) => (count === "1" ? "One counter has never sent figures." : `${count} counters have never sent figures.`),
  manySilentAir: (count) => `${count} air quality stations are not sending values.`,
  warnings: (count, first) => (count === 1 ? `Official warning: ${first}` : `${count} official warnings, the first: ${first}`),
  parking: (sum, places) => `${sum} free parking spaces at ${places === "1" ? "one place" : `${places} places`}`,
  full: (places) => `No free parking spaces at ${places === "1" ? "one place" : `${places} places`}`,
  rental: (sum, stations) => `${sum} vehicles to rent at ${stations === "1" ? "one station" : `${stations} stations`}`,
  stale: (title, since) => `${title}: ${since ? `nothing new from the source since ${since}` : "nothing new from the source right now"}.`,
  unknown: "There is no data on traffic, construction sites or air here yet.",
  others: "What there is already:",
  unknownThen: "There is no data here from that day.",
  nearest: (where) => `the nearest is ${where}`,
  near: ", ",
};

const ls: CardWords = {
  soon: (count) => (count === "1" ? "1 beginnt in den nächsten 7 Tagen" : `${count} beginnen in den nächsten 7 Tagen`),
  manySilent: (count) => `${count} Zähl-Stellen senden keine Zahlen.`,
  neverHeard: (count) => `${count} Zähl-Stellen haben noch nie Zahlen gesendet.`,
  manySilentAir: (count) => `${count} Mess-Stellen für Luft senden keine Werte.`,
  warnings: (count, first) => (count === 1 ? `Es gibt eine Warnung: ${first}` : `Es gibt ${count} Warnungen. Die erste Warnung ist: ${first}`),
  parking: (sum, places) => `${sum} Park-Plätze sind frei. Gezählt an so vielen Orten: ${places}`,
  full: (places) => `Kein Park-Platz ist frei. Gezählt an so vielen Orten: ${places}`,
  rental: (sum, stations) => `Sie können ${sum} Fahrzeuge leihen. Es gibt so viele Stationen: ${stations}`,
  stale: (title, since) => (since ? `${title}: Seit ${since} gibt es nichts Neues.` : `${title}: Gerade gibt es nichts Neues.`),
  unknown: "Zu Verkehr, Bau-Stellen und Luft gibt es noch keine Daten.",
  others: "Das gibt es schon:",
  unknownThen: "Von diesem Tag gibt es keine Daten.",
  nearest: (where) => `Die nächste ist ${where}.`,
  near: " ",
};

export const CARD: Spoken<CardWords> = { de, en, ls };
