import type { Layer } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Words } from "./index.js";
import type { Spoken } from "./register.js";

/** What one thing of a kind is called. */
const SORTS: Record<string, Spoken> = {
  building: { de: "Gebäude", en: "building", ls: "Haus" },
  street: { de: "Straße", en: "street", ls: "Straße" },
  road: { de: "Straße oder Weg", en: "road or path", ls: "Straße oder Weg" },
  tree: { de: "Baum", en: "tree", ls: "Baum" },
  counter: { de: "Zählstelle", en: "counter", ls: "Zähl-Stelle" },
  stop: { de: "Haltestelle", en: "stop", ls: "Halte-Stelle" },
  route: { de: "Linie", en: "line", ls: "Linie" },
  "rental-station": { de: "Leihstation", en: "rental station", ls: "Leih-Station" },
  parking: { de: "Parkplatz", en: "parking", ls: "Park-Platz" },
  roadwork: { de: "Baustelle oder Sperrung", en: "roadworks or closure", ls: "Bau-Stelle oder Sperrung" },
  "air-station": { de: "Luftmessstation", en: "air quality station", ls: "Mess-Station für Luft" },
  "weather-station": { de: "Wetterstation", en: "weather station", ls: "Wetter-Station" },
  gauge: { de: "Pegel", en: "water gauge", ls: "Mess-Stelle für Wasser" },
  "radiation-station": { de: "Messstelle für Radioaktivität", en: "radiation station", ls: "Mess-Stelle für Strahlen" },
  green: { de: "Grünfläche", en: "green area", ls: "Park oder Wiese" },
  water: { de: "Gewässer", en: "water", ls: "Fluss oder See" },
  district: { de: "Stadtbezirk", en: "district", ls: "Stadt-Bezirk" },
};

/** What a thing of a layer is, as one of many; where nobody knows, what the layer is called. */
export function sortInWords(layer: Layer, { register, language }: Words): string {
  return SORTS[kind(layer)]?.[register] ?? layer.title[language];
}
