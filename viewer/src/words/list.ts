import type { Spoken } from "./register.js";

/** What the list says besides its things. */
export interface ListWords {
  /** Where one looks, as the list's first line; a city without districts has no `place`. */
  looking: (direction: string, place: string | null) => string;
  seen: (count: string) => string;
  beyond: string;
  nothingSeen: string;
  /** What is said aloud when the picture has come to rest elsewhere. */
  heard: (count: number, nearest: string | null) => string;
  help: string;
  /** A site that is to come, or that runs, with the day that concerns people. */
  dated: Record<"coming" | "running", (day: string) => string>;
}

export const LIST: Spoken<ListWords> = {
  de: {
    looking: (direction, place) => `Sie schauen nach ${direction}${place ? ` auf ${place}` : ""}.`,
    seen: (count) => `Im Bild (${count})`,
    beyond: "Weiter weg",
    nothingSeen: "Im Bild ist nichts aus den gewählten Themen.",
    heard: (count, nearest) =>
      nearest ? `${count === 1 ? "Eine Sache" : `${count} Sachen`} im Bild. Am nächsten: ${nearest}.` : "Nichts aus den gewählten Themen im Bild.",
    help: "Wer etwas wählt, bewegt auch das Bild. Die Taste L wechselt zwischen Liste und Bild.",
    dated: { coming: (day) => `beginnt am ${day}`, running: (day) => `läuft bis ${day}` },
  },
  en: {
    looking: (direction, place) => `You are looking ${direction}${place ? ` at ${place}` : ""}.`,
    seen: (count) => `In view (${count})`,
    beyond: "Further away",
    nothingSeen: "Nothing from the selected themes is in view.",
    heard: (count, nearest) => (nearest ? `${count === 1 ? "One thing" : `${count} things`} in view. Nearest: ${nearest}.` : "Nothing from the selected themes in view."),
    help: "Choosing something also moves the view. Press L to switch between list and picture.",
    dated: { coming: (day) => `starts on ${day}`, running: (day) => `in progress until ${day}` },
  },
  ls: {
    looking: (direction, place) => `Sie schauen nach ${direction}.${place ? ` Sie sehen: ${place}.` : ""}`,
    seen: (count) => `Im Bild: ${count}`,
    beyond: "Weiter weg",
    nothingSeen: "Im Bild ist nichts.",
    heard: (count, nearest) => (nearest ? `Im Bild: ${count}. Am nächsten: ${nearest}.` : "Im Bild ist nichts."),
    help: "Wählen Sie etwas aus der Liste. Dann bewegt sich auch das Bild. Mit der Taste L kommen Sie zum Bild zurück.",
    dated: { coming: (day) => `beginnt am ${day}`, running: (day) => `läuft bis ${day}` },
  },
};

/** Directions that one looks in, clockwise from north by eighths. */
export const TOWARDS: Spoken<readonly string[]> = {
  de: ["Norden", "Nordosten", "Osten", "Südosten", "Süden", "Südwesten", "Westen", "Nordwesten"],
  en: ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"],
  ls: ["Norden", "Nord-Osten", "Osten", "Süd-Osten", "Süden", "Süd-Westen", "Westen", "Nord-Westen"],
};
