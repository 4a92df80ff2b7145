/** What long words of layers, columns and choices are made of. */
const PARTS =
  "auto bahn bahnen linie linien bau stelle stellen bundes straße straßen bürger messung messungen dach fläche flächen neigung fahrrad parken fahr streifen flug verkehr verkehrs fluss kilometer nutzung fußgänger zone gebäude funktion teil gemeinde schlüssel haupt grund grün halte hoch wasser höchst höhe höhen raster pflanz jahr kraft fahrzeug fahrzeuge kronen kurzzeit landes land leih station stations luft feuchte mess qualität qualitäts index temperatur meeres neben park haus häuser rad räder zähl zählung regierungs bezirk bezirke schall pegel schnee schnell schwer sicht weite sonnenschein dauer stadt grenze mobiliar objekt stamm durchmesser code kennung stell platz plätze stock werk werke rand tief garage test betrieb verwaltungs wetter unwetter warnung warnungen wind geschwindigkeit richtung wirtschafts weg öffnungs zeiten baum bäume mittel modell stärke stand stände niedrig globalstrahlung punkt wolke einbahn tag druck"
    .split(" ")
    .join("|");
const LONG = new RegExp(`(?<!\\p{L})(?:${PARTS}){2,}(?!\\p{L})`, "giu");
const SEAM = new RegExp(`(?:${PARTS})(?=(?:${PARTS})+$)`, "giu");

const known = new Map<string, string>();

/** A German text of the service as Leichte Sprache writes it, as far as that goes: long words parted. */
export function plain(text: string): string {
  let said = known.get(text);
  if (said === undefined) {
    said = text.replace(LONG, (word) => word.replace(SEAM, "$&-").replace(/-./g, (each) => each.toUpperCase()));
    known.set(text, said);
  }
  return said;
}

/** Let all German texts within a value be plain, in the service's own words where it has them, or again as it wrote them. */
export function spell(value: unknown, easy: boolean): void {
  if (value === null || typeof value !== "object") return;
  const text = value as { de?: unknown; ls?: string; own?: string };
  if (typeof text.de !== "string") return Object.values(value).forEach((each) => spell(each, easy));
  text.own ??= text.de;
  text.de = easy ? (text.ls ?? plain(text.own)) : text.own;
}
