import type { Spoken } from "./register.js";

/** What the line across the columns of a near air station is. */
export const LIMIT_LINE: Spoken = { de: "Grenzwert", en: "limit value", ls: "Grenze" };
