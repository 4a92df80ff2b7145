import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import type { Layer, Theme } from "../data/types.js";
import { kind } from "../data/types.js";
import { Then, ago, date, longDate, moment } from "../words/dates.js";
import { heightsOf } from "../words/heights.js";
import type { Words } from "../words/index.js";
import { whole } from "../words/numbers.js";
import { TIME } from "../words/time.js";
import { dyes } from "./dyes.js";
import type { DyeState } from "./dyes.js";
import { icon } from "./icons.js";
import { legend } from "./legend.js";

const THEMES: Theme[] = ["traffic", "construction", "environment", "model"];
/** With more layers than this a theme opens on demand, and only what is not fresh says why. */
const MANY = 14;

export interface LayersState extends DyeState {
  layers: readonly Layer[];
  shown: (layer: Layer) => boolean;
  failed: ReadonlySet<string>;
  /** The instant asked for; null is now. */
  past: Date | null;
  now: Date;
  toggle: (layer: Layer) => void;
  /** What tells of the columns of a layer; null where it has none. */
  scale: (layer: Layer) => TemplateResult | null;
}

/** What is told, when, and in which words. */
type Told = Pick<LayersState, "now" | "words">;

/** The four themes, each with its layers: shown or not, how fresh, from where. */
export function layerList(state: LayersState): TemplateResult {
  const { layers, words } = state;
  return html`<section aria-labelledby="layers-title">
    <h2 id="layers-title">${words.layers}</h2>
    ${THEMES.map((theme) => {
      const mine = layers.filter((each) => each.theme === theme);
      return mine.length === 0 ? nothing : layers.length > MANY ? folded(theme, mine, state) : open(theme, mine, state);
    })}
  </section>`;
}

function open(theme: Theme, layers: readonly Layer[], state: LayersState): TemplateResult {
  const { words } = state;
  return html`<div class="theme" role="group" aria-label=${words.themes[theme]}>
    <h3 class=${theme}>${words.themes[theme]}</h3>
    ${layers.map((each) => one(each, state, layers))}
  </div>`;
}

/** A theme of a city with many layers: one line that says how many are shown. */
function folded(theme: Theme, layers: readonly Layer[], state: LayersState): TemplateResult {
  const { words, shown } = state;
  const on = layers.filter((each) => each.revision !== null && shown(each)).length;
  const stale = layers.filter((each) => each.revision !== null && each.state !== "fresh").length;
  const empty = layers.filter((each) => each.revision === null).length;
  return html`<details class="theme folded">
    <summary class=${theme}><strong>${words.themes[theme]}</strong> <span class="quiet">${words.shownOf(on, layers.length)}${stale ? html`<br /><span class="warn">${words.notFresh(stale)}</span>` : nothing}${empty ? html`<br />${words.withoutData(empty)}` : nothing}</span></summary>
    <div role="group" aria-label=${words.themes[theme]}>${layers.map((each) => one(each, state, layers))}</div>
  </details>`;
}

function one(layer: Layer, state: LayersState, mine: readonly Layer[]): TemplateResult {
  const { words, failed, shown, toggle, layers } = state;
  const id = `layer-${layer.name}`;
  const there = layer.revision !== null;
  const easy = words.register === "ls"; // German sentences of the service are not easy to read: on demand
  const on = there && shown(layer);
  const terse = there && layer.state === "fresh" && layers.length > MANY;
  // Of what never worked the sentence itself says that there is nothing.
  const said = terse ? nothing : inWords(layer, state);
  // Of then nobody knows how old the last values were; since when there are these stations is something else.
  const stand = there ? (date(layer.last_value_at) ?? (state.past && layer.properties?.length ? null : date(layer.holds_from))) : null;
  // The signs of sites are the same for all layers: told once.
  const signs = kind(layer) === "roadwork" && mine.find((each) => kind(each) === "roadwork") === layer;
  return html`<div class="layer ${terse ? "terse" : ""}">
    <label for=${id}>
      <input id=${id} type="checkbox" .checked=${on} ?disabled=${!there} @change=${() => toggle(layer)} />
      <span>${layer.title[words.language]}</span>
    </label>
    <p class="line quiet">
      ${state.past && !there ? TIME[words.register].notThen(longDate(state.past, words)) : html`${badge(layer, state)} ${there || (said !== nothing && !layer.last_success) ? nothing : `${words.notPublished}.`} ${said}`}
      ${failed.has(layer.id) ? html`<br /><span class="warn">${words.failedLayer(layer.title[words.language])}</span>` : nothing}
    </p>
    ${terse ? nothing : html`<p class="story quiet">${easy && !layer.summary?.ls ? nothing : layer.summary?.[words.language]} ${stand ? words.age(moment(stand, state.now, words)) : nothing}</p>`}
    ${(on && state.scale(layer)) || (signs || (on && kind(layer) !== "roadwork") ? legend(layer, words) : nothing)} ${on ? dyes(layer, state) : nothing}
    ${origin(layer, state, terse || (easy && !layer.summary?.ls))}
  </div>`;
}

