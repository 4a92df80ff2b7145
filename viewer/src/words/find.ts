import type { Spoken } from "./register.js";

/** Texts of the search and of what stands on a place that is no thing. */
export interface FindWords {
  search: string;
  hint: string;
  clear: string;
  results: string;
  found: (count: number) => string;
  nothing: string;
  loading: string;
  failed: string;
  partial: string;
  housesLoaded: string;
  coordinates: string;
  outside: string;
  aroundMe: string;
  aroundMeHint: string;
  asking: string;
  refused: string;
  unknown: string;
  far: string;
  you: string;
  /** How exactly the position is known. */
  exact: (metres: string) => string;
  private: string;
  forget: string;
  place: (lat: string, lon: string) => string;
  north: string;
  south: string;
  east: string;
  west: string;
}

export const FIND: Spoken<FindWords> = {
  de: {
    search: "Suche in dieser Stadt",
    hint: "Straße, Station, Ort",
    clear: "Suche leeren",
    results: "Treffer",
    found: (count) => (count === 1 ? "1 Treffer. Eingabetaste führt hin." : `${count} Treffer. Pfeiltasten wählen, Eingabetaste führt hin.`),
    nothing: "Dazu ist hier nichts bekannt. Gesucht wird nach Straßen, Bezirken, Stationen, Baustellen, Orten, Gebäudekennungen und Koordinaten.",
    loading: "Die Namen werden geladen …",
    failed: "Die Namen sind gerade nicht zu bekommen. Koordinaten gehen trotzdem.",
    partial: "Von manchen Ebenen sind nicht alle Namen hier.",
    housesLoaded: "Gebäude werden nur unter denen gefunden, die gerade geladen sind.",
    coordinates: "Koordinaten",
    outside: "Dieser Ort liegt außerhalb der Stadt.",
    aroundMe: "Was ist um mich herum?",
    aroundMeHint: "Ihr Standort bleibt in diesem Browser.",
    asking: "Der Browser fragt Sie nach Ihrem Standort …",
    refused: "Ihr Browser gibt den Standort nicht frei. Sie können stattdessen eine Straße suchen.",
    unknown: "Ihr Gerät kennt seinen Standort gerade nicht. Sie können stattdessen eine Straße suchen.",
    far: "Sie sind gerade nicht in dieser Stadt. Ihr Standort wurde gleich wieder vergessen.",
    you: "Ihr Standort",
    exact: (metres) => `Auf etwa ${metres} genau.`,
    private: "Ihr Standort bleibt in diesem Browser: Er wird nicht verschickt und steht nicht in der Adresszeile. Geladen wird die Gegend, wie bei jedem Blick auf die Karte.",
    forget: "Standort vergessen",
    place: (lat, lon) => `${lat}, ${lon}`,
    north: "Nord",
    south: "Süd",
    east: "Ost",
    west: "West",
  },
  en: {
    search: "Search this city",
    hint: "Street, stop, place",
    clear: "Clear the search",
    results: "Results",
    found: (count) => (count === 1 ? "1 result. Enter goes there." : `${count} results. Choose with the arrow keys, Enter goes there.`),
    nothing: "Nothing found here. You can search for streets, districts, stations, construction sites, places, building IDs and coordinates.",
    loading: "The names are loading …",
    failed: "Names are not available right now. Coordinates still work.",
    partial: "Some layers do not have all their names here.",
    housesLoaded: "Only buildings that are loaded right now can be found.",
    coordinates: "Coordinates",
    outside: "This place lies outside the city.",
    aroundMe: "What is around me?",
    aroundMeHint: "Your position stays in this browser.",
    asking: "The browser is asking you for your position …",
    refused: "Your browser does not share your position. You can search for a street instead.",
    unknown: "Your device does not know its position right now. You can search for a street instead.",
    far: "You are not in this city right now. Your position was forgotten straight away.",
    you: "Your position",
    exact: (metres) => `Accurate to about ${metres}.`,
    private: "Your position stays in this browser: it is not sent anywhere and is not in the address bar. The surroundings are loaded as with any look at the map.",
    forget: "Forget my position",
    place: (lat, lon) => `${lat}, ${lon}`,
    north: "north",
    south: "south",
    east: "east",
    west: "west",
  },
  ls: {
    search: "In dieser Stadt suchen",
    hint: "Straße oder Ort",
    clear: "Text löschen",
    results: "Das haben wir gefunden",
    found: (count) => (count === 1 ? "Wir haben 1 Ort gefunden. Drücken Sie die Eingabe-Taste." : `Wir haben ${count} Orte gefunden. Mit den Pfeil-Tasten wählen Sie einen aus.`),
    nothing: "Das kennen wir nicht. Sie können zum Beispiel eine Straße suchen.",
    loading: "Die Namen kommen gleich.",
    failed: "Die Namen fehlen gerade. Bitte versuchen Sie es später noch einmal.",
    partial: "Es fehlen ein paar Namen.",
    housesLoaded: "Wir suchen nur Häuser im Bild.",
    coordinates: "Ort in Zahlen",
    outside: "Dieser Ort ist nicht in der Stadt.",
    aroundMe: "Was ist hier bei mir?",
    aroundMeHint: "Nur Ihr Gerät weiß, wo Sie sind.",
    asking: "Ihr Gerät fragt Sie: Dürfen wir wissen, wo Sie sind?",
    refused: "Ihr Gerät sagt nicht, wo Sie sind. Sie können eine Straße suchen.",
    unknown: "Ihr Gerät weiß nicht, wo Sie sind. Sie können eine Straße suchen.",
    far: "Sie sind nicht in dieser Stadt. Wir haben Ihren Ort schon vergessen.",
    you: "Hier sind Sie",
    exact: (metres) => `Das stimmt bis auf ungefähr ${metres}.`,
    private: "Nur Ihr Gerät weiß, wo Sie sind. Wir schicken Ihren Ort nicht weiter. Ihr Ort steht auch nicht in der Adresse.",
    forget: "Meinen Ort vergessen",
    place: (lat, lon) => `${lat}, ${lon}`,
    north: "Nord",
    south: "Süd",
    east: "Ost",
    west: "West",
  },
};
