import { grouped } from "./data/here.js";
import { Holdings } from "./data/holdings.js";
import { formOf, isTimed, shownAtFirst, vanishes } from "./data/kinds.js";
import { phaseAt } from "./data/phase.js";
import { contains, middle } from "./data/places.js";
import { Service } from "./data/service.js";
import { key } from "./data/things.js";
import type { Feature, Language, Layer, Thing } from "./data/types.js";
import { kind } from "./data/types.js";
import { labelOf } from "./parts/label.js";
import type { CityScene, Hit } from "./scene/scene.js";
import { readAddress, writeFragment } from "./state/address.js";
import type { Address } from "./state/address.js";
import { date } from "./words/dates.js";
import type { Register, Words } from "./words/index.js";
import { WORDS, choose, languageOf } from "./words/index.js";

const NEAR_M = 380;
const FAR_M = 1400;
/** Whoever waits longer than this for the last tile gets the numbers of what there is. */
const PATIENCE_MS = 8000;
/** Marks the entry of the browser's history that the list was opened with. */
const LIST_STATE = { cityTwin: "list" };
const SITE_PITCH = 62;

/** What keeps the scene from being there; the words go on. */
export type Trouble = "none" | "no-webgl" | "no-city" | "no-tiles";
export type Picked = Hit | { kind: "things"; things: Thing[] } | null;

/** Who tells the story: redraws the page, and shows what was just chosen. */
export interface Teller {
  requestUpdate(): void;
  /** Something was chosen or the list was opened: bring it before the reader; done once all has its place. */
  present(what: "chosen" | "list"): Promise<void>;
}

/** What is shown, what is chosen, in which language: the state behind the page, kept in the address bar. */
export class Story {
  readonly address: Address;
  readonly service: Service;
  readonly holdings: Holdings;
  scene: CityScene | null = null;
  register: Register;
  chosen: Thing | null = null;
  listing: boolean;
  trouble: Trouble = "none";
  loading = true;
  /** The service has stopped answering. */
  lost = false;
  inView: Thing[] = [];
  /** The list shows only things with these keys, after a word of the card was followed. */
  focused: ReadonlySet<string> | null = null;
  /** The picture has come to rest once: what is in view can be counted. */
  settled = false;
  /** What the visitor has said of layers, by their names. */
  readonly #said = new Map<string, boolean>();
  /** Until all has come, the address stays as it was given. */
  #told = false;

  constructor(
    private readonly teller: Teller,
    base: string,
    city: string | null,
    language: string | null,
  ) {
    this.address = readAddress(location);
    this.register = choose([this.address.language, language], navigator.languages);
    this.listing = this.address.list ?? false;
    this.service = new Service(base, this.address.datetime ?? null);
    this.holdings = new Holdings(this.service, city, (layer) => this.shown(layer));
  }

  get words(): Words {
    return WORDS[this.register];
  }

  /** Of the texts that come from the service. */
  get language(): Language {
    return languageOf(this.register);
  }

  /** The instant that is shown: the one asked for, else now. */
  get now(): Date {
    const asked = this.address.datetime?.split("/").findLast((each) => each && each !== "..");
    return date(asked) ?? new Date();
  }

  get layers(): Layer[] {
    return this.holdings.layers;
  }

  /** Where one looks, or the city's heart where there is no scene. */
  get centre(): { lon: number; lat: number } {
    const [lon, lat] = this.holdings.city?.centre ?? [0, 0];
    return this.scene?.view ?? { lon, lat };
  }

  /** All has come that will come: choose what the address names, and keep the address from now on. */
  async tell(): Promise<void> {
    this.changed();
    await this.#chooseWanted();
    this.#told = true;
    this.remember();
    this.scene?.arrived();
    setTimeout(() => this.settle(), PATIENCE_MS);
  }

  /** From now on what is in view is counted; before, tiles and ground would make the numbers jump. */
  settle(): void {
    if (this.settled) return;
    this.settled = true;
    this.viewed();
  }

  /** Data, language or layers changed: bring scene and page up to date. */
  changed(): void {
    const { now, words, scene } = this;
    for (const { layer, feature } of this.holdings.things) if (isTimed(layer)) feature.phase = phaseAt(feature, now);
    scene?.setLayers(this.layers, (each) => this.shown(each));
    scene?.setThings(this.visible(), (thing) => labelOf(thing, now, words));
    this.#look();
    this.teller.requestUpdate();
  }

