import type { Spoken } from "./register.js";

/** Names of the instruments; what each of them says comes with it. */
export interface InstrumentWords {
  measure: string;
  /** Sun and shadow at a place. */
  show: string;
  hide: string;
}

export const INSTRUMENTS: Spoken<InstrumentWords> = {
  de: { measure: "Messen", show: "Sonne und Schatten hier", hide: "Sonne und Schatten schließen" },
  en: { measure: "Measure", show: "Sun and shade here", hide: "Close sun and shade" },
  ls: { measure: "Messen", show: "Wann ist hier Sonne?", hide: "Sonne und Schatten schließen" },
};
