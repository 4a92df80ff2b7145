import { Holdings } from "./data/holdings.js";
import { Inquiry } from "./data/inquiry.js";
import { isTimed } from "./data/kinds.js";
import { phaseAt } from "./data/phase.js";
import { Service } from "./data/service.js";
import type { Part } from "./focus.js";
import type { Language, Layer, Thing } from "./data/types.js";
import { Crier } from "./parts/crier.js";
import { Instruments } from "./parts/instruments.js";
import type { Measuring } from "./parts/measure.js";
import type { Sunny } from "./parts/sunny.js";
import { heard } from "./parts/list.js";
import type { Picture } from "./picture.js";
import type { Address } from "./state/address.js";
import type { Bar } from "./state/bar.js";
import { Columned } from "./state/columns.js";
import { Choice, rangeOf } from "./state/choice.js";
import type { Picked } from "./state/choice.js";
import { Listing } from "./state/listing.js";
import { News } from "./state/news.js";
import { Permalink } from "./state/permalink.js";
import { Shown } from "./state/shown.js";
import { Spelling } from "./state/spelling.js";
import { Spots } from "./state/spots.js";
import { Time } from "./state/time.js";
import type { Register, Words } from "./words/index.js";
import { WORDS, choose, languageOf } from "./words/index.js";

/** Whoever waits longer than this for the last tile gets the numbers of what there is. */
const PATIENCE_MS = 8000;

/** What keeps the scene from being there; the words go on. */
export type Trouble = "none" | "no-picture" | "no-city" | "no-tiles" | "no-tiles-then";

/** Who tells the story: redraws the page, and shows what was just chosen. */
export interface Teller {
  requestUpdate(): void;
  /** Something was chosen or the list was opened: bring it before the reader; done once all has its place. */
  present(what: Part): Promise<void>;
}

/** What is shown, what is chosen, in which language: the state behind the page, kept in the address bar or by the element. */
export class Story {
  readonly address: Address;
  readonly choice = new Choice(this);
  readonly list: Listing;
  readonly showing = new Shown(this);
  /** What the columns of stations show. */
  readonly columns = new Columned(this);
  readonly permalink = new Permalink(this);
  readonly time = new Time(this);
  readonly news: News;
  readonly spots = new Spots(this);
  readonly spelling = new Spelling(this);
  readonly instruments = new Instruments(this);
  /** Being measured with, once asked for. */
  measuring: Measuring | null = null;
  /** Sun and shadow at a place, once asked for. */
  sunny: Sunny | null = null;
  readonly service: Service;
  readonly holdings: Holdings;
  scene: Picture | null = null;
  /** What is asked about the chosen thing. */
  readonly inquiry: Inquiry;
  /** What is asked about layers: how many of what. */
  readonly counted: Inquiry;
  register: Register;
  trouble: Trouble = "none";
  /** There is no WebGL: the city is shown as a map. */
  mapped = false;
  loading = true;
  /** Tiles that could not be had. */
  broken = 0;
  /** The service has stopped answering. */
  lost = false;
  inView: Thing[] = [];
  /** The picture has come to rest once: what is in view can be counted. */
  settled = false;
  /** Says what is in view to those who hear the page. */
  readonly crier = new Crier(() => heard(this.list.seen, this.centre, this.words), () => this.teller.requestUpdate());
  /** Until all has come, the address stays as it was given. */
  told = false;

  constructor(
    readonly teller: Teller,
    base: string,
    readonly bar: Bar,
    city: string | null,
    language: string | null,
  ) {
    this.address = bar.read();
    this.register = choose([this.address.language, language], navigator.languages);
    this.list = new Listing(this, this.address.list ?? false);
    this.service = new Service(base, this.address.datetime ?? null);
    this.news = new News(this);
    this.holdings = new Holdings(this.service, city, (layer) => this.shown(layer), this.spelling.spell);
    this.inquiry = new Inquiry(() => teller.requestUpdate());
    this.counted = new Inquiry(() => teller.requestUpdate());
    this.spelling.follow();
  }

  get words(): Words {
    return WORDS[this.register];
  }

  /** Of the texts that come from the service. */
  get language(): Language {
    return languageOf(this.register);
  }

  /** The instant that is shown: the one asked for once it has come, else now. */
  get now(): Date {
    return this.time.left ?? this.time.asked ?? this.service.clock.now;
  }

  /** There is a picture, or there will be none: what could wait for that may come now. */
  get begun(): boolean {
    return this.settled && !this.loading;
  }

