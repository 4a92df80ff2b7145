import type { Language, Phase, State, Theme } from "../data/types.js";
import type { Register, Spoken } from "./register.js";

/** All texts of the interface in one language. A text that counts is a function, so that grammar stays with the language. */
export interface Words {
  register: Register;
  /** Of the texts that come from the service. */
  language: Language;
  locale: string;
  languageName: string;
  switchLanguage: string;

  loading: string;
  /** Name of the part of the page that holds the scene. */
  picture: string;
  tools: string;
  /** Names the page on accessibility. */
  statement: string;
  /** Names the links to the pages about this one. */
  about: string;
  imprint: string;
  privacyPolicy: string;
  sceneLabel: (city: string) => string;
  sceneHelp: string;
  noWebGL: string;
  failed: string;
  failedCity: string;
  failedTiles: string;
  lost: string;
  failedLayer: (title: string) => string;
  retry: string;
  notPublished: string;
  asOfThen: (date: string) => string;
  backToNow: string;

  hereToday: string;
  hereThen: (date: string) => string;
  counting: string;
  sites: (running: number) => string;
  sitesNew: (count: number, since: string) => string;
  noSites: string;
  bikes: (sum: string, counters: number) => string;
  usual: Record<"more" | "less" | "same", (weekday: string) => string>;
  noCounters: string;
  bikesUnknown: string;
  silentCounter: (name: string, since: string) => string;
  stuckCounter: (name: string, usual: string) => string;
  silentAir: (name: string, since: string) => string;
  air: (word: string) => string;
  airAsOf: (time: string, station: string) => string;
  noAir: string;
  airUnknown: string;
  airClasses: [string, string, string, string, string];
  airAdvice: [string, string, string, string, string];
  weekdays: [string, string, string, string, string, string, string];

  layers: string;
  themes: Record<Theme, string>;
  /** How many of a theme's layers are shown. */
  shownOf: (shown: number, all: number) => string;
  notFresh: (count: number) => string;
  /** How many layers nothing is published of. */
  withoutData: (count: number) => string;
  states: Record<State, string>;
  site: string;
  whereFrom: string;
  publisher: string;
  address: string;
  fetched: string;
  licence: string;
  attribution: string;
  changedOnTheWay: string;
  changedNothing: string;
  counts: string;
  countsLine: (counts: { in: string; published: string; held: string; broken: string; duplicate: string }) => string;
  heights: string;
  heightsStated: (constant: string, error: string | null) => string;
  heightsGrid: (grid: string, error: string | null) => string;
  reason: string;
  legend: string;
  signs: Record<Phase, string>;
  legendOf: (column: string) => string;
  /** Classes of a ramp of colours; bounds with their unit, the first of two without. */
  classBelow: (to: string) => string;
  classBetween: (from: string, to: string) => string;
  classFrom: (from: string) => string;
  /** Of several that lie on each other one is shown. */
  firstOf: (choices: string[]) => string;
  revision: (number: number, published: string) => string;
  nothingKnown: string;
  featureCount: (count: number) => string;
  sources: string;
  gaps: string;

  asList: string;
  asScene: string;
  listTitle: string;
  listAll: string;
  listEmpty: string;
  listIntro: string;
  distance: (metres: string, direction: string) => string;
  atCentre: string;
  directions: [string, string, string, string, string, string, string, string];

  zoomIn: string;
  zoomOut: string;
  northUp: string;
  home: string;
  view2d: string;
  view3d: string;
  close: string;
  showMore: string;
  showLess: string;
  sheet: string;
  panelLabel: (title: string) => string;

  phases: Record<Phase, string>;
  building: (use: string | null) => string;
  buildingSentence: (facts: { use: string | null; roof: string | null; height: string | null; storeys: number | null }) => string;
  buildingUses: Record<string, string>;
  heightFrom: string;
  roof: string;
  height: string;
  storeys: string;
  use: string;
  sourceId: string;
  siteSentence: Record<Phase, (from: string | null, to: string | null) => string>;
  /** The same for closures, warnings and events, where nobody builds. */
  holdsSentence: Record<Phase, (from: string | null, to: string | null) => string>;
  yes: string;
  no: string;
  what: string;
  restriction: string;
  affects: string;
  since: string;
  until: string;
  moreAt: string;
  counterSentence: (name: string) => string;
  last24h: string;
  usual24h: string;
  lastValue: string;
  airSentence: (word: string) => string;
  values: string;
  noValues: (last: string | null) => string;
  district: string;
  districtSentence: (name: string, number: string | null, area: string | null) => string;
  districtNow: (sites: number, counters: number, stations: number) => string;
  partOf: string;
  sitesHere: (count: number) => string;
  age: (text: string) => string;
}

/** Units by their UCUM code, as people write or say them. */
export const UNITS: Spoken<Record<string, string>> = {
  de: units({
    "1/15min": "in 15 Minuten",
    "1/h": "in einer Stunde",
    "1/d": "an einem Tag",
    s: "Sekunden",
    min: "Minuten",
    dB: "Dezibel",
    deg: "Grad",
  }),
  en: units({
    "1/15min": "in 15 minutes",
    "1/h": "in an hour",
    "1/d": "in a day",
    s: "seconds",
    min: "minutes",
    dB: "decibels",
    deg: "degrees",
  }),
  ls: units({
    "1/15min": "in 15 Minuten",
    "1/h": "in 1 Stunde",
    "1/d": "an 1 Tag",
    s: "Sekunden",
    min: "Minuten",
    dB: "Dezibel",
    deg: "Grad",
    m: "Meter",
    cm: "Zentimeter",
    mm: "Millimeter",
    km: "Kilometer",
    m2: "Quadrat-Meter",
    km2: "Quadrat-Kilometer",
    m3: "Kubik-Meter",
    "m3/s": "Kubik-Meter in 1 Sekunde",
    "m/s": "Meter in 1 Sekunde",
    "km/h": "Kilometer in 1 Stunde",
    "ug/m3": "Mikro-Gramm",
    "mg/m3": "Milli-Gramm",
    "uSv/h": "Mikro-Sievert in 1 Stunde",
    "J/cm2": "Joule auf 1 Quadrat-Zentimeter",
    hPa: "Hekto-Pascal",
    Cel: "Grad",
    "%": "Prozent",
  }),
};

/** Signs that are the same everywhere, and the words of a language. */
function units(words: Record<string, string>): Record<string, string> {
  return {
    m: "m",
    cm: "cm",
    mm: "mm",
    km: "km",
    m2: "m²",
    km2: "km²",
    m3: "m³",
    "m3/s": "m³/s",
    "m/s": "m/s",
    "km/h": "km/h",
    "ug/m3": "µg/m³",
    "mg/m3": "mg/m³",
    "uSv/h": "µSv/h",
    "J/cm2": "J/cm²",
    hPa: "hPa",
    Cel: "°C",
    "%": "%",
    "1": "",
    ...words,
  };
}