  async refresh(): Promise<void> {
    try {
      await this.holdings.refresh(() => this.changed());
      this.lost = false;
    } catch {
      this.lost = true; // what we have stays; the next minute asks again
    }
    this.changed(); // time has passed, whoever answered
  }

  /** Whether a layer is shown: as the visitor said, else as the address says, else by what it is. */
  shown(layer: Layer): boolean {
    return this.#said.get(layer.name) ?? this.address.layers?.includes(layer.name) ?? shownAtFirst(layer);
  }

  /** Things of the layers shown; a site of several areas is one thing. */
  visible(): Thing[] {
    const shown = this.holdings.things.filter((thing) => this.shown(thing.layer) && !(vanishes(thing.layer) && thing.feature.phase === "done"));
    const sites = new Set(grouped(shown.filter((each) => kind(each.layer) === "roadwork")));
    return shown.filter((each) => kind(each.layer) !== "roadwork" || sites.has(each));
  }

  /** The view came to rest. */
  viewed(): void {
    this.#look();
    this.remember();
    this.teller.requestUpdate();
  }

  #look(): void {
    if (this.listing) void this.holdings.look(this.centre, () => this.teller.requestUpdate());
    if (!this.scene) this.inView = this.visible();
    else if (this.settled) this.inView = this.scene.inView();
  }

  /** The things of the list: those that a word of the card named, else all. */
  get listed(): Thing[] {
    const { focused } = this;
    if (focused) return this.visible().filter((each) => focused.has(each.key));
    return [...this.visible(), ...this.holdings.nearby.filter((each) => this.shown(each.layer))];
  }

  remember(): void {
    if (!this.#told) return;
    const shown = this.layers.filter((each) => this.shown(each));
    const chosen = this.layers.some((each) => this.shown(each) !== shownAtFirst(each));
    const view = this.scene?.view;
    const fragment = writeFragment({
      ...(view ? { view } : {}),
      ...(chosen ? { layers: shown.map((each) => each.name) } : {}),
      ...(this.chosen ? { selected: this.chosen.key } : {}),
      ...(this.address.language ? { language: this.address.language } : {}),
      ...(this.listing ? { list: true } : {}),
    });
    if (fragment !== location.hash) history.replaceState(history.state, "", `${location.pathname}${location.search}${fragment}`);
  }

  /** Something in the scene was clicked, or Enter was pressed over it. */
  picked(hit: Picked): void {
    if (!hit) return this.close();
    if (hit.kind === "thing") return this.choose(hit.thing, false);
    if (hit.kind === "things") return this.approach(hit.things);
    const place = this.scene?.toLonLat(hit.point);
    if (!place) return;
    if (hit.kind === "feature") return this.#chooseRow(hit.layer, hit.row, place);
    const around = this.visible().filter((each) => formOf(each.layer) === "outline" && contains(each.feature.geometry, place));
    // A district says more of a place than what contains the whole city.
    const district = around.find((each) => kind(each.layer) === "district") ?? around[0];
    if (district) this.choose(district, false);
    else this.close();
  }

  choose(thing: Thing, fly: boolean): void {
    this.chosen = thing;
    this.scene?.choose({ key: thing.key, id: thing.feature.id });
    this.remember();
    this.teller.requestUpdate();
    // First the sheet takes its place; then it is known what it covers.
    void this.teller.present("chosen").then(() => {
      if (this.chosen?.key !== thing.key || !Number.isFinite(thing.lon)) return;
      if (fly) this.#fly(thing);
      else if (this.#told && !this.scene?.shows(thing)) this.#reveal(thing);
    });
  }

  /** Follow a word of the card: the things it counts, as a list. They are in view; the view stays. */
  follow(things: readonly Thing[]): void {
    if (things.length === 1) return this.choose(things[0] as Thing, true);
    this.close();
    this.openList(new Set(things.map((each) => each.key)));
  }

  /** Come closer to several things under one mark, and list them. */
  approach(things: readonly Thing[]): void {
    this.follow(things);
    if (things.length === 1) return;
    const lons = things.map((each) => each.lon);
    const lats = things.map((each) => each.lat);
    const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
    const size = Math.max((east - west) * 74_000, (north - south) * 111_000);
    const view = this.scene?.view;
    if (view) {
      this.scene?.eye.go({ ...view, lon: (west + east) / 2, lat: (south + north) / 2, range: Math.max(NEAR_M, size * 2) }, true);
    }
  }

  close(): void {
    if (!this.chosen) return;
    this.chosen = null;
    this.scene?.choose(null);
    this.remember();
    this.teller.requestUpdate();
  }

  toggleLayer(layer: Layer): void {
    this.#said.set(layer.name, !this.shown(layer));
    this.changed();
    this.remember();
    if (this.shown(layer)) void this.holdings.fetch(layer, () => this.changed());
  }

  /** Open the list, of these things only or of all; the browser's way back closes it. */
  openList(only: ReadonlySet<string> | null = null): void {
    this.focused = only;
    if (!this.listing) history.pushState(LIST_STATE, "");
    this.listing = true;
    this.remember();
    this.#look();
    this.teller.requestUpdate();
    void this.teller.present("list");
  }

  toggleList(): void {
    if (!this.listing) return this.openList();
    this.listing = false;
    this.focused = null;
    if (isList(history.state)) return history.back(); // what follows is told by `revisited`
    this.remember();
    this.teller.requestUpdate();
  }

  /** The browser went back or forth: the list is open where the address says so; all else stays. */
  revisited(): void {
    this.listing = readAddress(location).list ?? false;
    if (!this.listing) this.focused = null;
    this.remember();
    this.teller.requestUpdate();
  }

  speak(register: Register): void {
    this.address.language = register;
    this.register = register;
    this.changed();
    this.remember();
  }

  #chooseRow(layerId: string, row: Feature["properties"], place: { lon: number; lat: number }): void {
    const id = String(row["id"] ?? "");
    const known = this.holdings.things.find((each) => each.layer.id === layerId && each.feature.id === id);
    if (known) return this.choose(known, false);
    const layer = this.holdings.layer(layerId);
    if (!layer) return;
    const feature: Feature = { type: "Feature", id, geometry: null, properties: row };
    this.choose({ key: key(layer.id, id), layer, feature, ...place }, false);
    void this.#complete(layer, id);
  }

  /** A tile's row is short; the service knows all columns, dates among them. Without an answer the row stays. */
  async #complete(layer: Layer, id: string): Promise<void> {
    const feature = await this.service.item(layer.id, id).catch(() => null);
    if (!feature || this.chosen?.key !== key(layer.id, id)) return;
    this.chosen = { ...this.chosen, feature };
    this.teller.requestUpdate();
  }

  async #chooseWanted(): Promise<void> {
    const wanted = this.address.selected;
    if (!wanted || this.chosen) return;
    const known = this.holdings.things.find((each) => each.key === wanted);
    if (known) return this.choose(known, false);
    const [layerId, ...rest] = wanted.split("/");
    const layer = this.holdings.layer(layerId ?? "");
    // A link to something that is gone: the city opens without it.
    const feature = layer && (await this.service.item(layer.id, rest.join("/")).catch(() => null));
    if (layer && feature) this.choose({ key: wanted, layer, feature, lon: NaN, lat: NaN, ...middle(feature) }, false);
  }

  #fly(thing: Thing): void {
    const view = this.scene?.view;
    if (!view) return;
    const range = Math.min(view.range, formOf(thing.layer) === "outline" ? FAR_M : NEAR_M);
    // Sites lie in streets: from higher up the houses do not hide them.
    const pitch = kind(thing.layer) === "roadwork" ? Math.max(view.pitch, SITE_PITCH) : view.pitch;
    this.scene?.lookAt(thing, { ...view, range, pitch });
  }

  /** Bring a thing that the sheet has covered back into view, as near as it was. */
  #reveal(thing: Thing): void {
    const view = this.scene?.view;
    if (view) this.scene?.lookAt(thing, view);
  }
}

function isList(state: unknown): boolean {
  return (state as typeof LIST_STATE | null)?.cityTwin === LIST_STATE.cityTwin;
}
