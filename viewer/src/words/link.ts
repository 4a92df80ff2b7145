import type { Spoken } from "./register.js";

/** What is said of a link that is old or made up. */
export const LINK: Spoken = {
  de: "Nicht alles, was der Link zeigen sollte, gibt es hier. Alles andere sehen Sie.",
  en: "Some of what this link was meant to show is not here. You see the rest.",
  ls: "Der Link ist alt oder falsch. Ein Teil fehlt deshalb. Alles andere sehen Sie.",
};
