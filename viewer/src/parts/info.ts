import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Inquiry } from "../data/inquiry.js";
import { newest, silence } from "../data/here.js";
import { formOf } from "../data/kinds.js";
import type { Service } from "../data/service.js";
import type { Layer, Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Words } from "../words/index.js";
import { sortInWords } from "../words/sorts.js";
import { choice, facts } from "./facts.js";
import type { FactsState } from "./facts.js";
import { icon } from "./icons.js";
import { badge, inWords } from "./layers.js";
import { titleOf } from "./list.js";

export interface InfoState extends FactsState {
  district: Thing | null;
  /** Those of which things may lie in it, for districts. */
  layers: readonly Layer[];
  service: Service;
  inquiry: Inquiry;
  close: () => void;
}

type Closer = typeof import("./closer.js");
let closer: Closer | null = null;

/** The information panel: what it is in words, then the values, then where it comes from and what became of it. */
export function info(state: InfoState): TemplateResult {
  const { thing, words, district, service, inquiry } = state;
  const { layer } = thing;
  inquiry.about(thing.key, service.datetime ?? "");
  const code = inquiry.ask("code", async () => (closer = await import("./closer.js")));
  const title = heading(thing, words);
  // The source answers, and says nothing new of this station.
  const mute = layer.state === "fresh" && newest(thing) && silence(thing, state.now);
  return html`<section class="info" role="region" aria-label=${words.panelLabel(title)}>
    <header>
      <h2 id="info-title" tabindex="-1">${title}</h2>
      <button type="button" class="round" aria-label=${words.close} title=${words.close} @click=${state.close}>${icon("close")}</button>
    </header>
    ${(kind(layer) === "tree" && closer?.tree(state)) || facts(state)} ${closer?.hourly(state) ?? nothing} ${closer?.course(state) ?? nothing}
    ${district && formOf(layer) !== "outline" ? html`<p class="quiet">${words.district}: ${titleOf(district, words)}</p>` : nothing}
    <p class="quiet">${badge(mute ? { ...layer, state: "silent" } : layer, state)} ${inWords(layer, state)}</p>
    ${closer ? keyed(thing.key, html`${formOf(layer) === "outline" ? closer.content(state) : nothing} ${closer.origin(state)} ${closer.past(state)}`) : nothing}
    ${code.state === "failed" ? html`<p class="warn" role="alert">${words.failed} <button type="button" class="link" @click=${() => inquiry.again("code")}>${words.retry}</button></p>` : nothing}
  </section>`;
}

function heading(thing: Thing, words: Words): string {
  const { form } = thing.feature.properties;
  if (kind(thing.layer) === "tree") return (form !== "unknown" && choice(thing.layer, thing.feature, "form", words)) || sortInWords(thing.layer, words);
  if (kind(thing.layer) !== "building") return titleOf(thing, words);
  return words.building(words.buildingUses[String(thing.feature.properties["use"])] ?? null);
}
