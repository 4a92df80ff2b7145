import { de } from "./de.js";
import type { Words } from "./words.js";

export const ls: Words = {
  ...de,
  register: "ls",
  languageName: "Leichte Sprache",
};
