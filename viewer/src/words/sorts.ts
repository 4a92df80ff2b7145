import type { Layer } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Words } from "./index.js";
import type { Spoken } from "./register.js";

/** What one thing of a kind is called. */
const SORTS: Record<string, Spoken> = {
  building: { de: "Gebäude", en: "Building", ls: "Haus" },
  street: { de: "Straße", en: "Street", ls: "Straße" },
  road: { de: "Straße oder Weg", en: "Road or path", ls: "Straße oder Weg" },
  tree: { de: "Baum", en: "Tree", ls: "Baum" },
  counter: { de: "Zählstelle", en: "Counter", ls: "Zähl-Stelle" },
  stop: { de: "Haltestelle", en: "Stop", ls: "Halte-Stelle" },
  route: { de: "Linie", en: "Line", ls: "Linie" },
  "rental-station": { de: "Leihstation", en: "Rental station", ls: "Leih-Station" },
  parking: { de: "Parkplatz", en: "Parking", ls: "Park-Platz" },
  roadwork: { de: "Baustelle oder Sperrung", en: "Roadworks or closure", ls: "Bau-Stelle oder Sperrung" },
  "air-station": { de: "Luftmessstation", en: "Air quality station", ls: "Mess-Station für Luft" },
  "weather-station": { de: "Wetterstation", en: "Weather station", ls: "Wetter-Station" },
  "weather-warning": { de: "Amtliche Warnung", en: "Official warning", ls: "Warnung" },
  gauge: { de: "Pegel", en: "Water gauge", ls: "Mess-Stelle für Wasser" },
  "radiation-station": { de: "Messstelle für Radioaktivität", en: "Radiation station", ls: "Mess-Stelle für Strahlen" },
  green: { de: "Grünfläche", en: "Green area", ls: "Park oder Wiese" },
  water: { de: "Gewässer", en: "Water", ls: "Fluss oder See" },
  district: { de: "Stadtbezirk", en: "District", ls: "Stadt-Bezirk" },
};

/** What a thing of a layer is, as one of many; where nobody knows, what the layer is called. */
export function sortInWords(layer: Layer, { register, language }: Words): string {
  return SORTS[kind(layer)]?.[register] ?? layer.title[language];
}
