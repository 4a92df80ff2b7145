import type { Phase } from "../data/types.js";
import type { Words } from "./words.js";

/*
 * Leichte Sprache, by the rules of Netzwerk Leichte Sprache: one thought a sentence, short and active; no genitive, no
 * subjunctive; digits; long words parted by a hyphen; no signs that have to be known. tests/easy.test.ts measures it.
 */

const sites = (count: number) => (count === 1 ? "1 Bau-Stelle" : `${count} Bau-Stellen`);
const counters = (count: number) => (count === 1 ? "1 Zähl-Stelle" : `${count} Zähl-Stellen`);
const stations = (count: number) => (count === 1 ? "1 Mess-Station" : `${count} Mess-Stationen`);
const there = (count: number, told: string, none: string) => (count === 0 ? `Hier ist ${none}.` : `Hier ${count === 1 ? "ist" : "sind"} ${told}.`);
const about = (to: string | null) => (to ? ` Das dauert ungefähr bis ${to}.` : "");
const wrong = (error: string | null) => (error ? ` Sie können bis ${error} falsch sein.` : "");

const building: Words["siteSentence"] = {
  coming: (from, to) => `Hier fängt ${from ?? "bald"} eine Bau-Stelle an.${about(to)}`,
  running: (from, to) => `Hier bauen Menschen ${from ?? "gerade"}.${about(to)}`,
  done: (_from, to) => `Diese Bau-Stelle ist ${to ? `${to} ` : ""}fertig.`,
};

const holding: Record<Phase, (from: string | null, to: string | null) => string> = {
  coming: (from, to) => `Das gilt noch nicht. Es fängt ${from ?? "bald"} an.${about(to)}`,
  running: (from, to) => `Das gilt ${from ?? "jetzt"}.${about(to)}`,
  done: (_from, to) => `Das gilt nicht mehr.${to ? ` Es ist ${to} zu Ende.` : ""}`,
};

