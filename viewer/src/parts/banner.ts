import { phaseAt } from "../data/phase.js";
import type { Thing } from "../data/types.js";
import { BANNER } from "../words/banner.js";
import { date, lastDay, yearlessDate } from "../words/dates.js";
import type { Words } from "../words/index.js";
import { titleOf } from "./list.js";

/** The lines of the banner over a chosen site: what it is called, and from when or until when. */
export function bannerOf(thing: Thing, now: Date, words: Words): [string, string] {
  const { valid_from, valid_to } = thing.feature.properties;
  const [from, to] = [date(valid_from), date(valid_to)];
  const phase = phaseAt(thing.feature, now);
  const day = phase === "coming" ? from : to && lastDay(to);
  return [titleOf(thing, words), BANNER[words.register][phase](day && yearlessDate(day, now, words))];
}
