import type { Spoken } from "./register.js";

/** What the banner over a chosen site says of its time. */
export interface BannerWords {
  running: (until: string | null) => string;
  coming: (from: string | null) => string;
  done: (on: string | null) => string;
}

export const BANNER: Spoken<BannerWords> = {
  de: {
    running: (until) => (until ? `läuft bis ${until}` : "läuft"),
    coming: (from) => (from ? `beginnt am ${from}` : "kommt noch"),
    done: (on) => (on ? `beendet am ${on}` : "beendet"),
  },
  en: {
    running: (until) => (until ? `until ${until}` : "in progress"),
    coming: (from) => (from ? `starts on ${from}` : "planned"),
    done: (on) => (on ? `finished on ${on}` : "finished"),
  },
  ls: {
    running: (until) => (until ? `jetzt, bis ${until}` : "jetzt"),
    coming: (from) => (from ? `ab ${from}` : "später"),
    done: (on) => (on ? `fertig am ${on}` : "fertig"),
  },
};
