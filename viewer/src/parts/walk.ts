import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { bearing, distance } from "../data/places.js";
import { nearest } from "../data/things.js";
import type { Thing } from "../data/types.js";
import type { Story } from "../story.js";
import { direction, metres } from "../words/numbers.js";
import { WALK } from "../words/walk.js";
import { gist, titleOf } from "./list.js";

/** Who wants more opens the list; nobody shall press Tab for ever. */
const MOST = 10;
const MANY = 3;

/** The things in view as stops of the Tab key behind the scene: seen while they have the focus, ringed in the scene. */
export class Walk {
  /** As it was when it was entered: nothing moves under the one who walks. */
  #held: readonly Thing[] | null = null;
  /** The focus is on the scene or behind it: elsewhere nobody meets these stops. */
  #near = false;

  constructor(
    private readonly story: Story,
    private readonly root: () => ParentNode,
  ) {}

  render(): TemplateResult | typeof nothing {
    const { story } = this;
    if (!story.scene) return nothing;
    const texts = WALK[story.register];
    const { words, now, centre } = story;
    const things = this.#held ?? nearest(story.inView, centre, MOST);
    const far = (thing: Thing) => words.distance(metres(distance(centre, thing), words), direction(bearing(centre, thing), words));
    const help = html`<p id="walk-help" class="unseen">${texts.help}</p>`;
    if (!this.#near || story.listing) return help; // the list has the same, once is enough
    return html`${help}
      <div class="walk" role="group" aria-label=${texts.title} @keydown=${this.#onKey} @focusin=${() => (this.#held ??= things)} @focusout=${this.#onLeave}>
        ${things.length > MANY ? html`<button type="button" @click=${this.#skip}>${texts.skip}</button>` : nothing}
        ${repeat(
          things,
          (thing) => thing.key,
          (thing) => html`<button type="button" class="stop" @focus=${() => this.#ring(thing)} @click=${() => story.choose(thing, true)}>
            <strong>${titleOf(thing, words)}</strong> <span>${gist(thing, now, words, story.columns.asked(thing))}</span> <span class="quiet">${far(thing)}</span>
          </button>`,
        )}
      </div>`;
  }

  /** The scene has got the focus. */
  readonly come = (): void => {
    this.#near = true;
    this.story.teller.requestUpdate();
  };

  /** The focus left the scene. */
  readonly gone = (event: FocusEvent): void => {
    if ((event.relatedTarget as Element | null)?.closest(".walk")) return;
    this.#near = false;
    this.story.teller.requestUpdate();
  };

  /** Begin with the nearest. */
  enter(): void {
    this.root().querySelector<HTMLElement>(".walk .stop")?.focus();
  }

  #ring(thing: Thing): void {
    const { scene } = this.story;
    if (scene?.probe) scene.overlay?.set("stop", { kind: "ring", points: [scene.probe.stand(thing)] });
  }

  readonly #skip = (): void => this.root().querySelector<HTMLElement>(".tools button")?.focus();

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.root().querySelector<HTMLElement>("canvas")?.focus();
  };

  readonly #onLeave = (event: FocusEvent): void => {
    if ((event.currentTarget as Element).contains(event.relatedTarget as Node | null)) return;
    this.#held = null;
    this.#near = (event.relatedTarget as Element | null)?.tagName === "CANVAS";
    this.story.scene?.overlay?.set("stop", null);
    this.story.teller.requestUpdate();
  };
}
