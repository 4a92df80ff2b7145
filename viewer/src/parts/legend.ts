import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { alternatives, colouring, stepOf } from "../data/colouring.js";
import { formOf, vanishes } from "../data/kinds.js";
import type { Column, Layer, Phase } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Words } from "../words/index.js";
import { LEGEND } from "../words/legend.js";
import { measured } from "../words/numbers.js";

const SHADES = 8;
const PHASES: Phase[] = ["running", "coming", "done"];

/** What the signs of a layer in the picture mean; nothing for the ground, which looks like what it is. */
export function legend(layer: Layer, words: Words): TemplateResult | typeof nothing {
  const speech = LEGEND[words.register];
  const say = (text: string) => html`<p class="story quiet">${text}</p>`;
  switch (kind(layer)) {
    case "roadwork":
      return phases(words);
    case "counter":
      return say(bicycles(layer) ? speech.counter : speech.station);
    case "air-station":
      return air(layer, words);
  }
  switch (formOf(layer)) {
    case "outline":
      return say(vanishes(layer) ? speech.warning : speech.outline);
    case "point":
      return layer.properties?.length ? say(speech.station) : nothing;
    case "line":
    case "area": {
      const by = colouring(layer);
      return by ? colours(layer, by, words) : say(formOf(layer) === "line" ? speech.line : speech.area);
    }
    default:
      return nothing;
  }
}

function bicycles(layer: Layer): boolean {
  return layer.properties?.some((each) => each.name.startsWith("bicycles")) ?? false;
}

/** The publisher's classes of the air, each with its colour and its word. */
function air(layer: Layer, words: Words): TemplateResult {
  const speech = LEGEND[words.register];
  return html`<p class="story quiet">${speech.air}</p>
    <ul class="legend colours quiet" aria-label=${speech.label(layer.title[words.language])}>
      ${words.airClasses.map((each, i) => html`<li><i class="swatch air-${i}" aria-hidden="true"></i>${each}</li>`)}
    </ul>`;
}

/** How sites are marked in the scene, by their phase. */
function phases(words: Words): TemplateResult {
  return html`<ul class="legend quiet" aria-label=${words.legend}>
    ${PHASES.map((phase) => html`<li><i class="sign ${phase}" aria-hidden="true"></i>${words.signs[phase]}</li>`)}
  </ul>`;
}

/** What the colours of a layer mean, where its features are told apart by colour. */
function colours(layer: Layer, by: Column, words: Words): TemplateResult {
  if (by.breaks?.length) return ramp(layer, by, by.breaks, words);
  return html`<ul class="legend colours quiet" aria-label=${words.legendOf(by.title[words.language])}>
    ${by.choices.map((each, i) => html`<li><i class="shade shade-${i % SHADES} ${i % (SHADES * 2) < SHADES ? "" : "striped"}" aria-hidden="true"></i>${each.title[words.language]}</li>`)}
  </ul>`;
}

/** The classes of an ordered column, from little to much; of what lies on each other only one is shown: which. */
function ramp(layer: Layer, { unit }: Column, breaks: readonly number[], words: Words): TemplateResult {
  const titles = [words.classBelow(measured(breaks[0] as number, unit, words))];
  breaks.forEach((from, i) => {
    const to = breaks[i + 1];
    titles.push(to === undefined ? words.classFrom(measured(from, unit, words)) : words.classBetween(measured(from, null, words), measured(to, unit, words)));
  });
  const choices = alternatives(layer)?.choices.map((each) => each.title[words.language]) ?? [];
  return html`${choices.length > 1 ? html`<p class="line quiet">${words.firstOf(choices)}</p>` : nothing}
    <ul class="legend colours ranges quiet" aria-label=${words.legendOf(layer.title[words.language])}>
      ${titles.map((each, i) => html`<li><i class="shade ramp-${stepOf(i, titles.length)}" aria-hidden="true"></i>${each}</li>`)}
    </ul>`;
}
