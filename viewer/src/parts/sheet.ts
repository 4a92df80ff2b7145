import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { also, over } from "../data/also.js";
import { here } from "../data/here.js";
import { canLieInside } from "../data/kinds.js";
import { contains } from "../data/places.js";
import { nearest } from "../data/things.js";
import type { Gap, Language, Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Story } from "../story.js";
import { dayNumber, longDate, moment } from "../words/dates.js";
import { REGISTERS, TAGS, WORDS } from "../words/index.js";
import type { Spoken } from "../words/index.js";
import { card } from "./card.js";
import { icon } from "./icons.js";
import { info } from "./info.js";
import { layerList } from "./layers.js";
import { thingList, titleOf } from "./list.js";
import { spot } from "./spot.js";
import { trouble } from "./trouble.js";

/** Things of the list at most; around the picture only the nearest. */
const LIST_MOST = 120;
const BEYOND_MOST = 30;
/** On the last days the city is shown hour by hour: to say the day is not enough. */
const HOURLY_DAYS = 3;
const LABELS: Spoken = { de: "DE", en: "EN", ls: "Leichte Sprache" };

/** What is written: the city and its language, what was chosen, the card, the list, the layers. */
export function sheet(story: Story, plain: boolean, close: () => void): TemplateResult {
  const { words, now, chosen, service } = story;
  const { city } = story.holdings;
  const notice = city?.notice?.[words.language];
  return html`
    <div class="head">
      <div class="name">
        <h1>${city?.title[words.language] ?? "Stadtzwilling"}</h1>
        ${notice ? html`<p class="notice">${notice}</p>` : nothing}
      </div>
      ${plain || !city ? nothing : asList(story)}
    </div>
    ${languages(story)}
    ${story.address.datetime
      ? html`<p class="then">${words.asOfThen(dayNumber(service.clock.now) - dayNumber(now) < HOURLY_DAYS ? moment(now, now, words) : longDate(now, words))} <a href=${withoutInstant()} @click=${back(story)}>${words.backToNow}</a></p>`
      : nothing}
    ${trouble(story)}
    ${chosen ? about(story, chosen, close) : nothing} ${spot(story)} ${story.instruments.sun()} ${story.measuring?.render() ?? nothing} ${city ? content(story, plain) : nothing}
  `;
}

/** Always in sight, with its key: the way between the picture and the same as a list. */
function asList(story: Story): TemplateResult {
  const { words, listing } = story;
  return html`<button type="button" class="as-list" aria-keyshortcuts="l" @click=${() => story.toggleList()}>
    ${icon(listing ? "picture" : "list")}${listing ? words.asScene : words.asList}
  </button>`;
}

function languages(story: Story): TemplateResult {
  return html`<div class="languages" role="group" aria-label=${story.words.switchLanguage}>
    ${REGISTERS.map(
      (each) =>
        html`<button type="button" lang=${TAGS[each]} title=${WORDS[each].languageName} aria-pressed=${each === story.register} @click=${() => story.speak(each)}>
          ${LABELS[each]}
        </button>`,
    )}
  </div>`;
}

function content(story: Story, plain: boolean): TemplateResult {
  const { words, now, listing, centre } = story;
  // Nothing came of the layers: neither "nothing here" nor an empty heading would be true.
  if (story.trouble === "no-city") return html``;
  return html`
    ${card({
      here: plain || story.settled ? here(story.inView, now) : null,
      also: also([...new Set([...story.inView, ...over(story.visible(), centre)])], story.layers, now),
      now,
      past: Boolean(story.address.datetime),
      words,
      kinds: new Set(story.layers.map(kind)),
      known: new Set(story.layers.filter((each) => each.revision !== null).map(kind)),
      centre,
      show: (each) => story.follow(each),
      others: () => story.visible(),
      visit: (each) => story.approach(each),
    })}
    ${listing && !plain ? nothing : tools(story)}
    ${listing || plain
      ? thingList({
          ...listed(story, plain),
          heading: story.scene?.view.heading ?? 0,
          place: placeOf(story),
          all: story.focused ? () => story.openList() : null,
          centre,
          placed: story.holdings.city !== null,
          chosen: story.chosen?.key ?? null,
          now,
          words,
          choose: (thing) => story.choose(thing, true),
          asked: (thing) => story.columns.asked(thing),
          tools: plain ? nothing : tools(story),
        })
      : nothing}
    ${layerList({
      layers: story.layers,
      shown: (layer) => story.shown(layer),
      failed: story.holdings.failed,
      past: story.time.asked,
      now,
      words,
      toggle: (layer) => story.toggleLayer(layer),
      service: story.service,
      inquiry: story.counted,
      dye: story.address.colour ?? null,
      paint: (column) => story.paint(column),
      scale: (layer) => story.columns.scale(layer),
    })}
    ${gaps(story)}
  `;
}

function tools({ instruments }: Story): TemplateResult {
  return html`<div class="wide">${instruments.buttons()}</div>
    ${instruments.said()}`;
}

/** The things of the list: those in view before those around it, where there is a view and nobody asked for certain ones. */
function listed(story: Story, plain: boolean): { things: Thing[]; beyond: Thing[] | null } {
  const all = nearest(story.listed, story.centre, LIST_MOST);
  if (plain || !story.scene || story.focused) return { things: all, beyond: null };
  const seen = story.list.seen;
  const keys = new Set(seen.map((each) => each.key));
  return { things: seen, beyond: all.filter((each) => !keys.has(each.key)).slice(0, BEYOND_MOST) };
}

/** Name of the district that one looks at. */
export function placeOf(story: Story): string | null {
  const around = story.holdings.things.find((each) => kind(each.layer) === "district" && contains(each.feature.geometry, story.centre));
  return around ? titleOf(around, story.words) : null;
}

function gaps(story: Story): TemplateResult | typeof nothing {
  const missing = story.holdings.city?.gaps ?? [];
  if (missing.length === 0) return nothing;
  return html`<section>
    <details class="gaps">
      <summary>${story.words.gaps}</summary>
      <ul>
        ${missing.map((each) => html`<li><strong>${gapTitle(each, story.language)}</strong>: ${each.reason[story.language]}</li>`)}
      </ul>
    </details>
  </section>`;
}

/** What people would call a missing layer; an older service knows only its short name. */
export function gapTitle(gap: Gap, language: Language): string {
  const name = gap.name.replaceAll("-", " ");
  return gap.title?.[language] ?? name.charAt(0).toUpperCase() + name.slice(1);
}

function about(story: Story, thing: Thing, close: () => void): TemplateResult {
  const all = story.visible();
  const inside = (name: string) =>
    all.filter((each) => kind(each.layer) === name && contains(thing.feature.geometry, each) && (name !== "roadwork" || each.feature.phase === "running"))
      .length;
  return info({
    thing,
    district: all.find((each) => kind(each.layer) === "district" && contains(each.feature.geometry, thing)) ?? null,
    within: kind(thing.layer) === "district" ? [inside("roadwork"), inside("counter"), inside("air-station")] : [0, 0, 0],
    layers: story.layers.filter(canLieInside),
    now: story.now,
    words: story.words,
    service: story.service,
    inquiry: story.inquiry,
    close,
  });
}

/** Back to today without opening the page anew. */
function back(story: Story): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    story.time.now();
  };
}

/** This page without `datetime`, to come back to today. */
function withoutInstant(): string {
  const url = new URL(location.href);
  url.searchParams.delete("datetime");
  return url.href;
}
