import type { TemplateResult } from "lit";
import { html, nothing, render } from "lit";
import { nearest } from "../data/things.js";
import type { Layer } from "../data/types.js";
import { kind } from "../data/types.js";
import { roomOf } from "../room.js";
import type { Story } from "../story.js";
import { paper as styles } from "../styles/paper.js";
import { scaled } from "../styles/scaled.js";
import { clock, date, longDate, moment, weekday } from "../words/dates.js";
import { LIST, TOWARDS } from "../words/list.js";
import { whole } from "../words/numbers.js";
import { PAPER } from "../words/paper.js";
import { legend } from "./legend.js";
import { eighth, gist, titleOf, where } from "./list.js";
import { placeOf } from "./sheet.js";

/** CSS pixels: what fits on A4 and on Letter, upright, and leaves room for words. */
const WIDE_PX = 640;
const HIGH_PX = 520;
/** Things on the sheet at most. */
const MOST = 40;
const sheet = scaled(styles).styleSheet;

/** Lay a sheet of paper over an element while its page is printed: what is shown now, in a picture and in words. */
export function lay(host: Element & { renderRoot: ParentNode }, story: Story): void {
  const root = host.renderRoot;
  if (!sheet || !(root instanceof ShadowRoot) || !story.holdings.city) return;
  const laid = document.createElement("div");
  laid.className = "paper";
  // The page of another is about something else: of us it gets the picture and what belongs to it.
  render(written(story, shot(host, root, story), copied(root, ".info"), host.hasAttribute("page") ? copied(root, ".card") : null), laid);
  const before = root.adoptedStyleSheets;
  root.adoptedStyleSheets = [...before, sheet];
  root.append(laid);
  const away = () => {
    laid.remove();
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((each) => each !== sheet);
  };
  window.addEventListener("afterprint", away, { once: true });
}

function written(story: Story, picture: Element | null, info: Element | null, card: Element | null): TemplateResult {
  const { words, register, now, language } = story;
  const { city } = story.holdings;
  const own = PAPER[register];
  const notice = city?.notice?.[language];
  return html`<h1>${city?.title[language]}</h1>
    ${notice ? html`<p class="notice">${notice}</p>` : nothing}
    <p>
      <strong>${own.asOf(`${words.weekdays[weekday(now)] as string}, ${longDate(now, words)}`, clock(now, words))}</strong>
      ${story.scene ? LIST[register].looking(TOWARDS[register][eighth(story.scene.view.heading)] ?? "", placeOf(story)) : nothing}
    </p>
    ${picture} ${info} ${card} ${signs(story)} ${card ? list(story) : nothing} ${origins(story)}
    <section>
      <h2>${own.address}</h2>
      <p>${story.bar.link}</p>
    </section>`;
}

/** The picture as it is now, without what covers it, and what is written in it; null where there is none. */
function shot(host: Element, root: ParentNode, story: Story): Element | null {
  const canvas = root.querySelector<HTMLCanvasElement>(".scene canvas");
  if (!canvas || !story.scene || story.loading) return null;
  const { width, height, left, bottom } = roomOf(host, root);
  const [wide, high] = [width - left, height - bottom];
  if (wide < 1 || high < 1) return null;
  const size = Math.min(WIDE_PX / wide, HIGH_PX / high);
  const fine = canvas.width / width;
  const copy = document.createElement("canvas");
  copy.width = Math.round(wide * fine);
  copy.height = Math.round(high * fine);
  story.scene.redraw?.(); // what WebGL has shown it forgets: only what was drawn just now can be copied
  copy.getContext("2d")?.drawImage(canvas, left * fine, 0, copy.width, copy.height, 0, 0, copy.width, copy.height);
  const frame = made("shot", wide * size, high * size);
  const lens = made("lens", width, height);
  lens.style.transform = `scale(${size}) translate(${-left}px, 0)`;
  const marks = root.querySelector(".marks");
  if (marks) lens.append(marks.cloneNode(true));
  frame.append(copy, lens);
  return frame;
}

function made(name: string, wide: number, high: number): HTMLElement {
  const element = document.createElement("div");
  element.className = name;
  element.style.width = `${wide}px`;
  element.style.height = `${high}px`;
  return element;
}

/** A part of the page as it stands, without what is pressed. */
function copied(root: ParentNode, found: string): Element | null {
  const copy = root.querySelector(found)?.cloneNode(true) as Element | undefined;
  copy?.querySelectorAll("button, details:not([open]), input, select").forEach((each) => each.remove());
  return copy ?? null;
}

/** What the colours and signs of each layer mean; those of sites are the same for all layers. */
function signs(story: Story): TemplateResult | typeof nothing {
  const { words } = story;
  const shown = layersOf(story);
  const rows = shown.flatMap((layer) => {
    const sites = kind(layer) === "roadwork";
    if (sites && shown.find((each) => kind(each) === "roadwork") !== layer) return [];
    const scale = story.columns.scale(layer);
    const told = scale ?? legend(layer, words);
    return told === nothing ? [] : [html`<div class="kind"><h3>${layer.title[words.language]}</h3>${told}</div>`];
  });
  return rows.length ? html`<section><h2>${PAPER[words.register].signs}</h2><div class="kinds">${rows}</div></section>` : nothing;
}

/** What is in the picture, the nearest first; all things where there is none. */
function list(story: Story): TemplateResult {
  const { words, now, centre, register } = story;
  const all = story.scene ? story.inView : story.listed;
  const things = nearest(all, centre, MOST);
  const own = LIST[register];
  return html`<section>
    <h2>${own.seen(whole(all.length, words))}</h2>
    ${all.length > MOST ? html`<p class="quiet">${PAPER[register].first(MOST)}</p>` : nothing}
    ${things.length
      ? html`<ol>${things.map((each) => html`<li><strong>${titleOf(each, words)}</strong> – ${gist(each, now, words, story.columns.asked(each))} <span class="quiet">${where(each, centre, words)}</span></li>`)}</ol>`
      : html`<p>${own.nothingSeen}</p>`}
  </section>`;
}

/** Where all of it comes from, under which licence, with its address, and how old it is; what is the same of several layers once. */
function origins(story: Story): TemplateResult {
  const { words, now, language, register } = story;
  const sources = new Map<string, string[]>();
  for (const layer of layersOf(story)) {
    const source = PAPER[register].source(layer.attribution ?? layer.publisher ?? words.nothingKnown, licensed(layer, story));
    const stand = date(layer.last_value_at) ?? (story.time.asked && layer.properties?.length ? null : date(layer.holds_from));
    const title = `${layer.title[language]}${stand ? ` (${words.age(moment(stand, now, words))})` : ""}`;
    sources.set(source, [...(sources.get(source) ?? []), title]);
  }
  return html`<section>
    <h2>${words.sources}</h2>
    <ol>
      ${[...sources].map(([source, titles]) => html`<li><strong>${source}</strong><br />${titles.join(" · ")}</li>`)}
    </ol>
  </section>`;
}

function licensed({ licence }: Layer, { words, language }: Story): string {
  if (!licence) return words.nothingKnown;
  const name = (typeof licence.title === "string" ? licence.title : licence.title?.[language]) || licence.id;
  return licence.url ? `${name} (${licence.url})` : name;
}

const layersOf = (story: Story): Layer[] => story.layers.filter((each) => each.revision !== null && story.shown(each));
