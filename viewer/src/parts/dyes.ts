import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { RAMP } from "../data/colouring.js";
import { countShades, dyesOf, shadesOf } from "../data/dyes.js";
import type { Dye, Shade } from "../data/dyes.js";
import type { Inquiry } from "../data/inquiry.js";
import type { Service } from "../data/service.js";
import type { Layer } from "../data/types.js";
import { DYES } from "../words/dyes.js";
import type { Words } from "../words/index.js";
import { measured, whole } from "../words/numbers.js";

const SHADES = 8;

export interface DyeState {
  words: Words;
  service: Service;
  /** Keeps the counts. */
  inquiry: Inquiry;
  /** Name of the column that colours, or null. */
  dye: string | null;
  paint: (column: string | null) => void;
}

/** The choice of what colours the buildings of a layer, and what the colours mean. */
export function dyes(layer: Layer, state: DyeState): TemplateResult | typeof nothing {
  const all = dyesOf(layer);
  if (all.length === 0) return nothing;
  const { words, dye, paint } = state;
  const speech = DYES[words.register];
  const chosen = all.find((each) => each.column.name === dye);
  return html`<label class="choice dyes">
      <span>${speech.label}</span>
      <select @change=${(event: Event) => paint((event.target as HTMLSelectElement).value || null)}>
        <option value="" ?selected=${!chosen}>${speech.plain}</option>
        ${all.map(({ column }) => html`<option value=${column.name} ?selected=${chosen?.column.name === column.name}>${column.title[words.language]}</option>`)}
      </select>
    </label>
    ${chosen ? legend(layer, chosen, state) : nothing}`;
}

function legend(layer: Layer, dye: Dye, { words, service, inquiry }: DyeState): TemplateResult {
  const speech = DYES[words.register];
  const shades = shadesOf(dye);
  const counted = inquiry.ask(`dye ${layer.id} ${dye.column.name}`, () => countShades(service, layer.id, shades), `${layer.revision} ${service.datetime ?? ""}`);
  const counts = counted.state === "here" ? counted.value : null;
  if (counts && counts.unknown > 0 && counts.each.every((each) => each === 0)) return html`<p class="story quiet">${speech.none}</p>`;
  // A choice that no building has needs no colour in the legend.
  const rows = shades.map((shade, i) => ({ shade, count: counts?.each[i] })).filter(({ shade, count }) => !shade.choice || count !== 0);
  return html`<ul class="legend colours quiet" aria-label=${speech.legend(dye.column.title[words.language])}>
      ${rows.map(({ shade, count }) => html`<li><i class="shade ${classOf(shade.place)}" aria-hidden="true"></i>${titleOf(shade, dye, words)}${told(count, words)}</li>`)}
      ${counts?.unknown === 0 ? nothing : html`<li><i class="shade unknown" aria-hidden="true"></i>${speech.unknown}${told(counts?.unknown, words)}</li>`}
    </ul>
    ${counted.state === "failed" ? html`<p class="line warn">${speech.failed}</p>` : nothing}`;
}

function told(count: number | undefined, words: Words): TemplateResult | typeof nothing {
  return count === undefined ? nothing : html`: <strong>${whole(count, words)}</strong>`;
}

function classOf(place: number): string {
  if (place >= RAMP) return `ramp-${place - RAMP}`;
  return `shade-${place % SHADES} ${place % (SHADES * 2) < SHADES ? "" : "striped"}`;
}

function titleOf({ from, below, choice }: Shade, { column: { name, unit } }: Dye, words: Words): string {
  if (choice) return choice.title[words.language];
  // Years are no quantities: nobody groups their digits.
  const number = (value: number, unit_: string | null) => (name === "year_built" ? String(value) : measured(value, unit_, words));
  if (from === null) return words.classBelow(number(below ?? 0, unit));
  return below === null ? words.classFrom(number(from, unit)) : words.classBetween(number(from, null), number(below, unit));
}
