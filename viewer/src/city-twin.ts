import type { PropertyValues } from "lit";
import { LitElement, html, nothing } from "lit";
import { Holdings } from "./data/holdings.js";
import { grouped, here } from "./data/here.js";
import { contains, middle } from "./data/places.js";
import { Service } from "./data/service.js";
import { key, nearest } from "./data/things.js";
import type { Feature, Language, Layer, Thing } from "./data/types.js";
import { kind } from "./data/types.js";
import { card } from "./parts/card.js";
import { iconElement } from "./parts/icons.js";
import { info } from "./parts/info.js";
import { labelOf } from "./parts/label.js";
import { layerList } from "./parts/layers.js";
import { thingList } from "./parts/list.js";
import { tools } from "./parts/tools.js";
import type { CityScene, Hit } from "./scene/scene.js";
import { readAddress, writeFragment } from "./state/address.js";
import type { Address } from "./state/address.js";
import { steer } from "./state/keys.js";
import { layout } from "./styles/layout.js";
import { marks } from "./styles/marks.js";
import { parts } from "./styles/parts.js";
import { theme } from "./styles/theme.js";
import { date, longDate } from "./words/dates.js";
import type { Words } from "./words/index.js";
import { WORDS, choose } from "./words/index.js";

const REFRESH_MS = 60_000;
const LIST_MOST = 80;
const NEAR_M = 380;

type Trouble = "none" | "no-webgl" | "no-city" | "no-tiles";

/**
 * `<city-twin src="/" city="demo" lang="de">`: a city people understand.
 *
 * What stands between its tags is shown only where the scene cannot be.
 */
export class CityTwin extends LitElement {
  static override styles = [theme, layout, parts, marks];
  static override properties = {
    src: {},
    city: {},
    speech: { state: true },
    listing: { state: true },
    chosen: { state: true },
    trouble: { state: true },
    loading: { state: true },
    height: { state: true },
  };

  declare src: string;
  declare city: string | null;
  declare speech: Language;
  declare listing: boolean;
  declare chosen: Thing | null;
  declare trouble: Trouble;
  declare loading: boolean;
  /** Of the sheet on a phone. */
  declare height: "peek" | "half" | "full";

  #address: Address = {};
  #service: Service | null = null;
  #holdings: Holdings | null = null;
  #scene: CityScene | null = null;
  #hidden: Set<string> | null = null;
  #focused: readonly Thing[] | null = null;
  #inView: Thing[] = [];
  #timer = 0;
  #resizes: ResizeObserver | null = null;
  #wanted: string | null = null;

  constructor() {
    super();
    this.src = "/";
    this.city = null;
    this.speech = "de";
    this.listing = false;
    this.chosen = null;
    this.trouble = "none";
    this.loading = true;
    this.height = "peek";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.toggleAttribute("page", this.parentElement === document.body);
    this.#address = readAddress(location);
    this.#speak(choose([this.#address.language, this.getAttribute("lang")], navigator.languages));
    this.listing = this.#address.list ?? false;
    this.#wanted = this.#address.selected ?? null;
    const service = new Service(this.#base(), this.#address.datetime ?? null);
    this.#service = service;
    this.#holdings = new Holdings(service, this.city);
    this.#timer = window.setInterval(() => document.visibilityState === "visible" && void this.#refresh(), REFRESH_MS);
    void this.#open(service);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#resizes?.disconnect();
    this.#scene?.dispose();
    this.#scene = null;
  }

  get words(): Words {
    return WORDS[this.speech];
  }

  /** The instant that is shown: the one asked for, else now. */
  get now(): Date {
    const asked = this.#address.datetime?.split("/").findLast((each) => each && each !== "..");
    return date(asked) ?? new Date();
  }

  #base(): string {
    const base = new URL(this.src, document.baseURI).href;
    return base.endsWith("/") ? base : `${base}/`;
  }

