import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { measurable } from "../data/measure.js";
import type { Measure } from "../data/measure.js";
import type { Layer, Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Words } from "../words/index.js";
import { LIMIT } from "../words/limits.js";
import { measured, whole } from "../words/numbers.js";
import { SCALE } from "../words/scale.js";

export interface ScaleState {
  words: Words;
  things: readonly Thing[];
  measure: Measure;
  /** Show another property of the layer. */
  choose: (property: string) => void;
}

/** What the columns of a layer show: the choice of it, its scale and classes, and who is silent. */
export function scale(layer: Layer, { words, things, measure, choose }: ScaleState): TemplateResult {
  const speech = SCALE[words.register];
  const offered = measurable(layer, things);
  const what = measure.title?.[words.language] ?? speech.sum;
  return html`${offered.length > 1 ? choice(offered, measure, words, choose) : nothing}
    <p class="story quiet">${[...sentences(measure, what, words), ...(kind(layer) === "air-station" && measure.standing > 0 ? [speech.near] : [])].join(" ")}</p>
    <ul class="legend colours ${measure.index ? "" : "ranges"} quiet" aria-label=${speech.classes(what)}>
      ${measure.standing === 0 ? nothing : titles(measure, words).map((each, i) => html`<li><i class="shade ${measure.index ? `air-${i}` : `column-${i}`}" aria-hidden="true"></i>${each}</li>`)}
      ${measure.silent === 0 ? nothing : html`<li class="silent"><i class="shade disc" aria-hidden="true"></i>${speech.silent(whole(measure.silent, words), measure.silent === 1)}</li>`}
    </ul>`;
}

function choice(offered: ReturnType<typeof measurable>, measure: Measure, words: Words, choose: ScaleState["choose"]): TemplateResult {
  return html`<label class="choice dyes">
    <span>${SCALE[words.register].choice}</span>
    <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      ${offered.map(({ name, title }) => html`<option value=${name} ?selected=${name === measure.property}>${title[words.language]}</option>`)}
    </select>
  </label>`;
}

/** How high is how much. */
function sentences(measure: Measure, what: string, words: Words): string[] {
  const speech = SCALE[words.register];
  const told = (value: number) => measured(value, measure.title ? measure.unit : null, words);
  if (measure.standing === 0) return [`${what}.`, speech.none];
  const { index, limit, from, to, parted } = measure;
  if (index) return [speech.index];
  return [
    from === 0 ? speech.height(what, told(to)) : speech.between(what, told(from), told(to)),
    ...(limit ? [LIMIT[words.register][limit.over](told(limit.value)), speech.ring] : []),
    ...(parted ? [speech.parted] : []),
  ];
}

/** The names of the classes: the publisher's own, or their bounds. */
function titles({ index, breaks, unit, title }: Measure, words: Words): string[] {
  if (index) return words.airClasses;
  const own = title ? unit : null;
  const [first = 0] = breaks;
  return [
    words.classBelow(measured(first, own, words)),
    ...breaks.map((from, i) => {
      const to = breaks[i + 1];
      return to === undefined ? words.classFrom(measured(from, own, words)) : words.classBetween(measured(from, null, words), measured(to, own, words));
    }),
  ];
}
