import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { airIndex, bicycles, isFamiliar, isStuck, newest, silence } from "../data/here.js";
import { formOf } from "../data/kinds.js";
import { bearing, distance } from "../data/places.js";
import type { Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import { leading } from "../data/values.js";
import { tell, told } from "../words/columns.js";
import { Then, date, lastDay, moment, yearlessDate } from "../words/dates.js";
import type { Words } from "../words/index.js";
import { LIST, TOWARDS } from "../words/list.js";
import { direction, measured, metres, whole } from "../words/numbers.js";
import { sortInWords } from "../words/sorts.js";
import { TIME } from "../words/time.js";
import { tidy } from "../words/tidy.js";
import { badge } from "./layers.js";

export interface ListState {
  /** What one sees, the nearest first; all things where there is no picture, or where a word of the card named them. */
  things: readonly Thing[];
  /** What lies around the picture; null where there is none to lie around. */
  beyond: readonly Thing[] | null;
  /** Degrees clockwise from north that one looks in, and the district that one looks at. */
  heading: number;
  place: string | null;
  /** Shows all things again where the list shows only some. */
  all: (() => void) | null;
  centre: { lon: number; lat: number };
  /** With a view there is a middle to measure from. */
  placed: boolean;
  chosen: string | null;
  now: Date;
  words: Words;
  choose: (thing: Thing) => void;
  /** The property that the visitor wants to see of a thing; null where the usual one is meant. */
  asked: (thing: Thing) => string | null;
  /** What stands below the list: above it, it would lie half below the head that stays, and before the first thing by Tab. */
  tools: TemplateResult | typeof nothing;
}

const HERE_M = 15;

/** The text twin: what is nearby, the nearest first, each with what it says now. */
export function thingList(state: ListState): TemplateResult {
  const { things, beyond, all, words, tools } = state;
  const own = LIST[words.register];
  return html`<section class="list" aria-labelledby="list-title">
    <h2 id="list-title" tabindex="-1">${all ? groupTitle(things, words) : words.listTitle}</h2>
    ${all ? html`<button type="button" class="link" @click=${all}>${words.listAll}</button>` : nothing}
    ${beyond
      ? html`<p class="quiet">${own.looking(TOWARDS[words.register][eighth(state.heading)] ?? "", state.place)} ${words.listIntro} <span class="keys">${own.help}</span></p>
          <h3 id="list-seen">${own.seen(whole(things.length, words))}</h3>
          ${things.length ? rows(things, state, "list-seen") : html`<p class="quiet">${own.nothingSeen}</p>`}
          ${beyond.length ? html`<h3 id="list-beyond">${own.beyond}</h3>${rows(beyond, state, "list-beyond")}` : nothing}`
      : html`<p class="quiet">${things.length ? words.listIntro : words.listEmpty}</p>
          ${things.length ? rows(things, state, "list-title") : nothing}`}
    ${tools}
  </section>`;
}

function rows(things: readonly Thing[], { centre, placed, chosen, now, words, choose, asked }: ListState, title: string): TemplateResult {
  return html`<ul class="things" role="list" aria-labelledby=${title}>
    ${repeat(
      things, // what comes later moves the rows: each stays the row of its thing, also under a finger
      (thing) => thing.key,
      (thing) =>
        html`<li>
          <button type="button" data-key=${thing.key} aria-current=${thing.key === chosen ? "true" : "false"} @click=${() => choose(thing)}>
            <strong class=${thing.layer.theme}>${titleOf(thing, words)}</strong>
            <span>${gist(thing, now, words, asked(thing))}</span>
            <span class="quiet">${placed ? where(thing, centre, words) : ""}${thing.layer.state === "fresh" ? nothing : html` ${badge(thing.layer, { now, words })}`}</span>
          </button>
        </li>`,
    )}
  </ul>`;
}

/** What is said of the view when it rests: how much is in it, and what is nearest to its middle. */
export function heard(things: readonly Thing[], centre: { lon: number; lat: number }, words: Words): string {
  const [first] = things;
  return LIST[words.register].heard(things.length, first ? `${titleOf(first, words)}, ${where(first, centre, words)}` : null);
}

/** An eighth of the circle, clockwise from north. */
export function eighth(heading: number): number {
  return ((Math.round(heading / 45) % 8) + 8) % 8;
}

/** What the things of a list are called together, and how many they are. */
function groupTitle(things: readonly Thing[], words: Words): string {
  const titles = [...new Set(things.map((each) => each.layer.title[words.language]))];
  return `${titles.join(", ")} (${whole(things.length, words)})`;
}

/** Name of a thing, as people would call it. */
export function titleOf(thing: Thing, words: Words): string {
  const { properties } = thing.feature;
  const name = properties["name"] ?? properties["title"];
  const text = name && tidy(String(name));
  if (text) return named(thing, text, words);
  const title = thing.layer.title[words.language];
  const sort = formOf(thing.layer) === "ground" ? null : firstChoice(thing, words);
  return sort ? `${title}: ${sort}` : title;
}

/** A name whose column has a title of its own is none without it: "Linie 109". */
function named({ layer, feature }: Thing, text: string, words: Words): string {
  const column = layer.columns?.find((each) => each.name === "name");
  const own = feature.properties["name"] && column && !/^name$/i.test(column.title.en);
  return own ? `${column.title[words.language]} ${text}` : text;
}

/** What a thing is by the first choice of its schema that it makes. */
function firstChoice({ layer, feature }: Thing, words: Words): string | null {
  for (const column of layer.columns ?? []) {
    const text = column.choices?.length ? told(column, feature.properties[column.name], words) : null;
    if (text) return text;
  }
  return null;
}

/** What people call a site: a construction site, unless it says that it is something else. */
export function sortOf({ layer, feature }: Thing, words: Words): string {
  return tell(layer, feature, "kind", words) ?? words.site;
}

/** That a station says nothing: now, or at the instant that is shown, and since when. */
export function noValues(last: Date | null, now: Date, words: Words): string {
  const said = last && moment(last, now, words);
  return now instanceof Then ? TIME[words.register].noneThen(said) : words.noValues(said);
}

/** One line: what it is and what it says now; of a certain property if that was asked for. */
export function gist(thing: Thing, now: Date, words: Words, property: string | null = null): string {
  if (property) return value(thing, now, words, property);
  switch (kind(thing.layer)) {
    case "roadwork": {
      const what = tidy(String(thing.feature.properties["description"] ?? ""));
      return `${sortOf(thing, words)}, ${phaseOf(thing, now, words)}${what ? `: ${what.length > 90 ? `${what.slice(0, 88)} …` : what}` : ""}`;
    }
    case "counter": {
      if (!isFamiliar(thing)) return value(thing, now, words);
      const count = silence(thing, now) || isStuck(thing) ? null : bicycles(thing);
      return count === null ? noValues(null, now, words) : words.bikes(whole(count, words), 1);
    }
    case "air-station": {
      const index = silence(thing, now) ? null : airIndex(thing);
      return index === null ? noValues(null, now, words) : words.air(words.airClasses[index] as string);
    }
    case "district":
      return words.district;
    default:
      return value(thing, now, words);
  }
}

/** That a site is to come, runs or is over; with its first day, or its last one, where it says so. */
function phaseOf({ feature: { properties, phase = "running" } }: Thing, now: Date, words: Words): string {
  const end = phase === "running" ? date(properties["valid_to"]) : null;
  const day = end ? lastDay(end) : phase === "coming" ? date(properties["valid_from"]) : null;
  return day && phase !== "done" ? LIST[words.register].dated[phase](yearlessDate(day, now, words)) : words.phases[phase];
}

/** What a thing of any kind says: its first value with its time, else what it is. */
function value(thing: Thing, now: Date, words: Words, property: string | null = null): string {
  const title = sortInWords(thing.layer, words);
  const first = leading(thing, now, property);
  if (first) return `${first.title[words.language]}: ${measured(first.value, first.unit, words)} (${moment(first.at, now, words)})`;
  const last = newest(thing, property ?? undefined);
  if (property && !last) return `${title}. ${noValues(null, now, words)}`;
  if (last) return `${title}. ${noValues(last.at, now, words)}`;
  const sort = firstChoice(thing, words);
  if (sort && !titleOf(thing, words).endsWith(sort)) return `${title}: ${sort}`;
  const size = firstSize(thing, words);
  return size ? `${title}, ${size}` : title;
}

/** The first of a thing's columns that has a unit, with its title. */
function firstSize({ layer, feature }: Thing, words: Words): string | null {
  for (const column of layer.columns ?? []) {
    const text = column.unit ? told(column, feature.properties[column.name], words) : null;
    if (text) return `${column.title[words.language]}: ${text}`;
  }
  return null;
}

/** How far off a thing is, and in which direction. */
export function where(thing: Thing, centre: { lon: number; lat: number }, words: Words): string {
  const far = distance(centre, thing);
  return far < HERE_M ? words.atCentre : words.distance(metres(far, words), direction(bearing(centre, thing), words));
}
