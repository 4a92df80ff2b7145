import { LitElement, html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { chosenDetail, follow } from "./embed.js";
import type { ChosenDetail } from "./embed.js";
import { FocusKeeper, bring, isWriting, origin } from "./focus.js";
import type { Part } from "./focus.js";
import { Opening } from "./opening.js";
import type { Host } from "./opening.js";
import { SearchBox } from "./parts/search.js";
import { sheet } from "./parts/sheet.js";
import { sources } from "./parts/sources.js";
import { timeBar } from "./parts/time.js";
import { tools } from "./parts/tools.js";
import { Walk } from "./parts/walk.js";
import type { Picture } from "./picture.js";
import { Press } from "./press.js";
import { roomOf } from "./room.js";
import { breathe } from "./slices.js";
import { AddressBar } from "./state/bar.js";
import { steer } from "./state/keys.js";
import { OwnBar } from "./state/own.js";
import { Story } from "./story.js";
import type { Teller } from "./story.js";
import { access } from "./styles/access.js";
import { find } from "./styles/find.js";
import { flowing } from "./styles/flowing.js";
import { layout } from "./styles/layout.js";
import { marks } from "./styles/marks.js";
import { parts } from "./styles/parts.js";
import { scaled } from "./styles/scaled.js";
import { theme } from "./styles/theme.js";
import { time as timeStyles } from "./styles/time.js";
import { TAGS } from "./words/index.js";
import { PICTURE } from "./words/picture.js";

const REFRESH_MS = 60_000;
/** Scripts lie at `viewer/assets/` of a service. */
const SERVICE = new URL("../../", String(import.meta.url)).href;

/** What covers a part of the scene. */
const COVERING = ".desk > *, .sheet, .tools, .foot";

type Height = "peek" | "half" | "full";
const NEXT: Record<Height, Height> = { peek: "half", half: "full", full: "peek" };

/**
 * `<city-twin src="/" city="demo" lang="de">`: a city people understand.
 *
 * What stands between its tags is shown only where the scene cannot be.
 */
export class CityTwin extends LitElement implements Teller, Host {
  static override styles = [theme, layout, parts, marks, timeStyles, access, find, flowing].map(scaled);
  static override properties = { src: {}, city: {}, layers: {}, time: {}, view: {}, imprint: {}, privacy: {}, height: { state: true } };

  /** Address of the service; the one that this script came from where there is none. */
  declare src: string;
  /** Id of the city; the service's first where there is none. */
  declare city: string | null;
  /** Names of the layers shown, apart by commas; at first as on the service's own page. */
  declare layers: string | null;
  /** The instant shown, as `datetime` of the service; now where there is none. */
  declare time: string | null;
  /** `lon,lat,range,heading,pitch`, as in a link. */
  declare view: string | null;
  /** Address of the operator's imprint, linked at the foot. */
  declare imprint: string | null;
  /** Address of the operator's privacy policy, linked at the foot. */
  declare privacy: string | null;
  /** Of the sheet on a phone. */
  declare height: Height;

  #story: Story | null = null;
  #search: SearchBox | null = null;
  #walk: Walk | null = null;
  #timer = 0;
  #resizes: ResizeObserver | null = null;
  /** Parts whose size is followed; to follow one twice would measure once more. */
  #watched = new WeakSet<Element>();
  /** Grows with every city: each has a canvas of its own. */
  #rounds = 0;
  #toldChosen: string | null = null;
  #opening: Opening | null = null;
  readonly #press = new Press();
  readonly #focus = new FocusKeeper();
  #lay: typeof import("./parts/paper.js").lay | null = null;
  /** Pixels that the sheet covered when last at rest. */
  #resting = 0;

  constructor() {
    super();
    this.src = SERVICE;
    this.city = this.layers = this.time = this.view = this.imprint = this.privacy = null;
    this.height = "peek";
    this.addEventListener("keydown", this.#onKey);
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, "lang"];
  }

  override attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    super.attributeChangedCallback(name, before, now);
    if (before === now || !this.#story) return;
    if (name === "src" || name === "city") this.#begin(); // another city: all anew
    else follow(this.#story, name, { layers: this.layers, time: this.time, view: this.view, lang: this.lang });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("popstate", this.#onReturn);
    window.addEventListener("beforeprint", this.#onPrint);
    this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("popstate", this.#onReturn);
    window.removeEventListener("beforeprint", this.#onPrint);
    this.#end();
  }

  #begin(): void {
    this.#end();
    this.#rounds += 1;
    const base = URL.canParse(this.src, document.baseURI) ? new URL(this.src, document.baseURI).href : SERVICE;
    const root = base.endsWith("/") ? base : `${base}/`;
    // The address bar belongs to the page's own element; one in a foreign page, or one of several, keeps its own state.
    const bar = this.hasAttribute("page") ? new AddressBar() : new OwnBar(root, this);
    const story = new Story(this, root, bar, this.city, this.getAttribute("lang"));
    this.#story = story;
    this.#walk = new Walk(story, () => this.renderRoot);
    this.#search = new SearchBox(story, () => this.renderRoot.querySelector<HTMLInputElement>("#find"));
    this.#timer = window.setInterval(() => document.visibilityState === "visible" && void this.#pass(story), REFRESH_MS);
    this.requestUpdate();
    this.#opening = new Opening(this, story);
    void this.#opening.open();
  }

  #end(): void {
    clearInterval(this.#timer);
    this.#opening = null;
    this.#resizes?.disconnect();
    this.#story?.scene?.dispose();
    this.#story?.crier.silence();
    this.#story?.time.stop();
    this.#story?.news.stop();
    this.#story = null;
  }

  /** Bring what was chosen, or the list, before the reader: on top of the sheet, with the focus on its title. */
  async present(what: Part): Promise<void> {
    // Who measures needs to see the scene.
    if (this.height === "peek" && what !== "measure") this.height = "half";
    await this.updateComplete;
    bring(this.renderRoot, what);
  }

  /** A minute has passed: a city that could not be had is asked for again, another one tells its news. */
  async #pass(story: Story): Promise<void> {
    if (story.trouble !== "no-city") return story.pass();
    story.trouble = "none";
    await this.#opening?.open();
  }

  tells(story: Story): boolean {
    return this.#story === story;
  }

  show(story: Story, picture: Picture): void {
    story.scene = picture;
    this.#resizes?.disconnect();
    this.#resizes = new ResizeObserver(() => this.#measure());
    this.#watched = new WeakSet();
    this.#resizes.observe(this);
    this.#watch();
    this.#measure();
    if (story.address.view) picture.eye.go(story.address.view, false);
  }

  /** Measure when the size changes of what covers the scene: to ask after each picture would lay it out twice. */
  #watch(): void {
    for (const each of this.#resizes ? this.renderRoot.querySelectorAll(COVERING) : []) {
      if (this.#watched.has(each)) continue;
      this.#watched.add(each);
      this.#resizes?.observe(each);
    }
  }

  #measure(): void {
    const { width, height, phone, ...margins } = roomOf(this, this.renderRoot);
    if (this.height === "peek" || !phone) this.#resting = margins.bottom;
    this.#story?.scene?.resize(width, height, { ...margins, resting: this.#resting });
  }

  /** Who prints waits for nothing: what lays the sheet has to be there. */
  #learnPaper(): void {
    if (this.#lay || !this.#story?.begun) return;
    this.#lay = () => undefined;
    void import("./parts/paper.js").then(({ lay }) => (this.#lay = lay), () => (this.#lay = null));
  }

  readonly #onPrint = (): void => void (this.#story && this.#lay?.(this, this.#story));

  readonly #onReturn = (): void => {
    const story = this.#story;
    story?.revisited();
    if (!story || story.listing || story.chosen) return;
    this.height = "peek";
    this.renderRoot.querySelector(".sheet")?.scrollTo({ top: 0 });
  };

  /** Close the panel; the focus goes back to where one came from: the row of the list, else the scene. */
  readonly #close = (): void => {
    const back = origin(this.renderRoot, this.#story?.chosen?.key);
    this.#story?.close();
    back?.focus();
  };

  /** Keys that count wherever the focus is in here. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isWriting(event.composedPath()[0])) return;
    const { chosen, spots } = this.#story ?? {};
    if (event.key === "Escape" && (chosen || spots?.spot)) {
      event.preventDefault();
      if (chosen) this.#close();
      else spots?.leave();
    } else if (event.key.toLowerCase() === "l" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.#story?.toggleList();
    }
  };

  readonly #onSceneKey = (event: KeyboardEvent): void => {
    const { scene, measuring } = this.#story ?? {};
    if (measuring?.key(event)) event.preventDefault();
    else if (event.key.toLowerCase() === "n" && !event.ctrlKey && !event.metaKey && !event.altKey) this.#walk?.enter();
    else if (scene && steer(event, scene)) event.preventDefault();
  };

  readonly #onUp = (event: PointerEvent): void => {
    const at = this.#press.up(event, this);
    if (!at) return;
    if (this.#story?.measuring) this.#story.measuring.take(at.x, at.y);
    else this.#story?.scene?.pickAt(at.x, at.y);
  };

  /** To read the script took the page long enough: its first picture is a task of its own. */
  protected override async scheduleUpdate(): Promise<void> {
    if (!this.hasUpdated) await breathe();
    await super.scheduleUpdate();
  }

  protected override willUpdate(): void {
    if (this.shadowRoot) this.#focus.hold(this.shadowRoot);
  }

  protected override updated(): void {
    const tag = this.#story && TAGS[this.#story.register];
    if (tag && this.lang !== tag) this.lang = tag;
    const page = document.documentElement;
    if (tag && this.hasAttribute("page") && page.lang !== tag) page.lang = tag; // the same again lays out all of the page anew
    if (this.shadowRoot) this.#focus.keep(this.shadowRoot);
    this.#watch();
    this.#learnPaper();
    this.#tellChosen();
  }

  /** What is chosen, for the page around: `city-twin:chosen`. */
  #tellChosen(): void {
    const { chosen } = this.#story ?? {};
    if ((chosen?.key ?? null) === this.#toldChosen) return;
    this.#toldChosen = chosen?.key ?? null;
    const detail = this.#story && chosenDetail(this.#story);
    this.dispatchEvent(new CustomEvent<ChosenDetail | null>("city-twin:chosen", { detail, bubbles: true, composed: true }));
  }

  protected override render(): unknown {
    const story = this.#story;
    if (!story) return nothing;
    const plain = story.trouble === "no-picture" || story.trouble === "no-city";
    return html`<div class="whole">
      ${plain ? this.#plain(story) : this.#scene(story)} ${story.holdings.city ? this.#search?.render() : nothing}
      <div class="desk">
        <div class="panel" data-height=${this.height} role=${this.hasAttribute("page") && !plain ? "main" : "region"} aria-label=${story.words.sheet}>
          <div class="sheet">
            <button
              type="button"
              class="grip"
              aria-label=${this.height === "full" ? story.words.showLess : story.words.showMore}
              aria-expanded=${this.height !== "peek"}
              @click=${() => (this.height = NEXT[this.height])}
            ></button>
            ${sheet(story, plain, this.#close)}
          </div>
        </div>
        ${timeBar(story)}
      </div>
      ${sources(story, this)}
    </div>`;
  }

  #plain(story: Story): unknown {
    const { trouble, words, register } = story;
    return html`<div class="plain">
      <p role="alert"><strong>${trouble === "no-city" ? words.failedCity : PICTURE[register].noPicture}</strong></p>
      ${trouble === "no-city" ? html`<p><button type="button" class="link" @click=${() => void this.#pass(story)}>${words.retry}</button></p>` : nothing}
      <slot></slot>
    </div>`;
  }

  #scene(story: Story): unknown {
    const { words, scene, holdings } = story;
    const view = scene?.view;
    const flat = (view?.pitch ?? 45) > 80;
    const { mapLabel, mapHelp } = PICTURE[story.register];
    const label = story.mapped ? mapLabel : words.sceneLabel;
    // A canvas that was asked for WebGL gives no other picture: the map has its own.
    return html`<div class="scene" role="region" aria-label=${words.picture}>
        ${keyed(`${this.#rounds} ${story.mapped}`, html`<canvas
          class=${story.mapped ? "map" : "model"}
          tabindex="0"
          role="application"
          aria-label=${label(holdings.city?.title[words.language] ?? "")}
          aria-describedby="help walk-help"
          @focus=${() => this.#walk?.come()}
          @blur=${(event: FocusEvent) => this.#walk?.gone(event)}
          @keydown=${this.#onSceneKey}
          @pointerdown=${this.#press.down}
          @pointerup=${this.#onUp}
        ></canvas>`)}
        <p id="help" class="unseen">${story.mapped ? mapHelp : words.sceneHelp}</p>
        ${this.#walk?.render()}
      </div>
      <div class="marks ${story.measuring ? "through" : ""}" aria-hidden="true"></div>
      <p class="unseen" role="status">${story.crier.text}</p>
      ${story.loading ? html`<p class="state" role="status">${words.loading}</p>` : nothing}
      ${tools({
        heading: view?.heading ?? 0,
        flat: story.mapped ? null : flat,
        words,
        zoom: (zoom) => scene?.eye.nudge({ zoom }),
        north: () => scene?.eye.go({ ...scene.view, heading: 0 }, true),
        tilt: () => scene?.eye.go({ ...scene.view, pitch: flat ? 45 : 90 }, true),
        home: () => scene?.eye.go(scene.home, true),
      })}`;
  }
}
