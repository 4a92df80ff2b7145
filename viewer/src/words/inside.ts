import type { Spoken } from "./register.js";

/** Texts of what lies in an area: one line a layer. */
export interface InsideWords {
  title: string;
  loading: string;
  failed: string;
  none: string;
  table: string;
  /** For who hears a link alone: of what the table is. */
  tableOf: (layer: string) => string;
  /** Of very many things the first ones. */
  first: (rows: string) => string;
  rest: string;
}

export const INSIDE: Spoken<InsideWords> = {
  de: {
    title: "Was liegt hier?",
    loading: "Einen Moment, es wird gezählt …",
    failed: "Das lässt sich gerade nicht zählen.",
    none: "Von dem, was wir zeigen, liegt hier nichts.",
    table: "Tabelle",
    tableOf: (layer) => `${layer} als Tabelle (CSV)`,
    first: (rows) => `die ersten ${rows}`,
    rest: "Mitgezählt ist auch, was über die Grenze reicht.",
  },
  en: {
    title: "What is here?",
    loading: "One moment, counting …",
    failed: "This cannot be counted right now.",
    none: "Nothing of what we show is here.",
    table: "table",
    tableOf: (layer) => `${layer} as a table (CSV)`,
    first: (rows) => `the first ${rows}`,
    rest: "What reaches across the border is counted too.",
  },
  ls: {
    title: "Was gibt es hier?",
    loading: "Bitte warten. Wir zählen gerade.",
    failed: "Das können wir gerade nicht zählen.",
    none: "Wir kennen hier nichts.",
    table: "Tabelle",
    tableOf: (layer) => `${layer} als Tabelle`,
    first: (rows) => `die ersten ${rows}`,
    rest: "Manches liegt nur zum Teil hier. Das zählt mit.",
  },
};
