const ABOVE_TITLE_PX = 8;

/** Whether letters typed here are meant for a field. */
export function isWriting(target: EventTarget | undefined): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=range])");
}

/** Parts of the sheet that can be brought before the reader, and their titles. */
export type Part = keyof typeof TITLES;
const TITLES = { chosen: "#info-title", list: "#list-title", spot: "#spot-title", measure: "#measure-title" };

/** Bring a part of the sheet on top of it, with the focus on its title. */
export function bring(root: ParentNode, what: Part): void {
  const sheet = root.querySelector(".sheet");
  const title = root.querySelector<HTMLElement>(TITLES[what]);
  if (!sheet || !title) return;
  // With large letters all scrolls, and not the sheet alone.
  const still = getComputedStyle(sheet).overflowY === "visible";
  const scroller = (still && root.querySelector(".whole")) || sheet;
  const down = title.getBoundingClientRect().top - scroller.getBoundingClientRect().top - covered(sheet) - ABOVE_TITLE_PX;
  scroller.scrollTo({ top: what === "chosen" && !still ? 0 : scroller.scrollTop + down });
  title.focus({ preventScroll: true });
}

/** Pixels at the top of the sheet that stay where they are while the rest moves below them. */
function covered(sheet: Element): number {
  const staying = [...sheet.querySelectorAll(".grip, .head")].filter((each) => getComputedStyle(each).position === "sticky");
  // The head lies upon the lower end of the grip.
  return Math.max(0, ...staying.map((each) => parseFloat(getComputedStyle(each).top) + each.getBoundingClientRect().height));
}

/** Where the focus goes when the panel about a thing closes: to the thing's row in the list, else to the scene. */
export function origin(root: ParentNode, key: string | undefined): HTMLElement | null {
  const row = key ? root.querySelector<HTMLElement>(`.things button[data-key="${CSS.escape(key)}"]`) : null;
  return row ?? rest(root);
}

/** Where the focus may always rest. */
function rest(root: ParentNode): HTMLElement | null {
  return root.querySelector<HTMLElement>("canvas") ?? root.querySelector<HTMLElement>("#list-title");
}

/** What held the focus may vanish with a new value or another view: then the focus goes to what stands in its place. */
export class FocusKeeper {
  #held: HTMLElement | null = null;
  #key: string | undefined;

  /** Before the page is drawn anew. */
  hold(root: ShadowRoot): void {
    this.#held = root.activeElement as HTMLElement | null;
    this.#key = this.#held?.dataset["key"];
  }

  /** After it. */
  keep(root: ShadowRoot): void {
    if (!this.#held || this.#held.isConnected || root.activeElement) return;
    const within = this.#key ? origin(root, this.#key) : null;
    (within ?? root.querySelector<HTMLElement>("#info-title, #list-title") ?? rest(root))?.focus({ preventScroll: true });
  }
}
