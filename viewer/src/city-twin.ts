import { LitElement, html, nothing } from "lit";
import { sheet, sources } from "./parts/sheet.js";
import { tools } from "./parts/tools.js";
import { raise } from "./stage.js";
import { steer } from "./state/keys.js";
import { Story } from "./story.js";
import type { Teller } from "./story.js";
import { layout } from "./styles/layout.js";
import { marks } from "./styles/marks.js";
import { parts } from "./styles/parts.js";
import { theme } from "./styles/theme.js";

const REFRESH_MS = 60_000;
const PHONE_PX = 768;
/** A sheet covers at most this part of the scene; what it covers beyond is not worth looking around. */
const MOST_COVERED = 0.66;
const CLICK_PX = 6;

type Height = "peek" | "half" | "full";
const NEXT: Record<Height, Height> = { peek: "half", half: "full", full: "peek" };

/**
 * `<city-twin src="/" city="demo" lang="de">`: a city people understand.
 *
 * What stands between its tags is shown only where the scene cannot be.
 */
export class CityTwin extends LitElement implements Teller {
  static override styles = [theme, layout, parts, marks];
  static override properties = { src: {}, city: {}, height: { state: true } };

  /** Address of the service. */
  declare src: string;
  /** Id of the city; the service's first where there is none. */
  declare city: string | null;
  /** Of the sheet on a phone. */
  declare height: Height;

  #story: Story | null = null;
  #timer = 0;
  #resizes: ResizeObserver | null = null;
  #pressed: { x: number; y: number } | null = null;

  constructor() {
    super();
    this.src = "/";
    this.city = null;
    this.height = "peek";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.toggleAttribute("page", this.parentElement === document.body);
    const base = new URL(this.src, document.baseURI).href;
    const story = new Story(this, base.endsWith("/") ? base : `${base}/`, this.city, this.getAttribute("lang"));
    this.#story = story;
    this.#timer = window.setInterval(() => document.visibilityState === "visible" && void story.refresh(), REFRESH_MS);
    void this.#open(story);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#resizes?.disconnect();
    this.#story?.scene?.dispose();
    this.#story = null;
  }

  /** Bring what was chosen before the reader: on top of the sheet, with the focus on its name. */
  present(): void {
    if (this.height === "peek") this.height = "half";
    if (!this.#story?.chosen) return;
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector(".sheet")?.scrollTo({ top: 0 });
      this.renderRoot.querySelector<HTMLElement>("#info-title")?.focus({ preventScroll: true });
    });
  }

  async #open(story: Story): Promise<void> {
    const { holdings } = story;
    // The scene's code travels while the city answers.
    const code = import("./scene/scene.js");
    const features = new Promise<void>((come) => {
      const loaded = holdings.load(() => {
        story.changed();
        if (!story.scene) void this.#stage(story, code);
      });
      void loaded.catch(() => (story.trouble = "no-city")).finally(come);
    });
    await features;
    await code.catch(() => (story.trouble = "no-webgl"));
    if (story.trouble === "no-city" || story.trouble === "no-webgl") story.loading = false;
    performance.mark("city-twin:data");
    await story.tell();
  }

  #staging: Promise<void> | null = null;

  #stage(story: Story, code: Promise<typeof import("./scene/scene.js")>): Promise<void> {
    this.#staging ??= (async () => {
      try {
        const { CityScene } = await code;
        await this.updateComplete;
        const canvas = this.renderRoot.querySelector("canvas");
        const host = this.renderRoot.querySelector<HTMLElement>(".marks");
        if (!canvas || !host || !this.isConnected) return;
        story.scene = raise(CityScene, story, canvas, host, () => this.requestUpdate());
        this.#resizes = new ResizeObserver(() => this.#measure());
        this.#resizes.observe(this);
        this.#measure();
        if (story.address.view) story.scene.eye.go(story.address.view, false);
      } catch {
        story.trouble = "no-webgl";
        story.loading = false;
      }
      story.changed();
    })();
    return this.#staging;
  }

  #measure(): void {
    const box = this.getBoundingClientRect();
    const covered = this.renderRoot.querySelector(".sheet")?.getBoundingClientRect();
    const phone = box.width < PHONE_PX;
    this.#story?.scene?.resize(box.width, box.height, {
      left: phone || !covered ? 0 : covered.right - box.left,
      bottom: phone && covered ? Math.min(box.bottom - covered.top, box.height * MOST_COVERED) : 0,
    });
  }

  readonly #close = (): void => {
    this.#story?.close();
    this.renderRoot.querySelector("canvas")?.focus();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && this.#story?.chosen) {
      event.preventDefault();
      this.#close();
    } else if (event.key.toLowerCase() === "l" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.#story?.toggleList();
      this.present();
    }
  };

  readonly #onSceneKey = (event: KeyboardEvent): void => {
    const scene = this.#story?.scene;
    if (scene && steer(event, scene)) event.preventDefault();
    else this.#onKey(event);
  };

  readonly #onDown = (event: PointerEvent): void => {
    this.#pressed = event.button === 0 && event.isPrimary ? { x: event.clientX, y: event.clientY } : null;
  };

  readonly #onUp = (event: PointerEvent): void => {
    const down = this.#pressed;
    this.#pressed = null;
    if (!down || Math.hypot(event.clientX - down.x, event.clientY - down.y) > CLICK_PX) return;
    const box = this.getBoundingClientRect();
    this.#story?.scene?.pickAt(event.clientX - box.left, event.clientY - box.top);
  };

  protected override updated(): void {
    const { language } = this.#story ?? {};
    if (language && this.lang !== language) this.lang = language;
    if (language && this.hasAttribute("page")) document.documentElement.lang = language;
    this.#measure();
  }

  protected override render(): unknown {
    const story = this.#story;
    if (!story) return nothing;
    const plain = story.trouble === "no-webgl" || story.trouble === "no-city";
    return html`
      ${plain ? this.#plain(story) : this.#scene(story)}
      <div class="panel" data-height=${this.height} @keydown=${this.#onKey}>
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
      <p class="foot">${sources(story)}</p>
    `;
  }

  #plain({ trouble, words }: Story): unknown {
    return html`<div class="plain">
      <p role="alert"><strong>${trouble === "no-city" ? words.failedCity : words.noWebGL}</strong></p>
      <slot></slot>
    </div>`;
  }

  #scene(story: Story): unknown {
    const { words, scene, holdings } = story;
    const view = scene?.view;
    const flat = (view?.pitch ?? 45) > 80;
    return html`<div class="scene">
        <canvas
          tabindex="0"
          role="application"
          aria-label=${words.sceneLabel(holdings.city?.title[words.language] ?? "")}
          aria-describedby="help"
          @keydown=${this.#onSceneKey}
          @pointerdown=${this.#onDown}
          @pointerup=${this.#onUp}
        ></canvas>
      </div>
      <div class="marks" aria-hidden="true"></div>
      <p id="help" class="unseen">${words.sceneHelp}</p>
      ${story.loading ? html`<p class="state" role="status">${words.loading}</p>` : nothing}
      ${tools({
        heading: view?.heading ?? 0,
        flat,
        words,
        zoom: (zoom) => scene?.eye.nudge({ zoom }),
        north: () => scene?.eye.go({ ...scene.view, heading: 0 }, true),
        tilt: () => scene?.eye.go({ ...scene.view, pitch: flat ? 45 : 90 }, true),
        home: () => scene?.eye.go(scene.home, true),
      })}`;
  }
}
