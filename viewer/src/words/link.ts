import type { Spoken } from "./register.js";

/** What is said of a link that is old or made up. */
export const LINK: Spoken = {
  de: "Nicht alles, was der Link zeigen sollte, gibt es hier. Alles andere sehen Sie.",
  en: "Not everything that the link was to show is here. You see all the rest.",
  ls: "Der Link ist alt oder falsch. Ein Teil fehlt deshalb. Alles andere sehen Sie.",
};
