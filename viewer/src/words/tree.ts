import type { Spoken } from "./register.js";

/** What is known of a tree; sizes with their unit, `about` where nobody measured them. */
export interface Known {
  /** What people call it, and what botany does. */
  name: string | null;
  botanical: string | null;
  height: string | null;
  crown: string | null;
  /** Year of planting, and how many years ago that is. */
  planted: string | null;
  age: number;
}

interface TreeWords {
  sentence: (known: Known) => string;
  about: (size: string) => string;
}

const named = ({ name, botanical }: Known) => (name && botanical ? `${name} (${botanical})` : (name ?? botanical));
const joined = (parts: (string | null | false)[], between: string) => parts.filter(Boolean).join(between);

export const TREE: Spoken<TreeWords> = {
  de: {
    sentence: (known) => {
      const { height, crown, planted, age } = known;
      const first = joined([named(known) ?? "Art nicht angegeben", height && `${height} hoch`, crown && `die Krone ${crown} breit`], ", ");
      return joined([`${first}.`, planted && (age > 0 ? `Gepflanzt ${planted}, vor ${age === 1 ? "einem Jahr" : `${age} Jahren`}.` : `Gepflanzt ${planted}.`)], " ");
    },
    about: (size) => `etwa ${size}`,
  },
  en: {
    sentence: (known) => {
      const { height, crown, planted, age } = known;
      const first = joined([named(known) ?? "Species not stated", height && `${height} tall`, crown && `the crown ${crown} wide`], ", ");
      return joined([`${first}.`, planted && (age > 0 ? `Planted in ${planted}, ${age === 1 ? "one year" : `${age} years`} ago.` : `Planted in ${planted}.`)], " ");
    },
    about: (size) => `about ${size}`,
  },
  ls: {
    sentence: ({ name, botanical, height, crown, planted, age }) =>
      joined(
        [
          "Das ist ein Baum.",
          name ?? botanical ? `Der Baum heißt: ${name ?? botanical}.` : "Wir wissen nicht: Wie heißt der Baum?",
          height && `Der Baum ist ${height} hoch.`,
          crown && `Die Krone ist ${crown} breit. Die Krone ist der obere Teil mit den Ästen.`,
          planted && `Der Baum steht hier seit dem Jahr ${planted}.`,
          planted && age > 0 && `Das sind ${age === 1 ? "1 Jahr" : `${age} Jahre`}.`,
        ],
        " ",
      ),
    about: (size) => `ungefähr ${size}`,
  },
};
