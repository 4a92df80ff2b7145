import type { Upright } from "./clear.js";
import type { Name } from "./names.js";

/** A box on the screen, upright or turned, radians. */
export interface Box extends Upright {
  turn: number;
}

const MOST = 12;
/** From further off than this streets are too thin to bear a name. */
const FURTHEST_M = 1_700;
const LETTER_PX = 7;
const HIGH_PX = 9;
/** Clear space around a name. */
const AROUND_PX = 6;
/** A name of wide letters is so much longer than others of as many. */
const WIDEST = 1.2;
/** Of its street a name takes at most this part. */
const PART = 0.9;

/** Where a place, metres, is in the picture, CSS pixels; null behind the eye. */
export type Project = (x: number, y: number, z: number) => { x: number; y: number } | null;

/** Names of streets along their streets: never upside down, never on each other or on a mark; long streets first. */
export class Lettering {
  readonly #shown = new Map<string, HTMLElement>();

  constructor(private readonly host: HTMLElement) {}

  place(names: readonly Name[], range: number, project: Project, taken: readonly Box[], frees: (box: Upright) => boolean): void {
    const boxes = [...taken];
    const wanted = new Map<string, Box>();
    for (const name of range < FURTHEST_M ? names : []) {
      if (wanted.size >= MOST) break;
      const box = this.#box(name, project);
      if (!box || !frees(around(box)) || boxes.some((each) => overlap(each, box))) continue;
      boxes.push(box);
      wanted.set(name.text, box);
    }
    for (const [text, element] of this.#shown) {
      if (wanted.has(text)) continue;
      element.remove();
      this.#shown.delete(text);
    }
    for (const [text, box] of wanted) this.#write(text, box);
  }

  dispose(): void {
    for (const each of this.#shown.values()) each.remove();
    this.#shown.clear();
  }

  /** Where a name would stand; null where its street is too short for it, or not in the picture. */
  #box({ x, y, z, alongX, alongZ, length, text }: Name, project: Project): Box | null {
    const half = Math.min(length / 2, 60);
    const middle = project(x, y, z);
    const from = project(x - alongX * half, y, z - alongZ * half);
    const to = project(x + alongX * half, y, z + alongZ * half);
    if (!middle || !from || !to) return null;
    const wide = (text.length * LETTER_PX) / 2;
    const seen = Math.hypot(to.x - from.x, to.y - from.y) * (length / (2 * half));
    if (seen * PART < wide * 2) return null;
    return { ...middle, wide, high: HIGH_PX, turn: upright(Math.atan2(to.y - from.y, to.x - from.x)) };
  }

  #write(text: string, { x, y, turn }: Box): void {
    let element = this.#shown.get(text);
    if (!element) {
      element = document.createElement("span");
      element.className = "street";
      element.textContent = text;
      this.host.append(element);
      this.#shown.set(text, element);
    }
    element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%) rotate(${turn.toFixed(3)}rad)`;
  }
}

/** The upright box around a turned one, with some clear space. */
function around({ x, y, wide, high, turn }: Box): Upright {
  const [along, across, widest] = [Math.abs(Math.cos(turn)), Math.abs(Math.sin(turn)), wide * WIDEST];
  return { x, y, wide: widest * along + high * across + AROUND_PX, high: widest * across + high * along + AROUND_PX };
}

/** The same direction, read from left to right. */
export function upright(turn: number): number {
  if (turn > Math.PI / 2) return turn - Math.PI;
  return turn <= -Math.PI / 2 ? turn + Math.PI : turn;
}

/** Whether two boxes lie on each other, with some clear space; a turned box is a row of discs. */
export function overlap(a: Box, b: Box): boolean {
  const discs = (box: Box) => {
    const count = Math.max(1, Math.ceil(box.wide / box.high));
    return Array.from({ length: count }, (_, i) => {
      const t = count === 1 ? 0 : (i / (count - 1)) * 2 - 1;
      const along = t * Math.max(0, box.wide - box.high);
      return { x: box.x + Math.cos(box.turn) * along, y: box.y + Math.sin(box.turn) * along, r: box.high };
    });
  };
  const far = Math.hypot(a.x - b.x, a.y - b.y);
  if (far > a.wide + b.wide + a.high + b.high + AROUND_PX) return false;
  const others = discs(b);
  return discs(a).some((one) => others.some((two) => Math.hypot(one.x - two.x, one.y - two.y) < one.r + two.r + AROUND_PX));
}
