import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { airIndex, bicycles, isStuck, silence } from "../data/here.js";
import { bearing, distance } from "../data/places.js";
import type { Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Words } from "../words/index.js";
import { direction, metres, whole } from "../words/numbers.js";
import { tidy } from "../words/tidy.js";

export interface ListState {
  things: readonly Thing[];
  /** Shows all things again where the list shows only some. */
  all: (() => void) | null;
  centre: { lon: number; lat: number };
  /** With a view there is a middle to measure from. */
  placed: boolean;
  chosen: string | null;
  now: Date;
  words: Words;
  choose: (thing: Thing) => void;
}

const HERE_M = 15;

/** The text twin: what is nearby, the nearest first, each with what it says now. */
export function thingList({ things, all, centre, placed, chosen, now, words, choose }: ListState): TemplateResult {
  return html`<section aria-labelledby="list-title">
    <h2 id="list-title" tabindex="-1">${all ? groupTitle(things, words) : words.listTitle}</h2>
    ${all ? html`<button type="button" class="link" @click=${all}>${words.listAll}</button>` : nothing}
    <p class="quiet">${things.length ? words.listIntro : words.listEmpty}</p>
    <ul class="things">
      ${things.map(
        (thing) =>
          html`<li>
            <button type="button" aria-current=${thing.key === chosen ? "true" : "false"} @click=${() => choose(thing)}>
              <strong class=${thing.layer.theme}>${titleOf(thing, words)}</strong>
              <span>${gist(thing, now, words)}</span>
              <span class="quiet">${placed ? where(thing, centre, words) : ""}</span>
            </button>
          </li>`,
      )}
    </ul>
  </section>`;
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
  return (name && tidy(String(name))) || thing.layer.title[words.language];
}

/** One line: what it is and what it says now. */
export function gist(thing: Thing, now: Date, words: Words): string {
  switch (kind(thing.layer)) {
    case "roadwork": {
      const what = tidy(String(thing.feature.properties["description"] ?? ""));
      const phase = words.phases[thing.feature.phase ?? "running"];
      return `${words.site}, ${phase}${what ? `: ${what.length > 90 ? `${what.slice(0, 88)} …` : what}` : ""}`;
    }
    case "counter": {
      const count = silence(thing, now) || isStuck(thing) ? null : bicycles(thing);
      return count === null ? words.noValues(null) : words.bikes(whole(count, words), 1);
    }
    case "air-station": {
      const index = silence(thing, now) ? null : airIndex(thing);
      return index === null ? words.noValues(null) : words.air(words.airClasses[index] as string);
    }
    case "district":
      return words.district;
    default:
      return thing.layer.title[words.language];
  }
}

function where(thing: Thing, centre: { lon: number; lat: number }, words: Words): string {
  const far = distance(centre, thing);
  return far < HERE_M ? words.atCentre : words.distance(metres(far, words), direction(bearing(centre, thing), words));
}
