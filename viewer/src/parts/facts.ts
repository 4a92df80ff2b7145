import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { airIndex, bicycles, isFamiliar, isStuck, newest, silence, usualBicycles } from "../data/here.js";
import type { Feature, Layer, Phase, Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import { valuesOf } from "../data/values.js";
import { FREE } from "../words/free.js";
import { tell, told } from "../words/columns.js";
import { ago, beginning, date, ended, lastDay, longDate, moment, sinceSpan } from "../words/dates.js";
import type { Words } from "../words/index.js";
import { measured, whole } from "../words/numbers.js";
import { sortInWords } from "../words/sorts.js";
import { tidy } from "../words/tidy.js";
import { plainly, webLink } from "./layers.js";
import { noValues, sortOf, titleOf } from "./list.js";

export interface FactsState {
  thing: Thing;
  /** Running sites, counters and stations inside, for districts. */
  within: [number, number, number];
  now: Date;
  words: Words;
}

/** Keys and codes, the name that stands in the heading already, times that are told as a sentence, and days that are drawn hour by hour. */
export const UNTOLD = new Set(["id", "source_id", "name", "title", "station", "raster", "site", "code", "function_code", "valid_from", "valid_to", "observed_at", "departures_by_hour", "trips_by_hour"]);
/** Kinds of roadworks where somebody builds. */
const BUILT = new Set(["roadworks", "short-term"]);

export type Row = [string, unknown];

/** What a thing is in words, and what it says now. */
export function facts(state: FactsState): TemplateResult {
  switch (kind(state.thing.layer)) {
    case "building":
      return building(state);
    case "roadwork":
      return site(state);
    case "counter":
      return isFamiliar(state.thing) ? counter(state) : plain(state);
    case "air-station":
      return air(state);
    case "district":
      return district(state);
    case "parking":
    case "rental-station":
      return plain(state, free(state));
    default:
      return plain(state);
  }
}

/** A thing of a kind we have no sentence for: when it holds, what it measures, and all its columns in words; what is free of it first. */
function plain({ thing, words, now }: FactsState, lead: TemplateResult | typeof nothing = nothing): TemplateResult {
  const { layer, feature } = thing;
  const last = newest(thing);
  const stand = date(feature.properties["observed_at"]) ?? date(layer.holds_from);
  // "Parkhaus" says more than "Parkplatz", and twice is too often.
  const sort = kind(layer) === "parking" && feature.properties["kind"] !== "unknown" ? tell(layer, feature, "kind", words) : null;
  const columns = (layer.columns ?? [])
    .filter((each) => !UNTOLD.has(each.name) && !(sort && each.name === "kind"))
    .map((each): Row => {
      const text = told(each, feature.properties[each.name], words);
      return [each.title[words.language], text && each.name === "link" ? webLink(text, plainly(text)) : text];
    });
  return html`<p class=${layer.theme}><strong>${sort ?? sortInWords(layer, words)}</strong></p>
    ${lead}
    <p>${holds(feature, now, words)}</p>
    ${last && silence(thing, now) ? html`<p class="warn"><strong>${noValues(last.at, now, words)}</strong></p>` : nothing}
    ${rows(measurements(thing, now, words))} ${rows(columns)}
    ${last && !silence(thing, now) && lead === nothing ? html`<p class="quiet">${words.age(moment(last.at, now, words))}</p>` : nothing}
    ${last || !stand ? nothing : html`<p class="quiet">${words.age(moment(stand, now, words))}</p>`}`;
}

/** How many places, or vehicles to rent, are free now; nothing where nobody knows. */
function free({ thing, now, words }: FactsState): TemplateResult | typeof nothing {
  const sort = kind(thing.layer) === "parking" ? "parking" : "rental";
  const speech = FREE[words.register];
  const latest = newest(thing, sort === "parking" ? "free" : "vehicles_available");
  if (!latest || typeof latest.value !== "number" || silence(thing, now)) return nothing;
  const all = Number(thing.feature.properties["capacity"]);
  const docks = thing.feature.latest?.["docks_available"]?.value;
  const more = sort === "parking" ? (all > 0 ? whole(all, words) : null) : typeof docks === "number" ? whole(docks, words) : null;
  return html`<p>
    <strong>${latest.value <= 0 ? speech.full[sort] : speech.free[sort](whole(latest.value, words), more)}</strong>
    <span class="quiet">${words.age((words.register === "ls" ? moment : ago)(latest.at, now, words))}</span>
  </p>`;
}

/** The newest values of a station; those that are older than the newest with their time, of a silent one all. */
function measurements(thing: Thing, now: Date, words: Words): Row[] {
  const stand = !silence(thing, now) && newest(thing)?.at.getTime();
  return valuesOf(thing).map(({ title, value, unit, at }): Row => {
    const when = at.getTime() === stand ? nothing : html`<span class="quiet">${moment(at, now, words)}</span>`;
    return [title[words.language], html`${measured(value, unit, words)} ${when}`];
  });
}

/** Since when and until when a feature holds, as a sentence; nothing where it says neither. */
function holds({ properties, phase }: Feature, now: Date, words: Words): string | typeof nothing {
  const from = date(properties["valid_from"]);
  const to = date(properties["valid_to"]);
  if (!from && !to) return nothing;
  const state: Phase = phase ?? (to && to <= now ? "done" : from && from > now ? "coming" : "running");
  return words.holdsSentence[state](...span(state, from, to, now, words));
}

/** Beginning and end, as they stand in a sentence of this phase. */
function span(state: Phase, from: Date | null, to: Date | null, now: Date, words: Words): [string | null, string | null] {
  const first = from && (state === "coming" ? beginning(from, now, words) : sinceSpan(from, now, words));
  return [first, to && (state === "done" ? ended(to, now, words) : longDate(to, words))];
}

/** Names and what is said under them; what is not known is left out. */
export function rows(list: Row[]): TemplateResult {
  return html`<dl>
    ${list.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => html`<dt>${name}</dt><dd class=${typeof value === "string" && value.includes("\n") ? "lines" : ""}>${value}</dd>`)}
  </dl>`;
}

/** Title of an enum's value in the schema's words; a value that the schema does not know as it is. */
export function choice(layer: Layer, feature: Feature, column: string, words: Words): string | null {
  return tell(layer, feature, column, words) ?? (feature.properties[column] ? String(feature.properties[column]) : null);
}

function building({ thing, words, now }: FactsState): TemplateResult {
  const { layer, feature } = thing;
  const number = (name: string) => (Number(feature.properties[name]) > 0 ? Number(feature.properties[name]) : null);
  const height = number("height_m");
  const storeys = number("storeys");
  const roof = choice(layer, feature, "roof_type", words);
  const use = words.buildingUses[String(feature.properties["use"])] ?? null;
  const tall = height === null ? null : measured(height, "m", words);
  const stand = date(feature.properties["observed_at"]) ?? date(layer.holds_from);
  return html`<p>${words.buildingSentence({ use, roof, height: tall, storeys })}</p>
    ${rows([
      [words.use, choice(layer, feature, "use", words)],
      [words.roof, roof],
      [words.height, tall],
      [words.heightFrom, choice(layer, feature, "height_source", words)],
      [words.storeys, storeys],
      [columnTitle(layer, "year_built", words), number("year_built")],
      [words.sourceId, feature.properties["source_id"]],
    ])}
    ${stand ? html`<p class="quiet">${words.age(moment(stand, now, words))}</p>` : nothing}`;
}

function site({ thing, words, now }: FactsState): TemplateResult {
  const { properties, phase } = thing.feature;
  const from = date(properties["valid_from"]);
  const end = date(properties["valid_to"]);
  const to = end && lastDay(end);
  const state = phase ?? "running";
  const sort = String(properties["kind"] ?? "roadworks");
  const sentence = BUILT.has(sort) ? words.siteSentence : words.holdsSentence;
  const url = String(properties["link"] ?? "");
  const extra = ["road", "direction", "blocked"].map((name): Row => [columnTitle(thing.layer, name, words), tell(thing.layer, thing.feature, name, words)]);
  return html`<p class="construction"><strong>${sortOf(thing, words)}, ${words.phases[state]}</strong></p>
    <p>${sentence[state](...span(state, from, to, now, words))}</p>
    ${rows([
      [words.what, tidy(String(properties["description"] ?? ""))],
      [words.restriction, tell(thing.layer, thing.feature, "restriction", words)],
      [words.affects, tell(thing.layer, thing.feature, "affects", words)],
      ...extra,
      [words.since, from && longDate(from, words)],
      [words.until, to && longDate(to, words)],
      [columnTitle(thing.layer, "windows", words), severalTimes(thing, words)],
      [words.moreAt, url ? webLink(url, plainly(url)) : null],
    ])}`;
}

/** The times at which a site holds, where there are several: one says no more than beginning and end. */
function severalTimes({ layer, feature }: Thing, words: Words): string | null {
  return String(feature.properties["windows"] ?? "").includes(",") ? tell(layer, feature, "windows", words) : null;
}

function counter({ thing, words, now }: FactsState): TemplateResult {
  const silent = silence(thing, now);
  const latest = newest(thing);
  const count = bicycles(thing);
  const usual = usualBicycles(thing);
  const directions = [1, 2].flatMap((n): Row[] => {
    const name = tell(thing.layer, thing.feature, `direction_${n}`, words);
    const sum = thing.feature.last_24h?.[`bicycles_direction_${n}`];
    return name && typeof sum === "number" && !silent ? [[name, whole(sum, words)]] : [];
  });
  return html`<p>${words.counterSentence(String(thing.feature.properties["name"] ?? ""))}</p>
    ${isStuck(thing) && !silent
      ? html`<p class="warn"><strong>${words.stuckCounter(String(thing.feature.properties["name"] ?? ""), whole(usual ?? 0, words))}</strong></p>`
      : nothing}
    ${silent || count === null
      ? html`<p class="warn"><strong>${noValues(latest?.at ?? null, now, words)}</strong></p>`
      : html`${bars(count, usual, words)}
          ${rows([
            ...directions,
            [words.lastValue, latest && latest.value !== null ? measured(latest.value, latest.unit, words) : null],
          ])}
          <p class="quiet">${latest ? words.age(moment(latest.at, now, words)) : nothing}</p>`}`;
}

/** Today against usual: two bars with their numbers, readable without seeing the bars. */
function bars(count: number, usual: number | null, words: Words): TemplateResult {
  const most = Math.max(count, usual ?? 0, 1);
  const bar = (label: string, value: number, colour: string) =>
    html`<dt>${label}</dt>
      <dd>
        <strong>${whole(value, words)}</strong>
        <svg class=${colour} viewBox="0 0 100 5" preserveAspectRatio="none" height="8" width="100%" aria-hidden="true">
          <rect width=${Math.max(1, (value / most) * 100)} height="5" rx="1" fill="currentColor"></rect>
        </svg>
      </dd>`;
  return html`<dl class="bars">
    ${bar(words.last24h, count, "traffic")} ${usual ? bar(words.usual24h, usual, "quiet") : nothing}
  </dl>`;
}

function air({ thing, words, now }: FactsState): TemplateResult {
  const silent = silence(thing, now);
  const index = airIndex(thing);
  const latest = newest(thing);
  const values = measurements(thing, now, words).filter((_, i) => valuesOf(thing)[i]?.property !== "air_quality_index");
  if (silent || (index === null && values.length === 0)) {
    return html`<p class="warn"><strong>${noValues(latest?.at ?? null, now, words)}</strong></p>`;
  }
  const advice =
    index === null
      ? nothing
      : html`<p><strong><i class="swatch air-${index}"></i>${words.airSentence(words.airClasses[index] as string)}</strong> ${words.airAdvice[index]}</p>`;
  return html`${advice}
    ${rows([...values, [columnTitle(thing.layer, "surroundings", words), choice(thing.layer, thing.feature, "surroundings", words)]])}
    <p class="quiet">${latest ? words.age(moment(latest.at, now, words)) : nothing}</p>`;
}

function columnTitle(layer: Layer, column: string, words: Words): string {
  return layer.columns?.find((each) => each.name === column)?.title[words.language] ?? column;
}

function district({ thing, within, words }: FactsState): TemplateResult {
  const { properties } = thing.feature;
  const area = Number(properties["area_km2"]);
  return html`<p>
      ${words.districtSentence(
        titleOf(thing, words),
        properties["number"] ? String(properties["number"]).replace(/^0+(?=\d)/, "") : null,
        area > 0 ? measured(Math.max(0.01, Math.round(area * 100) / 100), "km2", words) : null,
      )}
    </p>
    <p>${words.districtNow(...within)}</p>`;
}
