import type { Spoken } from "./register.js";

/** Texts of measuring; lengths and areas come with their unit. */
export interface MeasureWords {
  title: string;
  how: string;
  keys: string;
  point: (number: number) => string;
  /** The height of a single point above the ground below it. */
  above: (metres: string) => string;
  onGround: string;
  nothing: string;
  ground: string;
  air: string;
  up: (metres: string) => string;
  down: (metres: string) => string;
  level: string;
  area: string;
  around: string;
  crosses: string;
  setHere: string;
  undo: string;
  clear: string;
  end: string;
  coarse: string;
}

export const MEASURE: Spoken<MeasureWords> = {
  de: {
    title: "Messen: Strecke, Höhe, Fläche",
    how: "Tippen oder klicken Sie im Bild auf Punkte: am Boden, an Wänden, auf Dächern. Zwei Punkte geben Strecke und Höhenunterschied, ab drei Punkten auch die Fläche.",
    keys: "Mit der Tastatur: Bild mit den Pfeiltasten unter das Kreuz schieben, Leertaste setzt einen Punkt, Rücktaste nimmt den letzten zurück, Escape beendet.",
    point: (number) => (number === 1 ? "1 Punkt gesetzt." : `${number} Punkte gesetzt.`),
    above: (metres) => `Der letzte Punkt liegt ${metres} über dem Boden.`,
    onGround: "Der letzte Punkt liegt am Boden.",
    nothing: "Hier ist nichts, worauf ein Punkt liegen kann.",
    ground: "Strecke auf der Karte",
    air: "Luftlinie von Punkt zu Punkt",
    up: (metres) => `Vom ersten zum letzten Punkt geht es ${metres} hinauf.`,
    down: (metres) => `Vom ersten zum letzten Punkt geht es ${metres} hinunter.`,
    level: "Der erste und der letzte Punkt liegen gleich hoch.",
    area: "Fläche auf der Karte",
    around: "Umfang",
    crosses: "Die Linie kreuzt sich selbst, darum gibt es keine Fläche.",
    setHere: "Punkt beim Kreuz setzen",
    undo: "Letzten Punkt zurücknehmen",
    clear: "Alle Punkte löschen",
    end: "Messen beenden",
    coarse: "Gemessen wird, was gerade geladen ist: Aus der Nähe sind die Gebäude genauer.",
  },
  en: {
    title: "Measure: distance, height, area",
    how: "Tap or click points in the scene: on the ground, on walls, on roofs. Two points give distance and difference in height, three and more the area as well.",
    keys: "By keyboard: move the scene under the cross with the arrow keys, space sets a point, backspace removes the last one, Escape ends.",
    point: (number) => (number === 1 ? "1 point is set." : `${number} points are set.`),
    above: (metres) => `The last point is ${metres} above the ground.`,
    onGround: "The last point is on the ground.",
    nothing: "There is nothing here to place a point on.",
    ground: "Distance on the map",
    air: "Straight line from point to point",
    up: (metres) => `From the first to the last point it goes up ${metres}.`,
    down: (metres) => `From the first to the last point it goes down ${metres}.`,
    level: "The first and the last point are at the same height.",
    area: "Area on the map",
    around: "Perimeter",
    crosses: "The line crosses itself, so there is no area.",
    setHere: "Set a point at the cross",
    undo: "Undo the last point",
    clear: "Clear all points",
    end: "Stop measuring",
    coarse: "Only what is loaded now is measured: the closer you are, the more exact the buildings.",
  },
  ls: {
    title: "Messen: Wie weit? Wie hoch? Wie groß?",
    how: "Tippen Sie im Bild auf einen Punkt. Tippen Sie dann auf noch einen Punkt. Dann sehen Sie: So weit ist es. Mit 3 Punkten sehen Sie auch: So groß ist die Fläche.",
    keys: "Mit den Pfeil-Tasten schieben Sie das Bild. Mit der Leer-Taste machen Sie einen Punkt. Mit Escape hören Sie auf.",
    point: (number) => (number === 1 ? "Sie haben 1 Punkt gemacht." : `Sie haben ${number} Punkte gemacht.`),
    above: (metres) => `Der letzte Punkt ist ${metres} über dem Boden.`,
    onGround: "Der letzte Punkt ist auf dem Boden.",
    nothing: "Hier geht kein Punkt.",
    ground: "So weit ist es auf der Karte",
    air: "So weit ist es in der Luft",
    up: (metres) => `Der letzte Punkt ist ${metres} höher.`,
    down: (metres) => `Der letzte Punkt ist ${metres} tiefer.`,
    level: "Die Punkte sind gleich hoch.",
    area: "So groß ist die Fläche",
    around: "So weit ist es um die Fläche",
    crosses: "Die Linie kreuzt sich. Deshalb gibt es keine Fläche.",
    setHere: "Punkt beim Kreuz machen",
    undo: "Den letzten Punkt löschen",
    clear: "Alle Punkte löschen",
    end: "Mit dem Messen aufhören",
    coarse: "Wenn Sie nah an ein Haus gehen, messen Sie genauer.",
  },
};
