import { nearest } from "../data/things.js";
import type { Thing } from "../data/types.js";
import type { Story } from "../story.js";

/** More than this nobody reads to the end. */
const SEEN_MOST = 80;

/** The list: whether it is open, and of what. */
export class Listing {
  open: boolean;
  /** Only things with these keys, after a word of the card was followed. */
  only: ReadonlySet<string> | null = null;

  constructor(
    private readonly story: Story,
    open: boolean,
  ) {
    this.open = open;
  }

  /** The things of the list: those that a word of the card named, else all. */
  get things(): Thing[] {
    const { only, story } = this;
    if (only) return story.visible().filter((each) => only.has(each.key));
    return [...story.visible(), ...story.holdings.nearby.filter((each) => story.shown(each.layer))];
  }

  /** Of what is in view the things of the list, the nearest to its middle first. */
  get seen(): Thing[] {
    const { story } = this;
    const shown = new Set(story.visible().map((each) => each.key));
    const nearby = story.holdings.nearby.filter((each) => story.shown(each.layer));
    const seen = [...story.inView.filter((each) => shown.has(each.key)), ...(story.scene?.inView(nearby) ?? [])];
    return nearest(seen, story.centre, SEEN_MOST);
  }

  /** Open the list, of these things only or of all; the browser's way back closes it. */
  show(only: ReadonlySet<string> | null = null): void {
    const { story } = this;
    this.only = only;
    if (!this.open) story.bar.enter("list");
    this.open = true;
    story.remember();
    story.look();
    story.teller.requestUpdate();
    void story.teller.present("list");
  }

  toggle(): void {
    if (!this.open) return this.show();
    this.set(false);
    if (this.story.bar.listed) return this.story.bar.back(); // what follows is told by `revisited`
    this.story.remember();
    this.story.teller.requestUpdate();
  }

  /** Be open or not, as the address says. */
  set(open: boolean): void {
    this.open = open;
    if (!open) this.only = null;
  }
}
