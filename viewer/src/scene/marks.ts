import type { Upright } from "./clear.js";
import type { Box } from "./lettering.js";
import type { Phase, Theme, Thing } from "../data/types.js";
import type { Point } from "../picture.js";

/** What a mark shows: words come from outside, so that the scene needs no language. */
export interface Label {
  /** `site`, `counter`, `air`, `station`, `place`, `district`: also the CSS class. */
  kind: string;
  theme?: Theme | undefined;
  phase?: Phase | undefined;
  /** Inner content: our own icons and texts, never a source's markup. */
  icon: string | null;
  text: string;
  hint: string;
  /** Lines that stand over it while it is chosen. */
  banner?: readonly string[];
  /** Class of a swatch before the text, or null. */
  swatch: string | null;
  /** What more stands under the words while one is near. */
  detail?: Detail | null;
}

/** A picture under the words of a sign. */
export interface Detail {
  /** The same in words: a sign stays as it is while it says the same. */
  says: string;
  /** Pixels of the whole sign, where letters have their usual size. */
  wide: number;
  high: number;
  make: () => Element;
}

export interface Standing {
  thing: Thing;
  place: Point;
  label: Label;
}

interface Spot {
  x: number;
  y: number;
  /** What its mark covers. */
  box: Box;
  members: Standing[];
}

const NEAR_PX = 38;
const MOST = 60;
/** Words stand this far above their thing, and are this high. */
const LIFT_PX = 16;
const HIGH_PX = 28;
/** Half the width of a site; words are as wide as their letters, with an icon before them and space around them. */
const SITE_PX = 18;
const LETTER_PX = 7.5;
const ICON_PX = 24;
const AROUND_PX = 22;
/** Letters have this size where nobody asked for larger ones. */
const USUAL_PX = 16;
const RANK: Record<string, number> = { air: 0, counter: 1, site: 2, station: 2.5, place: 3, district: 4 };
/** Ranks below this are those of what the city's story is about. */
const STORY = 2.5;
/** Sites merged into one mark look like the most urgent of them. */
const URGENCY: Record<Phase, number> = { running: 0, coming: 1, done: 2 };

