import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { bearing, distance } from "../data/places.js";
import type { Finder, Result } from "../state/finder.js";
import type { Story } from "../story.js";
import { FIND } from "../words/find.js";
import { direction, metres } from "../words/numbers.js";
import { icon } from "./icons.js";

const LEAST_LETTERS = 2;

/** The field to search by: a combobox over what is published. Its code and the names come when it is first entered. */
export class SearchBox {
  #text = "";
  #results: Result[] = [];
  #active = 0;
  #open = false;
  #state: "unasked" | "loading" | "ready" | "failed" = "unasked";
  #finder: Finder | null = null;

  constructor(
    private readonly story: Story,
    private readonly input: () => HTMLInputElement | null,
  ) {}

  render(): TemplateResult {
    const { story } = this;
    const texts = FIND[story.register];
    const open = this.#open && this.#results.length > 0;
    return html`<div class="find" role="search" aria-label=${texts.search} @focusout=${this.#onLeave}>
      <div class="field">
        ${icon("search")}
        <input
          id="find"
          type="text"
          role="combobox"
          aria-label=${texts.search}
          aria-expanded=${open}
          aria-controls="found"
          aria-autocomplete="list"
          aria-activedescendant=${open ? `found-${this.#active}` : nothing}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          enterkeyhint="search"
          maxlength="100"
          placeholder=${texts.hint}
          .value=${this.#text}
          @focus=${this.#onEnter}
          @input=${this.#onInput}
          @keydown=${this.#onKey}
        />
        ${this.#text
          ? html`<button type="button" class="round" aria-label=${texts.clear} title=${texts.clear} @click=${this.#clear}>${icon("close")}</button>`
          : nothing}
        ${story.scene
          ? html`<button type="button" class="round here" aria-label=${texts.aroundMe} aria-describedby="here-hint" title=${`${texts.aroundMe} ${texts.aroundMeHint}`} @click=${() => story.spots.locate()}>
                ${icon("here")}
              </button>
              <span id="here-hint" class="unseen">${texts.aroundMeHint}</span>`
          : nothing}
      </div>
      <ul id="found" role="listbox" aria-label=${texts.results} ?hidden=${!open}>
        ${open ? this.#results.map((each, i) => this.#option(each, i)) : nothing}
      </ul>
      <div role="status">${this.#said()}</div>
    </div>`;
  }

  #option({ title, sort, lon, lat }: Result, i: number): TemplateResult {
    const { words, centre } = this.story;
    const place = { lon, lat };
    const far = words.distance(metres(distance(centre, place), words), direction(bearing(centre, place), words));
    // Pressed, not clicked: the field keeps the focus.
    return html`<li id="found-${i}" role="option" aria-selected=${i === this.#active} @pointerdown=${(event: Event) => event.preventDefault()} @click=${() => this.#choose(i)}>
      <strong>${title}</strong> <span class="quiet">${sort} · ${far}</span>
    </li>`;
  }

  /** What became of the search, or of the question where the visitor is. */
  #said(): unknown {
    const texts = FIND[this.story.register];
    const { trying } = this.story.spots;
    if (!this.#open) return trying ? html`<p class="said">${texts[trying]}</p>` : nothing;
    if (this.#state === "loading") return html`<p class="said quiet">${texts.loading}</p>`;
    if (this.#results.length > 0) return html`<p class="unseen">${texts.found(this.#results.length)}</p>`;
    if (this.#state === "failed") return html`<p class="said warn">${texts.failed}</p>`;
    if (this.#finder?.isOutside(this.#text)) return html`<p class="said">${texts.outside}</p>`;
    const more = [this.#finder?.isId(this.#text) ? texts.housesLoaded : "", this.#finder?.partial ? texts.partial : ""];
    return html`<p class="said">${[texts.nothing, ...more].filter(Boolean).join(" ")}</p>`;
  }

  readonly #onEnter = async (): Promise<void> => {
    if (this.#state === "loading") return;
    if (!this.#finder) this.#state = "loading";
    try {
      this.#finder ??= new (await import("../state/finder.js")).Finder(this.story);
      await this.#finder.ready();
      this.#state = "ready";
    } catch {
      this.#state = "failed";
    }
    this.#search();
  };

  readonly #onInput = (event: Event): void => {
    this.#text = (event.target as HTMLInputElement).value;
    this.#active = 0;
    this.#open = this.#text.trim().length >= LEAST_LETTERS;
    this.story.spots.trying = null;
    this.#search();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const { length } = this.#results;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && length > 0) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      // The first press opens a list that was closed.
      if (this.#open) this.#active = (this.#active + step + length) % length;
      this.#open = true;
    } else if (event.key === "Enter" && this.#open && this.#results[this.#active]) this.#choose(this.#active);
    else if (event.key === "Escape" && (this.#open || this.#text)) {
      if (this.#open) this.#open = false;
      else this.#clear();
    } else return;
    event.preventDefault();
    this.story.teller.requestUpdate();
  };

  readonly #onLeave = (event: FocusEvent): void => {
    if ((event.currentTarget as Element).contains(event.relatedTarget as Node | null)) return;
    this.#open = false;
    this.story.teller.requestUpdate();
  };

  readonly #clear = (): void => {
    this.#text = "";
    this.#open = false;
    this.#search();
    this.input()?.focus();
  };

  #search(): void {
    this.#results = this.#open && this.#finder ? this.#finder.find(this.#text) : [];
    this.#active = Math.min(this.#active, Math.max(0, this.#results.length - 1));
    this.story.teller.requestUpdate();
  }

  #choose(place: number): void {
    const result = this.#results[place];
    if (!result) return;
    this.#text = result.title;
    this.#open = false;
    this.story.teller.requestUpdate();
    result.act();
  }
}