  get chosen(): Thing | null {
    return this.choice.thing;
  }

  get listing(): boolean {
    return this.list.open;
  }

  /** The list shows only some things, after a word of the card was followed. */
  get focused(): boolean {
    return this.list.only !== null;
  }

  get listed(): Thing[] {
    return this.list.things;
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
    await this.choice.find(this.address.selected);
    if (this.listing && this.address.list && !this.chosen && !this.told) void this.teller.present("list"); // a link to the list shows it
    this.permalink.check(this.address);
    this.told = true;
    this.remember();
    this.bar.own();
    this.scene?.arrived();
    this.news.follow();
    void this.time.learn();
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
    const { now, scene } = this;
    for (const { layer, feature } of this.holdings.things) if (isTimed(layer)) feature.phase = phaseAt(feature, now);
    scene?.setLayers(this.layers, (each) => this.shown(each));
    scene?.setDye?.(this.address.colour ?? null);
    this.columns.renew();
    this.dress();
    this.look();
    this.teller.requestUpdate();
  }

  /** Let things stand in the scene as they do now, and their marks say what they say. */
  dress(): void {
    this.scene?.setThings(this.visible(), this.columns.label, this.columns.stand, this.showing.areas());
  }

  async refresh(): Promise<void> {
    const { moves } = this.time;
    try {
      await this.holdings.refresh(() => this.changed());
      this.lost = false;
    } catch {
      this.lost ||= moves === this.time.moves; // what we have stays; the next minute asks again
    }
    this.changed(); // time has passed, whoever answered
  }

  /** A minute has passed: what comes by itself need not be asked for. */
  async pass(): Promise<void> {
    this.scene?.shine?.(this.now);
    if (this.trouble === "no-tiles") this.again(); // a tile that stays broken would cost all others each time
    if ((this.news.open || this.address.datetime) && !this.lost) this.changed();
    else await this.refresh();
    this.time.settle();
  }

  /** Fetch the parts of the picture once more that could not be had. */
  again(): void {
    if (this.trouble === "no-tiles" || this.broken > 0) this.scene?.renew?.();
  }

  shown(layer: Layer): boolean {
    return this.showing.layer(layer);
  }

  visible(): Thing[] {
    return this.showing.things();
  }

  /** The view came to rest. */
  viewed(): void {
    if (this.columns.viewed()) this.dress();
    this.look();
    this.remember();
    const { lon, lat, range, heading } = this.scene?.view ?? { ...this.centre, range: 0, heading: 0 };
    if (this.settled) this.crier.rested([lon.toFixed(4), lat.toFixed(4), range.toFixed(0), heading.toFixed(0)].join());
    this.teller.requestUpdate();
  }

  /** See what is in view, and what the list needs around it. */
  look(): void {
    if (this.listing) void this.holdings.look(this.spots.around(this.centre), () => this.teller.requestUpdate());
    if (!this.scene) this.inView = this.visible();
    else if (this.settled) this.inView = this.scene.inView();
  }

  remember(): void {
    if (this.told) this.permalink.write();
  }

  /** Something in the scene was clicked, or Enter was pressed over it. */
  picked(hit: Picked): void {
    this.choice.picked(hit);
  }

  choose(thing: Thing, fly: boolean, reach = 0): void {
    this.choice.choose(thing, fly, reach);
  }

  close(): void {
    this.choice.close();
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
    const view = this.scene?.view;
    if (things.length > 1 && view) this.scene?.eye.go({ ...view, ...rangeOf(things) }, true);
  }

  /** Colour buildings by a column, or as they are built. */
  paint(column: string | null): void {
    if (column) this.address.colour = column;
    else delete this.address.colour;
    this.changed();
    this.remember();
  }

  toggleLayer(layer: Layer): void {
    this.showing.toggle(layer);
    this.changed();
    this.remember();
    if (this.shown(layer)) void this.holdings.fetch(layer, () => this.changed());
    this.news.follow();
    this.time.settle();
  }

  openList(only: ReadonlySet<string> | null = null): void {
    this.list.show(only);
  }

  toggleList(): void {
    this.list.toggle();
  }

  /** The browser went back or forth. */
  revisited(): void {
    this.permalink.read();
    this.remember();
    this.teller.requestUpdate();
  }

  speak(register: Register): void {
    this.address.language = register;
    this.register = register;
    this.spelling.follow();
    this.changed();
    this.remember();
  }
}