export const ls: Words = {
  register: "ls",
  language: "de",
  locale: "de-DE",
  languageName: "Leichte Sprache",
  switchLanguage: "Sprache",

  loading: "Die Stadt kommt gleich. Bitte warten Sie kurz.",
  picture: "Bild",
  tools: "Bild bewegen",
  statement: "Barriere-Freiheit",
  about: "Über diese Seite",
  imprint: "Impressum",
  privacyPolicy: "Daten-Schutz",
  sceneLabel: (city) => `Bild von der Stadt: ${city}`,
  sceneHelp:
    "So bewegen Sie das Bild: Die Pfeil-Tasten schieben das Bild. Mit Plus kommen Sie näher. Mit Minus sehen Sie mehr. Mit Q und E drehen Sie das Bild. Mit Pos1 kommen Sie zum Anfang. Mit L kommen Sie zur Liste. In der Liste steht auch alles.",
  noWebGL: "Ihr Gerät kann das Bild in 3D nicht zeigen. Sie sehen eine Karte. In der Liste steht auch alles.",
  failed: "Das hat nicht geklappt.",
  failedCity: "Die Daten von der Stadt fehlen gerade. Bitte versuchen Sie es später noch einmal.",
  failedTiles: "Das Bild von der Stadt fehlt gerade. Die Zahlen und die Liste sind da.",
  lost: "Die Verbindung ist gerade weg. Sie sehen die letzten Daten.",
  failedLayer: (title) => `${title}: Das fehlt gerade. Alles andere ist da.`,
  retry: "Noch einmal versuchen",
  notPublished: "Das ist noch nicht da",
  asOfThen: (date) => `Sie sehen die Stadt am ${date}.`,
  backToNow: "Zurück zu jetzt",

  hereToday: "Heute hier",
  hereThen: (date) => `Hier am ${date}`,
  counting: "Wir zählen gerade. Bitte warten Sie kurz.",
  sites,
  sitesNew: (count, since) => `${count} neu seit ${since}`,
  noSites: "Im Bild ist keine Bau-Stelle.",
  bikes: (sum, count) => `${sum} Fahr-Räder in 24 Stunden an ${counters(count)}`,
  usual: {
    more: (weekday) => `mehr als sonst am ${weekday}`,
    less: (weekday) => `weniger als sonst am ${weekday}`,
    same: (weekday) => `ungefähr so viele wie sonst am ${weekday}`,
  },
  noCounters: "Im Bild ist keine Zähl-Stelle für Fahr-Räder.",
  bikesUnknown: "Von den Zähl-Stellen kommen gerade keine Zahlen.",
  silentCounter: (name, since) => `Zähl-Stelle ${name}: Seit ${since} kommen keine Zahlen.`,
  stuckCounter: (name, usual) => `Zähl-Stelle ${name}: Seit 24 Stunden kommt nur die Zahl 0. Sonst sind es ${usual}. Vielleicht ist die Zähl-Stelle kaputt.`,
  silentAir: (name, since) => `Mess-Station ${name}: Seit ${since} kommen keine Luft-Werte.`,
  air: (word) => `Luft: ${word}`,
  airAsOf: (time, station) => `${station}, ${time}`,
  noAir: "Im Bild ist keine Mess-Station für Luft.",
  airUnknown: "Von der Luft kommen gerade keine Werte.",
  airClasses: ["sehr gut", "gut", "mittel", "schlecht", "sehr schlecht"],
  airAdvice: [
    "Sie können sich draußen gut bewegen.",
    "Sie können gut draußen sein.",
    "Die meisten Menschen können gut draußen sein. Sind Sie krank? Dann passen Sie gut auf sich auf.",
    "Sind Sie krank? Dann strengen Sie sich draußen nicht an.",
    "Strengen Sie sich draußen nicht an. Sind Sie krank? Dann bleiben Sie besser drinnen.",
  ],
  weekdays: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],

  layers: "Was Sie sehen",
  themes: { traffic: "Verkehr", construction: "Bau-Stellen", environment: "Umwelt", model: "Stadt-Modell" },
  shownOf: (shown, all) => `${shown} von ${all} im Bild`,
  notFresh: (count) => (count === 1 ? "1 ist nicht neu" : `${count} sind nicht neu`),
  withoutData: (count) => `${count} noch ohne Daten`,
  states: { fresh: "neu", late: "zu spät", silent: "es kommt nichts", changed: "anders", refused: "falsch", "not-cleared": "noch nicht erlaubt" },
  site: "Bau-Stelle",
  whereFrom: "Woher kommt das?",
  publisher: "Wer macht die Daten?",
  address: "Adresse im Internet",
  fetched: "Wann haben wir die Daten geholt?",
  licence: "Was dürfen Sie mit den Daten tun?",
  attribution: "Diesen Namen müssen Sie nennen",
  changedOnTheWay: "Das haben wir geändert",
  changedNothing: "Wir haben nur die Form geändert.",
  counts: "Anzahl",
  countsLine: (c) =>
    `Wir haben ${c.in} gelesen. ${c.published} zeigen wir. ${c.held} zeigen wir nicht. ${c.broken} waren falsch. ${c.duplicate} waren doppelt.`,
  heights: "Höhen",
  heightsStated: (constant, error) => `Wir haben die Höhen umgerechnet. Der Wert dafür ist ${constant}.${wrong(error)}`,
  heightsGrid: (grid, error) => `Wir haben die Höhen umgerechnet. Das Höhen-Modell heißt ${grid}.${wrong(error)}`,
  reason: "Der Grund",
  legend: "Zeichen für Bau-Stellen",
  signs: { running: "Orange: Hier bauen Menschen jetzt.", coming: "Mit Strichen: Die Bau-Stelle kommt noch.", done: "Grau: Die Bau-Stelle ist fertig." },
  legendOf: (column) => `Farben: ${column}`,
  classBelow: (to) => `weniger als ${to}`,
  classBetween: (from, to) => `von ${from} bis ${to}`,
  classFrom: (from) => `${from} und mehr`,
  firstOf: ([first, ...others]) => `Das Bild zeigt: ${first}. Manchmal fehlt das. Dann zeigt das Bild: ${others.join(" oder ")}.`,
  revision: (number, published) => `Ausgabe ${number}, ${published}`,
  nothingKnown: "Das wissen wir nicht",
  featureCount: (count) => (count === 1 ? "1 Eintrag" : `${count} Einträge`),
  sources: "Die Daten sind von",
  gaps: "Was hier fehlt und warum",

  asList: "Als Liste",
  asScene: "Als Bild",
  listTitle: "Was in der Nähe ist",
  listAll: "Alles in der Nähe zeigen",
  listEmpty: "Hier ist nichts.",
  listIntro: "Die Liste fängt in der Mitte vom Bild an. Das Nächste steht oben.",
  distance: (metres, direction) => `${metres} nach ${direction}`,
  atCentre: "in der Mitte vom Bild",
  directions: ["Norden", "Nord-Osten", "Osten", "Süd-Osten", "Süden", "Süd-Westen", "Westen", "Nord-Westen"],

  zoomIn: "Näher heran",
  zoomOut: "Weiter weg",
  northUp: "Norden nach oben",
  home: "Zum Anfang",
  view2d: "Von oben: 2D",
  view3d: "Schräg: 3D",
  close: "Schließen",
  showMore: "Mehr zeigen",
  showLess: "Weniger zeigen",
  sheet: "Inhalt",
  panelLabel: (title) => `Das ist: ${title}`,

  phases: { coming: "kommt noch", running: "läuft", done: "fertig" },
  building: (use) => use ?? "Haus",
  buildingSentence: ({ use, roof, height, storeys }) =>
    [
      `${use ?? "Haus"}.`,
      height && `Es ist ${height} hoch.`,
      storeys && (storeys === 1 ? "Es hat 1 Stock-Werk." : `Es hat ${storeys} Stock-Werke.`),
      roof && `Das Dach heißt: ${roof}.`,
    ]
      .filter(Boolean)
      .join(" "),
  buildingUses: { residential: "Wohn-Haus", commercial: "Haus für Firmen", public: "Haus für alle" },
  heightFrom: "Woher wir die Höhe wissen",
  roof: "Form vom Dach",
  height: "Höhe",
  storeys: "Stock-Werke",
  use: "Wofür das Haus ist",
  sourceId: "Nummer in den Daten",
  siteSentence: building,
  holdsSentence: holding,
  yes: "ja",
  no: "nein",
  what: "Was",
  restriction: "Das geht hier nicht",
  affects: "Für wen das wichtig ist",
  since: "Anfang",
  until: "Ende",
  moreAt: "Hier steht mehr",
  counterSentence: (name) => `Diese Zähl-Stelle zählt Fahr-Räder. Sie heißt: ${name}.`,
  last24h: "In den letzten 24 Stunden",
  usual24h: "So viele sind es sonst",
  lastValue: "Letzte Zahl",
  airSentence: (word) => `Die Luft ist hier ${word}.`,
  values: "Werte",
  noValues: (last) => `Diese Zahlen fehlen gerade.${last ? ` Die letzte Zahl ist von: ${last}.` : ""}`,
  district: "Stadt-Bezirk",
  districtSentence: (name, number, area) =>
    `${name} ist ein Teil von der Stadt.${number ? ` Der Teil hat die Nummer ${number}.` : ""}${area ? ` Der Teil ist ${area} groß.` : ""}`,
  districtNow: (running, counting, measuring) =>
    [
      there(running, sites(running), "keine Bau-Stelle"),
      there(counting, `${counters(counting)} für Fahr-Räder`, "keine Zähl-Stelle für Fahr-Räder"),
      there(measuring, `${stations(measuring)} für Luft`, "keine Mess-Station für Luft"),
    ].join(" "),
  partOf: "Gehört zu",
  sitesHere: (count) => `Hier sind ${count} Bau-Stellen. Gehen Sie näher heran.`,
  age: (text) => `Die Daten sind von: ${text}`,
};
