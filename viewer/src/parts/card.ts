import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import type { Also, Free } from "../data/also.js";
import { isFamiliar, newest, usualBicycles } from "../data/here.js";
import type { Here } from "../data/here.js";
import { bearing, distance } from "../data/places.js";
import { nearest } from "../data/things.js";
import type { Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import { CARD } from "../words/card.js";
import { Then, ago, clock, date, dayNumber, longDate, moment, monday, sinceMoment, weekday } from "../words/dates.js";
import type { Words } from "../words/index.js";
import { direction, metres, whole } from "../words/numbers.js";
import { icon } from "./icons.js";

export interface CardState {
  /** Null while nothing can be counted yet. */
  here: Here | null;
  also: Also;
  now: Date;
  past: boolean;
  words: Words;
  /** Kinds of layers that the city has: of others the card does not speak. */
  kinds: ReadonlySet<string>;
  /** Those of them that something is published of at this time: of others nobody knows what there is. */
  known: ReadonlySet<string>;
  show: (things: readonly Thing[]) => void;
  /** Where one looks. */
  centre: { lon: number; lat: number };
  /** All that the shown layers have, told by layer where there is nothing else to tell. */
  others: () => readonly Thing[];
  /** Fly to things and list them. */
  visit: (things: readonly Thing[]) => void;
}

/** Kinds of layers that the card speaks of. */
const KINDS = ["roadwork", "counter", "air-station", "weather-warning", "parking", "rental-station"];
/** More silent stations than this are named together. */
const FEW = 2;

/** "Heute hier": one sentence a theme about what one sees, each a way to see it. */
export function card(state: CardState): TemplateResult {
  const { words, now, past, here, kinds, known } = state;
  if (!KINDS.some((each) => kinds.has(each))) return html``;
  return html`<section class="card" aria-labelledby="card-title">
    <h2 id="card-title">${past ? words.hereThen(longDate(now, words)) : words.hereToday}</h2>
    ${here
      ? html`<ul>
          ${warnings(state)} ${known.has("roadwork") ? sites(state, here) : nothing} ${known.has("counter") ? bikes(state, here) : nothing}
          ${known.has("air-station") ? air(state, here) : nothing}
          ${places(state)} ${stale(state)}
        </ul>
        ${KINDS.some((each) => known.has(each)) ? nothing : html`<p class="quiet">${past ? CARD[words.register].unknownThen : CARD[words.register].unknown}</p>${others(state)}`}`
      : html`<p class="quiet counting">${words.counting}</p>`}
  </section>`;
}

/** Where none of the usual can be told: what there is, each a way to it, as it may lie far from what one sees. */
function others(state: CardState): TemplateResult | typeof nothing {
  const { words, visit } = state;
  const layers = new Map<string, Thing[]>();
  for (const thing of state.others()) {
    const known = layers.get(thing.layer.id);
    if (known) known.push(thing);
    else layers.set(thing.layer.id, [thing]);
  }
  if (layers.size === 0) return nothing;
  const rows = [...layers.values()].map((things) => {
    const { title } = (things[0] as Thing).layer;
    return html`<li><span></span><span>${link(`${title[words.language]} (${whole(things.length, words)})`, things, { ...state, show: visit })}</span></li>`;
  });
  return html`<p>${CARD[words.register].others}</p><ul>${rows}</ul>`;
}

function link(text: string, things: readonly Thing[], { show }: CardState): TemplateResult {
  if (things.length === 0) return html`<strong>${text}</strong>`;
  const act = (event: Event) => {
    event.preventDefault();
    show(things);
  };
  // Not the fragment alone: it would be taken for a link within the page.
  return html`<a href="?#list=1" @click=${act}>${text}</a>`;
}

/** That there is none in view, and the way to the nearest. */
function none(text: string, of: string, state: CardState): TemplateResult {
  const { centre, others, words } = state;
  const all = others().filter((each) => kind(each.layer) === of && (of === "roadwork" ? each.feature.phase === "running" : isFamiliar(each)));
  const [first] = nearest(all, centre, 1);
  if (!first) return html`<span class="quiet">${text}</span>`;
  const where = words.distance(metres(distance(centre, first), words), direction(bearing(centre, first), words));
  return html`<span class="quiet">${text}${CARD[words.register].near}${link(CARD[words.register].nearest(where), [first], state)}</span>`;
}

function sites(state: CardState, here: Here): TemplateResult {
  const { now, words, also } = state;
  const speech = CARD[words.register];
  const asked = newestOf([...here.sites.running, ...also.soon].map((each) => date(each.layer.last_success)));
  const { running, fresh } = here.sites;
  const since = dayNumber(now) === monday(now) && !(now instanceof Then) ? (words.language === "de" ? "heute" : "today") : (words.weekdays[1] as string);
  return html`<li>
    <span class="construction">${icon("site")}</span>
    <span>
      ${running.length ? link(words.sites(running.length), running, state) : none(words.noSites, "roadwork", state)}${fresh.length
        ? html` (${link(words.sitesNew(fresh.length, since), fresh, state)})`
        : nothing}${also.soon.length
        ? html`, ${link(speech.soon(whole(also.soon.length, words)), also.soon, state)}`
        : nothing}
      ${asked ? html`<span class="quiet">(${ago(asked, now, words)})</span>` : nothing}
    </span>
  </li>`;
}

function bikes(state: CardState, here: Here): TemplateResult {
  const { now, words } = state;
  const { sum, counting, against, silent, stuck, asOf, any } = here.bikes;
  // Between midnight and noon most of the last 24 hours were yesterday.
  const middle = new Date((asOf ?? now).getTime() - 12 * 3_600_000);
  const lost = silent.filter((each) => each.since !== null);
  const never = silent.flatMap((each) => (each.since === null ? [each.thing] : []));
  const speech = CARD[words.register];
  return html`<li>
    <span class="traffic">${icon("bike")}</span>
    <span>
      ${sum !== null
        ? html`${link(words.bikes(whole(sum, words), counting.length), counting, state)}${against
            ? html`, ${words.usual[against](words.weekdays[weekday(middle)] as string)}`
            : nothing}
            ${asOf ? html`<span class="quiet">(${ago(asOf, now, words)})</span>` : nothing}`
        : stuck.length + silent.length > 0
          ? nothing
          : any
            ? html`<span class="quiet">${words.bikesUnknown}</span>`
            : none(words.noCounters, "counter", state)}
      ${stuck.map(
        (thing) =>
          html` <span class="warn">${link(words.stuckCounter(nameOf(thing), whole(usualBicycles(thing) ?? 0, words)), [thing], state)}</span>`,
      )}
      ${lost.length > FEW
        ? html` <span class="warn">${link(speech.manySilent(whole(lost.length, words)), lost.map((each) => each.thing), state)}</span>`
        : lost.map(
            ({ thing, since }) =>
              html` <span class="warn">${link(words.silentCounter(nameOf(thing), sinceMoment(since as Date, now, words)), [thing], state)}</span>`,
          )}
      ${never.length ? html` <span class="quiet">${link(speech.neverHeard(whole(never.length, words)), never, state)}</span>` : nothing}
    </span>
  </li>`;
}

function air(state: CardState, here: Here): TemplateResult {
  const { now, words } = state;
  const { worst, any, silent } = here.air;
  const lost = silent.filter((each) => each.since !== null);
  return html`<li>
    <span class="environment">${icon("air")}</span>
    <span>
      ${worst
        ? html`${link(words.air(words.airClasses[worst.index] as string), [worst.thing], state)}
            <span class="quiet">(${words.airAsOf(stand(worst.at, now, words), nameOf(worst.thing))})</span>`
        : lost.length > 0
          ? nothing
          : any
            ? html`<span class="quiet">${words.airUnknown}</span>`
            : none(words.noAir, "air-station", state)}
      ${lost.length > FEW
        ? html` <span class="warn">${link(CARD[words.register].manySilentAir(whole(lost.length, words)), lost.map((each) => each.thing), state)}</span>`
        : lost.map(
            ({ thing, since }) =>
              html` <span class="warn">${link(words.silentAir(nameOf(thing), sinceMoment(since as Date, now, words)), [thing], state)}</span>`,
          )}
    </span>
  </li>`;
}

/** Official warnings come first: they may concern life. */
function warnings(state: CardState): TemplateResult | typeof nothing {
  const { also, words } = state;
  const [first] = also.warnings;
  if (!first) return nothing;
  const asked = newestOf(also.warnings.map((each) => date(each.layer.last_success)));
  const title = String(first.feature.properties["title"] ?? first.layer.title[words.language]);
  return html`<li>
    <span class="warn">${icon("warning")}</span>
    <span>
      ${link(CARD[words.register].warnings(also.warnings.length, title), also.warnings, state)}
      ${asked ? html`<span class="quiet">(${ago(asked, state.now, words)})</span>` : nothing}
    </span>
  </li>`;
}

/** What is free: places to park, vehicles to rent. */
function places(state: CardState): TemplateResult {
  const { also, words } = state;
  const speech = CARD[words.register];
  const row = ({ things, asOf }: Free, name: string, text: string) => html`<li>
    <span class="traffic">${icon(name)}</span>
    <span>${link(text, things, state)} <span class="quiet">(${ago(asOf, state.now, words)})</span></span>
  </li>`;
  const told = ({ sum, things }: Free) => [whole(sum, words), whole(things.length, words)] as const;
  return html`${also.parking
    ? row(also.parking, "parking", also.parking.sum > 0 ? speech.parking(...told(also.parking)) : speech.full(told(also.parking)[1]))
    : nothing}
  ${also.rental ? row(also.rental, "bike", speech.rental(...told(also.rental))) : nothing}`;
}

/** Sources that have fallen silent are named: what one reads above may be old. */
function stale({ also, now, words }: CardState): TemplateResult {
  return html`${also.stale.map((layer) => {
    const last = date(layer.last_success);
    return html`<li>
      <span class="warn">${icon(layer.state)}</span>
      <span class="warn">${CARD[words.register].stale(layer.title[words.language], last ? sinceMoment(last, now, words) : null)}</span>
    </li>`;
  })}`;
}

function newestOf(dates: readonly (Date | null)[]): Date | null {
  const known = dates.filter((each): each is Date => each !== null).map(Number);
  return known.length ? new Date(Math.max(...known)) : null;
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