/** State of freshness: icon and word, never colour alone. Of the past nothing is called fresh. */
export function badge(layer: Layer, { now, words }: Told): TemplateResult {
  const state = isOfThen(layer, now) ? "past" : layer.state;
  const word = state === "past" ? TIME[words.register].ofThen : (words.states[state] ?? layer.state_title?.[words.language]);
  return html`<span class="badge ${state}" title=${layer.reason_words?.[words.language] ?? ""}>${icon(state)}${word}</span>`;
}

/** At an instant that is gone by: what was asked for in time. */
function isOfThen({ state }: Layer, now: Date): boolean {
  return state === "fresh" && now instanceof Then;
}

/** An age in the service's sentences: it was so old when they were asked for. */
const AGE = { de: /gerade eben|vor \S+ (Minute|Stunde|Tag)\w*/, en: /just now|\S+ (minute|hour|day)s? ago/ };

/** The state in the service's sentence, with the age of now; in Leichte Sprache its word has to do. */
export function inWords(layer: Layer, { now, words }: Told): string | typeof nothing {
  const { register, language } = words;
  if (register === "ls" || isOfThen(layer, now)) return nothing;
  const last = date(layer.last_success);
  const told = layer.state_words[language];
  return last ? told.replace(AGE[language], ago(last, now, words)) : told;
}

/** "Woher kommt das?"; with its sentence where that is not told already. */
export function origin(layer: Layer, { now, words }: Told, told = true): TemplateResult {
  const { language } = words;
  const fetched = date(layer.fetched_at ?? layer.last_success);
  const published = date(layer.published_at);
  const counts = layer.counts;
  const heights = heightsOf(layer, words);
  const count = (name: keyof NonNullable<Layer["counts"]>) => whole(counts?.[name] ?? 0, words);
  return html`<details>
    <summary>${words.whereFrom}<span class="unseen"> – ${layer.title[language]}</span></summary>
    ${told ? html`<p>${layer.summary[language]}</p>` : nothing}
    <dl>
      ${layer.reason_words ? html`<dt>${words.reason}</dt><dd class="warn">${layer.reason_words[language]}</dd>` : nothing}
      <dt>${words.publisher}</dt>
      <dd>${layer.publisher ?? words.nothingKnown}</dd>
      <dt>${words.address}</dt>
      <dd>${addresses(layer, words)}</dd>
      <dt>${words.fetched}</dt>
      <dd>${fetched ? html`${ago(fetched, now, words)} <span class="quiet">(${moment(fetched, now, words)})</span>` : words.nothingKnown}</dd>
      <dt>${words.licence}</dt>
      <dd>${licence(layer, words)}</dd>
      <dt>${words.attribution}</dt>
      <dd>${layer.attribution ?? words.nothingKnown}</dd>
      <dt>${words.changedOnTheWay}</dt>
      <dd>${layer.changed?.length ? layer.changed.map((each) => html`${each[language]}<br />`) : words.changedNothing}</dd>
      ${counts
        ? html`<dt>${words.counts}</dt>
            <dd>
              ${words.countsLine({ in: count("in"), published: count("published"), held: count("held"), broken: count("broken"), duplicate: count("duplicate") })}
            </dd>`
        : nothing}
      ${heights ? html`<dt>${words.heights}</dt><dd>${heights}</dd>` : nothing}
    </dl>
    ${layer.revision !== null && published ? html`<p class="quiet">${words.revision(layer.revision, ago(published, now, words))}</p>` : nothing}
  </details>`;
}

function addresses(layer: Layer, words: Words): TemplateResult | string {
  const known = [...new Map((layer.origins ?? []).map(({ url }) => [plainly(url), url]))].slice(0, 3);
  if (known.length === 0) return words.nothingKnown;
  return html`${known.map(([text, url]) => html`${webLink(url, text)}<br />`)}`;
}

/** The licence's name, leading to its text. */
export function licence(layer: Layer, words: Words): TemplateResult | string {
  if (!layer.licence) return words.nothingKnown;
  const { title, id, url } = layer.licence;
  const name = (typeof title === "string" ? title : title?.[words.language]) || id;
  return url ? webLink(url, name) : name;
}

/** A web address as people say it: without how it is asked for, and for what. */
export function plainly(url: string): string {
  return url.replace(/^https?:\/\/(?:www\.)?|\/?(\?.*)?$/g, "");
}

/** A link to the web; anything that is no web address stays text. */
export function webLink(url: string, text: string): TemplateResult | string {
  return /^https?:\/\//.test(url) ? html`<a href=${url} rel="noopener noreferrer" target="_blank">${text}</a>` : text;
}
