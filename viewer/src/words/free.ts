import type { Spoken } from "./register.js";

/** How many places, or vehicles to rent, are free now. */
export interface FreeWords {
  free: { parking: (count: string, of: string | null) => string; rental: (count: string, docks: string | null) => string };
  full: { parking: string; rental: string };
}

const de: FreeWords = {
  free: {
    parking: (count, of) => (of ? `${count} von ${of} Plätzen ${count === "1" ? "ist" : "sind"} frei.` : count === "1" ? "1 Platz ist frei." : `${count} Plätze sind frei.`),
    rental: (count, docks) => `${count} ${count === "1" ? "Fahrzeug steht" : "Fahrzeuge stehen"} zum Leihen bereit${docks ? `, ${docks} Stellplätze sind frei` : ""}.`,
  },
  full: { parking: "Gerade ist kein Platz frei.", rental: "Gerade steht kein Fahrzeug zum Leihen bereit." },
};

const en: FreeWords = {
  free: {
    parking: (count, of) => (of ? `${count} of ${of} spaces ${count === "1" ? "is" : "are"} free.` : count === "1" ? "1 space is free." : `${count} spaces are free.`),
    rental: (count, docks) => `${count} ${count === "1" ? "vehicle is" : "vehicles are"} available to rent${docks ? `, ${docks} docks are free` : ""}.`,
  },
  full: { parking: "No spaces are free right now.", rental: "No vehicles are available to rent right now." },
};

const ls: FreeWords = {
  free: {
    parking: (count, of) => `${count} Plätze sind frei.${of ? ` Es gibt ${of} Plätze.` : ""}`,
    rental: (count, docks) => `Sie können ${count} Fahrzeuge leihen.${docks ? ` ${docks} Stell-Plätze sind frei.` : ""}`,
  },
  full: { parking: "Gerade ist kein Platz frei.", rental: "Gerade können Sie kein Fahrzeug leihen." },
};

export const FREE: Spoken<FreeWords> = { de, en, ls };
