import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { newest, usualBicycles } from "../data/here.js";
import type { Here } from "../data/here.js";
import type { Thing } from "../data/types.js";
import { ago, clock, dayNumber, longDate, moment, monday, sinceMoment, weekday } from "../words/dates.js";
import type { Words } from "../words/index.js";
import { whole } from "../words/numbers.js";
import { icon } from "./icons.js";

export interface CardState {
  /** Null while nothing can be counted yet. */
  here: Here | null;
  now: Date;
  past: boolean;
  words: Words;
  /** Kinds of layers that the city has: of others the card does not speak. */
  kinds: ReadonlySet<string>;
  show: (things: readonly Thing[]) => void;
}

/** "Heute hier": one sentence a theme about what one sees, each a way to see it. */
export function card(state: CardState): TemplateResult {
  const { words, now, past, here, kinds } = state;
  if (!["roadwork", "counter", "air-station"].some((each) => kinds.has(each))) return html``;
  return html`<section class="card" aria-labelledby="card-title">
    <h2 id="card-title">${past ? words.hereThen(longDate(now, words)) : words.hereToday}</h2>
    ${here
      ? html`<ul>
          ${kinds.has("roadwork") ? sites(state, here) : nothing} ${kinds.has("counter") ? bikes(state, here) : nothing}
          ${kinds.has("air-station") ? air(state, here) : nothing}
        </ul>`
      : html`<p class="quiet counting">${words.counting}</p>`}
  </section>`;
}

function link(text: string, things: readonly Thing[], { show }: CardState): TemplateResult {
  if (things.length === 0) return html`<strong>${text}</strong>`;
  const act = (event: Event) => {
    event.preventDefault();
    show(things);
  };
  return html`<a href="#list=1" @click=${act}>${text}</a>`;
}

function sites(state: CardState, here: Here): TemplateResult {
  const { now, words } = state;
  const { running, fresh } = here.sites;
  const since = dayNumber(now) === monday(now) ? (words.language === "de" ? "heute" : "today") : (words.weekdays[1] as string);
  return html`<li>
    <span class="construction">${icon("site")}</span>
    <span>
      ${running.length ? link(words.sites(running.length), running, state) : html`<span class="quiet">${words.noSites}</span>`}
      ${fresh.length ? html` (${link(words.sitesNew(fresh.length, since), fresh, state)})` : nothing}
    </span>
  </li>`;
}

function bikes(state: CardState, here: Here): TemplateResult {
  const { now, words } = state;
  const { sum, counting, against, silent, stuck, asOf, any } = here.bikes;
  // Between midnight and noon most of the last 24 hours were yesterday.
  const middle = new Date((asOf ?? now).getTime() - 12 * 3_600_000);
  const lost = silent.filter((each) => each.since !== null);
  return html`<li>
    <span class="traffic">${icon("bike")}</span>
    <span>
      ${sum !== null
        ? html`${link(words.bikes(whole(sum, words), counting.length), counting, state)}${against
            ? html`, ${words.usual[against](words.weekdays[weekday(middle)] as string)}`
            : nothing}
            ${asOf ? html`<span class="quiet">(${ago(asOf, now, words)})</span>` : nothing}`
        : html`<span class="quiet">${any ? words.bikesUnknown : words.noCounters}</span>`}
      ${stuck.map(
        (thing) =>
          html` <span class="warn">${link(words.stuckCounter(nameOf(thing), whole(usualBicycles(thing) ?? 0, words)), [thing], state)}</span>`,
      )}
      ${lost.map(
        ({ thing, since }) =>
          html`<span class="warn">
            ${link(words.silentCounter(nameOf(thing), sinceMoment(since as Date, now, words)), [thing], state)}</span
          >`,
      )}
    </span>
  </li>`;
}

function air(state: CardState, here: Here): TemplateResult {
  const { now, words } = state;
  const { worst, any, silent } = here.air;
  return html`<li>
    <span class="environment">${icon("air")}</span>
    <span>
      ${worst
        ? html`${link(words.air(words.airClasses[worst.index] as string), [worst.thing], state)}
            <span class="quiet">(${words.airAsOf(stand(worst.at, now, words), nameOf(worst.thing))})</span>`
        : html`<span class="quiet">${any ? words.airUnknown : words.noAir}</span>`}
      ${silent
        .filter((each) => each.since !== null)
        .map(
          ({ thing, since }) =>
            html` <span class="warn"
              >${link(words.silentAir(nameOf(thing), sinceMoment(since as Date, now, words)), [thing], state)}</span
            >`,
        )}
    </span>
  </li>`;
}

function nameOf(thing: Thing): string {
  return String(thing.feature.properties["name"] ?? "");
}

function stand(at: Date, now: Date, words: Words): string {
  return dayNumber(at) === dayNumber(now) ? clock(at, words) : moment(at, now, words);
}

/** Age of a station's newest value, in words. */
export function ageOf(thing: Thing, now: Date, words: Words): string | null {
  const latest = newest(thing);
  return latest ? moment(latest.at, now, words) : null;
}