/** Marks over the scene, in HTML: few, merged where they would collide, sharp at any zoom. */
export class Marks {
  #standing: Standing[] = [];
  readonly #buttons = new Map<string, HTMLButtonElement>();
  readonly #things = new Map<HTMLButtonElement, Thing[]>();
  #renewed = false;
  /** How much larger than usual letters are. */
  #scale = 1;
  chosen: string | null = null;
  /** What the marks cover of the picture. */
  boxes: readonly Box[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly count: (sites: number) => string,
    private readonly onPick: (things: Thing[]) => void,
    private readonly iconOf: (name: string) => SVGElement,
  ) {
    host.addEventListener("click", this.#onClick);
  }

  set(standing: readonly Standing[]): void {
    this.#standing = inTurns(standing);
    this.#renewed = true;
    this.#scale = parseFloat(getComputedStyle(this.host).fontSize) / USUAL_PX || 1;
  }

  dispose(): void {
    this.host.removeEventListener("click", this.#onClick);
    this.host.replaceChildren();
  }

  /** The reach of a mark is wider than its words; where two reach, the one whose words were hit is meant. */
  readonly #onClick = (event: MouseEvent): void => {
    const hit = [...this.#things.keys()].findLast((each) => !each.hidden && covers(each.firstElementChild, event));
    const button = hit ?? (event.target as Element).closest<HTMLButtonElement>("button");
    const things = button && this.#things.get(button);
    if (things) this.onPick(things);
  };

  /** Put all marks where they are seen now, looking into `heading`; `project` gives device coordinates, beyond 1 in z what is not seen. */
  place(project: (place: Point) => Point, width: number, height: number, frees: (box: Upright) => boolean, heading = 0): void {
    const spots: Spot[] = [];
    for (const standing of this.#standing) {
      const point = project(standing.place);
      const x = ((point.x + 1) / 2) * width;
      const y = ((1 - point.y) / 2) * height;
      const own = point.z > 1 ? undefined : fitting(standing).map((each) => ({ x, y, box: this.#boxOf(each.label, x, y), members: [each] })).find(({ box }) => frees(box));
      if (!own) continue;
      const close = spots.find((spot) => collide(spot, own) || isNamed(spot, own));
      if (!close) spots.push(own);
      else if (isSite(own) && isSite(close)) close.members.push(standing);
      // What would cover something more important is left out; it is in the list all the same.
      if (spots.length >= MOST) break;
    }
    this.boxes = spots.map(({ box }) => box);
    const shown = new Set<string>();
    for (const spot of spots) this.#draw(spot, shown);
    for (const [key, button] of this.#buttons) {
      // Said again, even the same makes the browser work out the style of the button anew.
      if (button.hidden === shown.has(key)) button.hidden = !button.hidden;
      if (!button.hidden || !this.#renewed) continue;
      button.remove();
      this.#buttons.delete(key);
      this.#things.delete(button);
    }
    this.#renewed = false;
    this.#turn(`${Math.round(heading)}deg`);
  }

  /** Arrows in signs point along the ground. Each is told, as what the host is told is worked out for all marks. */
  #turn(heading: string): void {
    for (const { style } of this.host.querySelectorAll<HTMLElement>(".way")) {
      if (style.getPropertyValue("--heading") !== heading) style.setProperty("--heading", heading);
    }
  }

  #boxOf(label: Label, x: number, y: number): Box {
    const scale = this.#scale;
    return { x, y: y - liftOf(label) * scale, wide: halfOf(label) * scale, high: (highOf(label) / 2) * scale, turn: 0 };
  }

  #draw(spot: Spot, shown: Set<string>): void {
    const first = spot.members[0] as Standing;
    const { phase, text, hint, swatch, detail } = first.label;
    // A mark stays the same button as long as it says the same, so that no click falls between two.
    const key = [first.thing.key, spot.members.length, phase, text, hint, swatch, detail?.says].join("|");
    shown.add(key);
    let button = this.#buttons.get(key);
    if (!button) {
      button = this.#make(spot.members);
      this.#buttons.set(key, button);
      this.host.append(button);
    }
    this.#things.set(button, spot.members.map((each) => each.thing));
    const lift = first.label.kind === "site" || first.label.kind === "district" ? "-50%" : detail ? "-100%" : "-110%";
    button.style.transform = `translate(${spot.x.toFixed(1)}px, ${spot.y.toFixed(1)}px) translate(-50%, ${lift})`;
    const chosen = spot.members.find((each) => each.thing.key === this.chosen);
    button.classList.toggle("chosen", chosen !== undefined);
    hang(button, chosen?.label.banner ?? []);
  }

  #make(members: Standing[]): HTMLButtonElement {
    const { label } = members[0] as Standing;
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.className = `mark ${label.kind} ${label.theme ?? ""} ${label.phase ?? ""}`;
    const span = document.createElement("span");
    if (members.length > 1) {
      span.textContent = String(members.length);
      button.title = this.count(members.length);
    } else {
      if (label.swatch) {
        const swatch = document.createElement("i");
        swatch.className = `swatch ${label.swatch}`;
        span.append(swatch);
      }
      if (label.icon) span.append(this.iconOf(label.icon));
      if (label.text) span.append(label.text);
      button.title = [label.hint, label.detail?.says].filter(Boolean).join("\n");
    }
    button.append(label.detail ? under(span, label.detail) : span);
    return button;
  }
}

/** The words of a sign with what stands under them, as one. */
function under(words: HTMLElement, detail: Detail): HTMLElement {
  const sign = document.createElement("span");
  sign.className = "near";
  sign.append(words, detail.make());
  return sign;
}

/** Hang a banner over a mark, or take it away. */
function hang(button: HTMLButtonElement, lines: readonly string[]): void {
  const old = button.querySelector(".banner");
  if ((old?.textContent ?? "") === lines.join("")) return;
  old?.remove();
  if (lines.length === 0) return;
  const banner = document.createElement("b");
  banner.className = "banner";
  for (const line of lines) {
    const row = document.createElement("i");
    row.textContent = line;
    banner.append(row);
  }
  button.append(banner);
}

/** A sign as it is, and without what stands under its words, where there is no room for that. */
function fitting(standing: Standing): Standing[] {
  const { detail, ...label } = standing.label;
  return detail ? [standing, { ...standing, label }] : [standing];
}

/** Half the width of a mark, where letters have their usual size. */
function halfOf({ kind, detail, text, icon, swatch }: Label): number {
  if (kind === "site") return SITE_PX;
  const words = text.length * LETTER_PX + (icon || swatch ? ICON_PX : 0) + AROUND_PX;
  return Math.max(words, detail?.wide ?? 0) / 2;
}

function highOf({ detail }: Label): number {
  return detail?.high ?? HIGH_PX;
}

/** How far above its place the middle of a mark is. */
function liftOf({ kind, detail }: Label): number {
  if (detail) return detail.high / 2;
  return kind === "counter" || kind === "air" || kind === "station" ? LIFT_PX : 0;
}

function rank({ kind, phase }: Label): number {
  return (RANK[kind] ?? 9) + (phase ? URGENCY[phase] / 10 : 0);
}

/** The more important first; what the city's story is about by turns of its layers, so that none takes all the room. */
export function inTurns(standing: readonly Standing[]): Standing[] {
  const turns = new Map<string, number>();
  const ranked = [...standing].sort((a, b) => rank(a.label) - rank(b.label)).map((each) => {
    const { id } = each.thing.layer;
    const place = rank(each.label);
    const turn = turns.get(id) ?? 0;
    turns.set(id, turn + 1);
    return { each, order: place < STORY ? turn : Infinity };
  });
  // Sorting keeps the order of equals.
  return ranked.sort((a, b) => (a.order === b.order ? 0 : a.order - b.order)).map(({ each }) => each);
}

/** Whether a district of several parts has its name already. */
const isNamed = ({ members: [a] }: Spot, { members: [b] }: Spot) => a?.label.kind === "district" && b?.label.kind === "district" && a.label.text === b.label.text;

const isSite = ({ members }: Spot) => members[0]?.label.kind === "site";

/** Whether a mark would lie on another: sites merge early, words only keep clear of each other. */
function collide(a: Spot, b: Spot): boolean {
  if (isSite(a) && isSite(b)) return Math.abs(a.x - b.x) < NEAR_PX && Math.abs(a.y - b.y) < NEAR_PX;
  return Math.abs(a.box.x - b.box.x) < a.box.wide + b.box.wide && Math.abs(a.box.y - b.box.y) < a.box.high + b.box.high;
}

function covers(words: Element | null, { clientX: x, clientY: y }: MouseEvent): boolean {
  const box = words?.getBoundingClientRect();
  return box !== undefined && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}
