import type { Spoken } from "./register.js";

/** What is said of the picture of the city, where it is another one than usual, or none. */
export interface PictureWords {
  mapLabel: (city: string) => string;
  mapHelp: string;
  /** The viewer's own files cannot be had: another version, or no connection. */
  noPicture: string;
}

export const PICTURE: Spoken<PictureWords> = {
  de: {
    mapLabel: (city) => `Karte der Stadt: ${city}`,
    mapHelp: "Pfeiltasten bewegen die Karte, Plus und Minus holen heran oder zeigen mehr, Eingabe wählt, was in der Mitte liegt, Pos1 führt zum Anfang. Alles steht auch in der Liste.",
    noPicture: "Das Bild der Stadt lässt sich gerade nicht laden. Bitte laden Sie die Seite neu. Alles steht auch hier in der Liste.",
  },
  en: {
    mapLabel: (city) => `Map of the city: ${city}`,
    mapHelp: "Arrow keys move the map, plus and minus zoom in and out, Enter chooses what is in the centre, Home returns to the start. Everything is in the list as well.",
    noPicture: "The picture of the city cannot be loaded right now. Please reload the page. Everything is here in the list as well.",
  },
  ls: {
    mapLabel: (city) => `Karte von der Stadt: ${city}`,
    mapHelp: "Mit den Pfeil-Tasten bewegen Sie die Karte. Mit Plus gehen Sie näher ran. Mit Minus sehen Sie mehr. Mit der Eingabe-Taste wählen Sie aus. In der Liste steht auch alles.",
    noPicture: "Das Bild von der Stadt fehlt gerade. Bitte laden Sie die Seite neu. In der Liste steht auch alles.",
  },
};