  #speak(language: Language): void {
    this.speech = language;
    this.lang = language;
    if (this.parentElement === document.body) document.documentElement.lang = language;
  }

  async #open(service: Service): Promise<void> {
    const holdings = this.#holdings as Holdings;
    // The scene's code travels while the city answers.
    const code = import("./scene/scene.js");
    code.catch(() => (this.trouble = "no-webgl"));
    const features = holdings.load(() => this.#changed()).catch(() => (this.trouble = "no-city"));
    while (!holdings.city && this.trouble !== "no-city") await Promise.race([features, new Promise((done) => setTimeout(done, 10))]);
    await this.updateComplete;
    if (!this.isConnected) return;
    if (holdings.city) {
      try {
        this.#stage((await code).CityScene, service);
      } catch {
        this.trouble = "no-webgl";
      }
    }
    if (!this.#scene) this.loading = false;
    await features;
    performance.mark("city-twin:data");
    this.#changed();
    await this.#chooseWanted(service);
  }

  #stage(Scene: typeof CityScene, service: Service): void {
    const city = this.#holdings?.city;
    const canvas = this.renderRoot.querySelector("canvas");
    const marksHost = this.renderRoot.querySelector<HTMLElement>(".marks");
    const context = canvas?.getContext("webgl2", { antialias: true, alpha: false, powerPreference: "high-performance" });
    if (!city || !canvas || !marksHost) return;
    if (!context) throw new Error("this browser draws no WebGL");
    this.#scene = new Scene({
      canvas,
      context,
      marks: marksHost,
      tileset: city.tileset ? new URL(city.tileset, this.#base()).href : null,
      datetime: service.datetime,
      centre: city.centre,
      bbox: city.bbox,
      at: this.now,
      night: matchMedia("(prefers-color-scheme: dark)").matches,
      calm: matchMedia("(prefers-reduced-motion: reduce)").matches,
      count: (sites) => this.words.sitesHere(sites),
      iconOf: iconElement,
      onView: () => this.#viewed(),
      onPick: (hit) => this.#picked(hit),
      onFirst: () => {
        performance.mark("city-twin:first-tile");
        this.loading = false;
      },
      onComplete: () => {
        performance.mark("city-twin:complete");
        this.loading = false;
        this.dispatchEvent(new CustomEvent("city-twin-complete", { bubbles: true, composed: true }));
      },
      onTilesFailed: () => {
        this.trouble = "no-tiles";
        this.loading = false;
      },
    });
    if (!city.tileset) this.loading = false;
    this.#resizes = new ResizeObserver(() => this.#measure());
    this.#resizes.observe(this);
    this.#measure();
    if (this.#address.view) this.#scene.eye.go(this.#address.view, false);
    this.#changed();
  }

  #measure(): void {
    const box = this.getBoundingClientRect();
    const sheet = this.renderRoot.querySelector(".sheet")?.getBoundingClientRect();
    const phone = box.width < 768;
    const margins = {
      left: phone || !sheet ? 0 : sheet.right - box.left,
      bottom: phone && sheet ? Math.min(box.bottom - sheet.top, box.height * 0.66) : 0,
    };
    this.#scene?.resize(box.width, box.height, margins);
  }

  /** Data, language or layers changed: bring scene and page up to date. */
  #changed(): void {
    const { now, words } = this;
    this.#scene?.setHidden(new Set(this.#layers.filter((each) => !this.#shown(each)).map((each) => each.id)));
    this.#scene?.setThings(this.#visible(), (thing) => labelOf(thing, now, words));
    this.#inView = this.#scene ? this.#scene.inView() : this.#visible();
    this.requestUpdate();
  }

  async #refresh(): Promise<void> {
    try {
      await this.#holdings?.refresh(() => this.#changed());
    } catch {
      this.requestUpdate(); // what we have grows older in words; the next minute asks again
    }
  }

  get #layers(): Layer[] {
    return this.#holdings?.layers ?? [];
  }

  #shown(layer: Layer): boolean {
    if (!this.#hidden) {
      const asked = this.#address.layers;
      this.#hidden = new Set(asked ? this.#layers.map((each) => each.name).filter((name) => !asked.includes(name)) : []);
    }
    return !this.#hidden.has(layer.name);
  }

  #visible(): Thing[] {
    const shown = (this.#holdings?.things ?? []).filter((thing) => this.#shown(thing.layer));
    const sites = new Set(grouped(shown.filter((each) => kind(each.layer) === "roadwork")));
    return shown.filter((each) => kind(each.layer) !== "roadwork" || sites.has(each));
  }

  #viewed(): void {
    this.#inView = this.#scene?.inView() ?? [];
    this.#remember();
    this.requestUpdate();
  }

  #remember(): void {
    const all = this.#layers.map((each) => each.name);
    const shown = all.filter((name) => !this.#hidden?.has(name));
    const view = this.#scene?.view;
    const fragment = writeFragment({
      ...(view ? { view } : {}),
      ...(this.#hidden?.size ? { layers: shown } : {}),
      ...(this.chosen ? { selected: this.chosen.key } : {}),
      ...(this.#address.language ? { language: this.#address.language } : {}),
      ...(this.listing ? { list: true } : {}),
    });
    if (fragment !== location.hash) history.replaceState(history.state, "", `${location.pathname}${location.search}${fragment}`);
  }

  async #chooseWanted(service: Service): Promise<void> {
    const wanted = this.#wanted;
    this.#wanted = null;
    if (!wanted) return;
    const known = this.#holdings?.things.find((each) => each.key === wanted);
    if (known) return this.#choose(known, false);
    const [layerId, ...rest] = wanted.split("/");
    const layer = this.#holdings?.layer(layerId ?? "");
    if (!layer) return;
    try {
      const feature = await service.item(layer.id, rest.join("/"));
      this.#choose({ key: wanted, layer, feature, lon: NaN, lat: NaN, ...middle(feature) }, false);
    } catch {
      this.requestUpdate(); // a link to something that is gone: the city opens without it
    }
  }

  #picked(hit: Hit | { kind: "things"; things: Thing[] } | null): void {
    if (!hit) return this.#close(false);
    if (hit.kind === "thing") return this.#choose(hit.thing, false);
    if (hit.kind === "things") return hit.things.length === 1 ? this.#choose(hit.things[0] as Thing, true) : this.#show(hit.things);
    const place = this.#scene?.toLonLat(hit.point);
    if (!place) return;
    if (hit.kind === "feature") {
      const id = String(hit.row["id"] ?? "");
      const known = this.#holdings?.things.find((each) => each.layer.id === hit.layer && each.feature.id === id);
      if (known) return this.#choose(known, false);
      const layer = this.#holdings?.layer(hit.layer);
      if (!layer) return;
      const feature: Feature = { type: "Feature", id, geometry: null, properties: hit.row };
      this.#choose({ key: key(layer.id, id), layer, feature, ...place }, false);
      return void this.#complete(layer, id);
    }
    const district = this.#visible().find((each) => kind(each.layer) === "district" && contains(each.feature.geometry, place));
    if (district) this.#choose(district, false);
    else this.#close(false);
  }

  /** A tile's row is short; the service knows all columns, dates among them. Without an answer the row stays. */
  async #complete(layer: Layer, id: string): Promise<void> {
    const feature = await this.#service?.item(layer.id, id).catch(() => null);
    if (feature && this.chosen?.key === key(layer.id, id)) this.chosen = { ...this.chosen, feature };
  }

  #choose(thing: Thing, fly: boolean): void {
    this.chosen = thing;
    this.#focused = null;
    this.#scene?.choose({ key: thing.key, id: thing.feature.id });
    if (fly && Number.isFinite(thing.lon)) this.#fly(thing, kind(thing.layer) === "district" ? 1400 : NEAR_M);
    if (this.height === "peek") this.height = "half";
    this.#remember();
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector(".sheet")?.scrollTo({ top: 0 });
      this.renderRoot.querySelector<HTMLElement>("#info-title")?.focus({ preventScroll: true });
    });
  }

  #fly(place: { lon: number; lat: number }, range: number): void {
    const view = this.#scene?.view;
    if (view) this.#scene?.eye.go({ ...view, lon: place.lon, lat: place.lat, range: Math.min(view.range, range) }, true);
  }

  /** Show several things: in the list, and all of them in the scene. */
  #show(things: readonly Thing[]): void {
    if (things.length === 1) return this.#choose(things[0] as Thing, true);
    this.#focused = things;
    this.listing = true;
    this.chosen = null;
    this.#scene?.choose(null);
    const lons = things.map((each) => each.lon);
    const lats = things.map((each) => each.lat);
    const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
    const size = Math.max((east - west) * 74_000, (north - south) * 111_000);
    const view = this.#scene?.view;
    if (view) {
      this.#scene?.eye.go({ ...view, lon: (west + east) / 2, lat: (south + north) / 2, range: Math.max(NEAR_M, size * 2) }, true);
    }
    if (this.height === "peek") this.height = "half";
    this.#remember();
  }

  #close(focus: boolean): void {
    if (!this.chosen) return;
    this.chosen = null;
    this.#scene?.choose(null);
    this.#remember();
    if (focus) this.renderRoot.querySelector("canvas")?.focus();
  }

  #toggleLayer(layer: Layer): void {
    if (this.#hidden?.has(layer.name)) this.#hidden.delete(layer.name);
    else this.#hidden?.add(layer.name);
    this.#changed();
    this.#remember();
  }

  #toggleList(): void {
    this.listing = !this.listing;
    this.#focused = null;
    if (this.listing && this.height === "peek") this.height = "half";
    this.#remember();
  }

  #setLanguage(language: Language): void {
    this.#address.language = language;
    this.#speak(language);
    this.#changed();
    this.#remember();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && this.chosen) {
      event.preventDefault();
      this.#close(true);
    } else if (event.key.toLowerCase() === "l" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.#toggleList();
    }
  };

  readonly #onSceneKey = (event: KeyboardEvent): void => {
    if (this.#scene && steer(event, this.#scene)) event.preventDefault();
    else this.#onKey(event);
  };

  #pressed: { x: number; y: number } | null = null;
  readonly #onDown = (event: PointerEvent): void => {
    this.#pressed = event.button === 0 && event.isPrimary ? { x: event.clientX, y: event.clientY } : null;
  };
  readonly #onUp = (event: PointerEvent): void => {
    const down = this.#pressed;
    this.#pressed = null;
    if (!down || Math.hypot(event.clientX - down.x, event.clientY - down.y) > 6) return;
    const box = this.getBoundingClientRect();
    this.#scene?.pickAt(event.clientX - box.left, event.clientY - box.top);
  };

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("height")) this.#measure();
  }

  protected override render(): unknown {
    const { words } = this;
    const city = this.#holdings?.city ?? null;
    const title = city?.title[words.language] ?? "";
    const plain = this.trouble === "no-webgl" || this.trouble === "no-city";
    return html`
      ${plain
        ? html`<div class="plain">
            <p role="alert"><strong>${this.trouble === "no-city" ? words.failedCity : words.noWebGL}</strong></p>
            <slot></slot>
          </div>`
        : html`<div class="scene">
              <canvas
                tabindex="0"
                role="application"
                aria-label=${words.sceneLabel(title)}
                aria-describedby="help"
                @keydown=${this.#onSceneKey}
                @pointerdown=${this.#onDown}
                @pointerup=${this.#onUp}
              ></canvas>
            </div>
            <div class="marks" aria-hidden="true"></div>
            <p id="help" class="unseen">${words.sceneHelp}</p>
            ${this.loading ? html`<p class="state" role="status">${words.loading}</p>` : nothing}`}
      ${plain ? nothing : this.#tools()}
      <div class="panel" data-height=${this.height} @keydown=${this.#onKey}>
        <div class="sheet">${this.#sheet(title, plain)}</div>
      </div>
      <p class="foot"><span class="unseen">${words.sources}: </span>${this.#sources()}</p>
    `;
  }

  #tools(): unknown {
    const scene = this.#scene;
    const view = scene?.view;
    const flat = (view?.pitch ?? 45) > 80;
    return tools({
      heading: view?.heading ?? 0,
      flat,
      words: this.words,
      zoom: (zoom) => scene?.eye.nudge({ zoom }),
      north: () => view && scene?.eye.go({ ...scene.view, heading: 0 }, true),
      tilt: () => view && scene?.eye.go({ ...scene.view, pitch: flat ? 45 : 90 }, true),
      home: () => scene?.eye.go(scene.home, true),
    });
  }

  #sheet(title: string, plain: boolean): unknown {
    const { words, now, chosen } = this;
    const city = this.#holdings?.city ?? null;
    const notice = city?.notice?.[words.language];
    const heights = { peek: "half", half: "full", full: "peek" } as const;
    return html`
      <button
        type="button"
        class="grip"
        aria-label=${this.height === "full" ? words.showLess : words.showMore}
        aria-expanded=${this.height !== "peek"}
        @click=${() => (this.height = heights[this.height])}
      ></button>
      <header class="head">
        <h1>${title}</h1>
        <div class="languages" role="group" aria-label=${words.switchLanguage}>
          ${(["de", "en"] as const).map(
            (each) =>
              html`<button type="button" lang=${each} title=${WORDS[each].languageName} aria-pressed=${each === this.speech} @click=${() => this.#setLanguage(each)}>
                ${each.toUpperCase()}
              </button>`,
          )}
        </div>
      </header>
      ${notice ? html`<p class="notice">${notice}</p>` : nothing}
      ${this.#address.datetime
        ? html`<p class="then">${words.asOfThen(longDate(now, words))} <a href=${location.pathname}>${words.backToNow}</a></p>`
        : nothing}
      ${this.trouble === "no-tiles" ? html`<p class="then warn" role="alert">${words.failedTiles}</p>` : nothing}
      ${chosen ? this.#info(chosen) : nothing} ${city ? this.#content(plain) : nothing}
    `;
  }

  #content(plain: boolean): unknown {
    const { words, now, listing } = this;
    const things = this.#visible();
    const centre = this.#scene?.view ?? { lon: this.#holdings?.city?.centre[0] ?? 0, lat: this.#holdings?.city?.centre[1] ?? 0 };
    const listed = listing || plain;
    return html`
      ${card({ here: here(this.#inView, now), now, past: Boolean(this.#address.datetime), words, show: (each) => this.#show(each) })}
      ${plain
        ? nothing
        : html`<div class="wide">
            <button type="button" aria-pressed=${listing} aria-keyshortcuts="l" @click=${() => this.#toggleList()}>
              ${listing ? words.asScene : words.asList}
            </button>
          </div>`}
      ${listed
        ? thingList({
            things: nearest(this.#focused ?? things, centre, LIST_MOST),
            centre,
            placed: true,
            chosen: this.chosen?.key ?? null,
            now,
            words,
            choose: (thing) => this.#choose(thing, true),
          })
        : nothing}
      ${layerList({
        layers: this.#layers,
        shown: (layer) => this.#shown(layer),
        failed: this.#holdings?.failed ?? new Set(),
        now,
        words,
        toggle: (layer) => this.#toggleLayer(layer),
      })}
      ${this.#gaps()}
    `;
  }

  #gaps(): unknown {
    const gaps = this.#holdings?.city?.gaps ?? [];
    if (gaps.length === 0) return nothing;
    const { words } = this;
    return html`<section>
      <details class="gaps">
        <summary>${words.gaps}</summary>
        <ul>
          ${gaps.map((each) => html`<li><strong>${each.name}</strong>: ${each.reason[words.language]}</li>`)}
        </ul>
      </details>
    </section>`;
  }

  #info(thing: Thing): unknown {
    const { words, now } = this;
    const all = this.#visible();
    const inside = (name: string) =>
      all.filter((each) => kind(each.layer) === name && contains(thing.feature.geometry, each) && (name !== "roadwork" || each.feature.phase === "running")).length;
    return info({
      thing,
      district: all.find((each) => kind(each.layer) === "district" && contains(each.feature.geometry, thing)) ?? null,
      within: kind(thing.layer) === "district" ? [inside("roadwork"), inside("counter"), inside("air-station")] : [0, 0, 0],
      now,
      words,
      close: () => this.#close(true),
    });
  }

  #sources(): string {
    const shown = this.#layers.filter((each) => each.revision !== null && this.#shown(each));
    const names = [...new Set(shown.map((each) => each.attribution).filter(Boolean))];
    const notice = this.#holdings?.city?.notice?.[this.speech];
    return [`${this.words.sources}: ${names.join(" · ") || "–"}`, ...(notice ? [notice] : [])].join(" · ");
  }
}
