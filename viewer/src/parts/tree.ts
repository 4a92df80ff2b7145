import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { tell, told } from "../words/columns.js";
import { date, moment } from "../words/dates.js";
import { measured } from "../words/numbers.js";
import { speciesName } from "../words/species.js";
import { TREE } from "../words/tree.js";
import type { FactsState, Row } from "./facts.js";
import { UNTOLD, rows } from "./facts.js";

/** Columns that say where another's value comes from. */
const SOURCES: Record<string, string> = { height_m: "height_source", crown_m: "crown_source" };
/** Told as the heading, or beside the size that it is of. */
const SAID = new Set(["form", ...Object.values(SOURCES)]);

/** A tree in words: its species as people call it, how large it is, since when it stands there. */
export function tree({ thing, words, now }: FactsState): TemplateResult {
  const { layer, feature } = thing;
  const { properties } = feature;
  const speech = TREE[words.register];
  const botanical = tell(layer, feature, "species", words);
  const size = (name: string) => {
    const value = Number(properties[name]);
    if (!(value > 0)) return null;
    const text = measured(value, "m", words);
    return properties[SOURCES[name] ?? ""] === "measured" ? text : speech.about(text);
  };
  const year = Number(properties["planted"]);
  const sentence = speech.sentence({
    name: botanical && speciesName(botanical, words.language),
    botanical,
    height: size("height_m"),
    crown: size("crown_m"),
    planted: year > 0 ? String(year) : null,
    age: now.getFullYear() - year,
  });
  const known = (layer.columns ?? [])
    .filter(({ name }) => !UNTOLD.has(name) && !SAID.has(name))
    .map((each): Row => {
      const text = told(each, properties[each.name], words);
      const source = text && tell(layer, feature, SOURCES[each.name] ?? "", words);
      return [each.title[words.language], text && html`${text}${source ? html` <span class="quiet">(${source})</span>` : nothing}`];
    });
  const stand = date(properties["observed_at"]) ?? date(layer.holds_from);
  return html`<p>${sentence}</p>
    ${rows(known)} ${stand ? html`<p class="quiet">${words.age(moment(stand, now, words))}</p>` : nothing}`;
}
