import type { Spoken } from "./register.js";

/** The words of the time slider. */
export interface TimeWords {
  /** Of the part, and of the slider in it. */
  title: string;
  slider: string;
  play: string;
  pause: string;
  now: string;
  /** One date back, or on. */
  before: string;
  after: string;
  /** What the slider says where it stands at now. */
  atNow: string;
  /** What stands above it there. */
  today: (date: string) => string;
  revised: (titles: string[]) => string;
  revisedMany: (count: number) => string;
  measured: string;
  moving: string;
  notThen: (date: string) => string;
  noModelThen: (date: string) => string;
  goneThen: (name: string, date: string) => string;
  on: (day: string, clock: string) => string;
  /** In place of "fresh", of what the past says. */
  ofThen: string;
  /** Of a station that was silent then. */
  noneThen: (last: string | null) => string;
}

export const TIME: Spoken<TimeWords> = {
  de: {
    title: "Zeit",
    slider: "Zeitpunkt",
    play: "Zeit abspielen",
    pause: "Anhalten",
    now: "Jetzt",
    before: "Voriger Zeitpunkt",
    after: "Nächster Zeitpunkt",
    atNow: "jetzt",
    today: (date) => `Heute, ${date}`,
    revised: (titles) => `Neues bei: ${titles.join(", ")}`,
    revisedMany: (count) => `Neues bei ${count} Ebenen`,
    measured: "mit Messwerten",
    moving: "Die Stadt von diesem Zeitpunkt wird geholt …",
    notThen: (date) => `Am ${date} gab es diese Ebene noch nicht.`,
    noModelThen: (date) => `Am ${date} gab es hier noch kein Stadtmodell.`,
    goneThen: (name, date) => `„${name}“ gab es am ${date} nicht.`,
    on: (day, clock) => `${day}, ${clock} Uhr`,
    ofThen: "von damals",
    noneThen: (last) => `Von damals gibt es keine Zahlen.${last ? ` Zuletzt davor: ${last}.` : ""}`,
  },
  en: {
    title: "Time",
    slider: "Point in time",
    play: "Play through time",
    pause: "Pause",
    now: "Now",
    before: "Previous point in time",
    after: "Next point in time",
    atNow: "now",
    today: (date) => `Today, ${date}`,
    revised: (titles) => `New in: ${titles.join(", ")}`,
    revisedMany: (count) => `New in ${count} layers`,
    measured: "with measurements",
    moving: "Fetching the city of that time …",
    notThen: (date) => `This layer did not exist yet on ${date}.`,
    noModelThen: (date) => `There was no city model here yet on ${date}.`,
    goneThen: (name, date) => `“${name}” did not exist on ${date}.`,
    on: (day, clock) => `${day}, ${clock}`,
    ofThen: "as it was then",
    noneThen: (last) => `There are no figures from that time.${last ? ` Latest before: ${last}.` : ""}`,
  },
  ls: {
    title: "Zeit",
    slider: "Zeit-Punkt",
    play: "Zeit abspielen",
    pause: "Anhalten",
    now: "Jetzt",
    before: "Einen Schritt zurück",
    after: "Einen Schritt weiter",
    atNow: "jetzt",
    today: (date) => `Heute, ${date}`,
    revised: (titles) => `Das ist neu: ${titles.join(", ")}`,
    revisedMany: (count) => `${count} Themen sind neu`,
    measured: "Es gibt Mess-Werte.",
    moving: "Bitte warten. Die Stadt von damals kommt gleich.",
    notThen: (date) => `Am ${date} gab es das noch nicht.`,
    noModelThen: (date) => `Am ${date} gab es noch kein Stadt-Modell.`,
    goneThen: (name, date) => `${name} gab es am ${date} nicht.`,
    on: (day, clock) => `${day}, ${clock} Uhr`,
    ofThen: "von früher",
    noneThen: (last) => `Von damals gibt es keine Zahlen.${last ? ` Die letzte Zahl ist von: ${last}.` : ""}`,
  },
};
