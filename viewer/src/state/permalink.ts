import type { Story } from "../story.js";
import type { Address } from "./address.js";

/** The link to what is shown: written as that changes, and followed when the browser goes back or a link is typed. */
export class Permalink {
  /** The link that was followed named what is not there, or made no sense. */
  faulty = false;

  constructor(private readonly story: Story) {}

  /** See whether all is there that a link asks for. */
  check(asked: Address): void {
    const { layers, chosen } = this.story;
    const known = new Set(layers.map((each) => each.name));
    this.faulty = Boolean(asked.faulty || asked.layers?.some((each) => !known.has(each)) || (asked.selected && !chosen));
  }

  /** Say what is shown. */
  write(): void {
    const { address, bar, chosen, listing, scene, showing, spots } = this.story;
    const { names } = showing;
    bar.write({
      ...(scene && !spots.secret ? { view: scene.view } : {}),
      ...(names ? { layers: names } : {}),
      ...(chosen ? { selected: chosen.key } : {}),
      ...(address.language ? { language: address.language } : {}),
      ...(address.datetime ? { datetime: address.datetime } : {}),
      ...(listing ? { list: true } : {}),
      ...(address.colour ? { colour: address.colour } : {}),
      ...(address.values ? { values: address.values } : {}),
    });
  }

  /** The browser went back or forth: list and time are as the address says; all else stays, but for a link typed here. */
  read(): void {
    const { bar, list, time } = this.story;
    const asked = bar.read();
    list.set(asked.list ?? false);
    if (bar.typed) this.#follow(asked);
    void time.show(asked.datetime ?? null);
  }

  #follow(asked: Address): void {
    const { story } = this;
    story.bar.own();
    story.showing.forget();
    if (asked.layers) story.address.layers = asked.layers;
    else delete story.address.layers;
    if (asked.colour) story.address.colour = asked.colour;
    else delete story.address.colour;
    if (asked.values) story.address.values = asked.values;
    else delete story.address.values;
    if (asked.language) story.speak(asked.language);
    if (asked.view) story.scene?.eye.go(asked.view, false);
    story.close();
    story.changed();
    void story.choice.find(asked.selected).then(() => this.check(asked));
  }
}
