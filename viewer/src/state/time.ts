import type { Dates, Layer } from "../data/types.js";
import type { Story } from "../story.js";
import type { Spoken } from "../words/register.js";
import { Then } from "../words/dates.js";
import { instantOf } from "./instant.js";
import { following, placeOf, stopsOf } from "./stops.js";
import type { Stop } from "./stops.js";

/** A key that is held moves the slider, but the city only once it rests. */
const REST_MS = 180;
/** So long each date is shown while time plays, at least; longer for those who want little motion. */
const DWELL_MS = 1400;
const CALM_DWELL_MS = 2600;

/** The one time of all that is shown: where it can stand, where it stands, and whether it plays. */
export class Time {
  stops: Stop[] = [];
  /** Where the slider is while it is held; null where it shows what the city shows. */
  held: number | null = null;
  playing = false;
  /** What belongs to the instant asked for is on its way. */
  moving = false;
  /** The instant of all that is shown until that has come; null where nothing is on its way. */
  left: Date | null = null;
  /** The last move was a step by a button: where it led is told, as a slider tells it by itself. */
  stepped = false;
  /** What was chosen and is not there at the instant shown. */
  gone: Spoken | null = null;
  /** Grows with every move. */
  moves = 0;
  #dates = new Map<string, Dates>();
  /** Layers whose dates are known or on their way. */
  #sought = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly story: Story) {}

  /** The instant asked for; null is now. */
  get asked(): Date | null {
    const { datetime } = this.story.address;
    const at = (datetime && instantOf(datetime)) || null;
    return at && (at < this.story.service.clock.now ? new Then(at) : at);
  }

  /** Place of the slider among the stops. */
  get place(): number {
    return this.held ?? placeOf(this.stops, this.asked);
  }

  /** Go to an instant, null for now; the way back leads from the past to now. */
  travel(datetime: string | null): Promise<void> {
    const { address, bar } = this.story;
    if (!address.datetime && datetime) bar.enter("time");
    return this.show(datetime);
  }

  /** Show an instant: all that is shown moves there, and what there was stays until that has come. */
  async show(datetime: string | null): Promise<void> {
    const { story } = this;
    const { address, service, holdings } = story;
    if (!story.told || (address.datetime ?? null) === datetime) return;
    this.left ??= story.now;
    if (datetime) address.datetime = datetime;
    else delete address.datetime;
    const move = ++this.moves;
    this.moving = true;
    this.gone = null;
    service.moveTo(datetime);
    story.news.follow();
    story.remember();
    this.settle();
    const listed = (tiled: boolean) => story.scene?.travel?.(datetime, this.asked ?? service.clock.now, tiled);
    const arrived = () => {
      this.left = null;
      story.list.only = null; // what a word of the card named are things of the other time
      story.changed();
    };
    const lost = await holdings.travel(arrived, listed).then(() => false, () => true);
    if (move !== this.moves) return; // somewhere else by now
    this.left = null;
    this.moving = false;
    story.lost = lost;
    await story.choice.renew();
    story.remember();
    story.teller.requestUpdate();
  }

  /** Learn the dates with data anew. */
  async learn(): Promise<void> {
    this.#sought = new Set();
    await this.#seek();
  }

  /** Mark the dates of the layers that are shown. */
  settle(): void {
    const shown = this.#shown();
    const dates = shown.flatMap((each) => this.#dates.get(each.id) ?? []);
    if (this.held === null && !this.playing) this.stops = stopsOf(dates, this.story.service.clock.now, this.asked);
    this.story.teller.requestUpdate();
    if (this.story.told) void this.#seek();
  }

  #shown(): Layer[] {
    return this.story.layers.filter((each) => this.story.shown(each));
  }

  /** Ask for the dates of layers that are shown by now. An older service knows none: then a layer says since when it is as it is. */
  async #seek(): Promise<void> {
    const sought = this.#sought;
    const layers = this.#shown().filter((each) => !sought.has(each.id));
    if (layers.length === 0) return;
    for (const each of layers) sought.add(each.id);
    const found = await this.story.service.dates(layers.map((each) => each.id)).catch(() => null);
    if (sought !== this.#sought) return; // asked anew by now
    const known = found ?? layers.flatMap((each) => (each.holds_from ? [{ layer: each.id, revisions: [each.holds_from], days: [] }] : []));
    for (const each of known) this.#dates.set(each.layer, each);
    this.settle();
  }

  /** The slider is moved: the words follow, the city waits. */
  hold(place: number): void {
    this.stop();
    clearTimeout(this.#timer);
    this.held = place;
    this.stepped = false;
    this.story.teller.requestUpdate();
  }

  /** The slider is let go, or moved by a key: the city follows. */
  release(place: number): void {
    this.hold(place);
    this.#timer = setTimeout(() => this.#go(place), REST_MS);
  }

  /** One date on, or back: whatever lies close together on the slider is reached so. */
  step(by: 1 | -1): void {
    const place = this.place + by;
    if (!this.stops[place]) return;
    this.release(place);
    this.stepped = true;
  }

  /** Back to now. */
  now(): void {
    this.stop();
    clearTimeout(this.#timer);
    this.held = null;
    void this.travel(null);
  }

  /** Show one date after the other, from the one shown, or from the first. */
  play(): void {
    if (this.stops.length < 2) return;
    this.playing = true;
    document.addEventListener("visibilitychange", this.#onHidden);
    calm.addEventListener("change", this.#onCalm);
    this.#step(Math.max(0, following(this.stops, this.place)));
  }

  stop(): void {
    if (!this.playing) return;
    this.playing = false;
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#onHidden);
    calm.removeEventListener("change", this.#onCalm);
    this.story.teller.requestUpdate();
  }

  readonly #onHidden = (): void => {
    if (document.visibilityState === "hidden") this.stop();
  };

  /** Who begins to want little motion while it plays did not ask for this. */
  readonly #onCalm = (): void => {
    if (calm.matches) this.stop();
  };

  #step(place: number): void {
    const dwell = new Promise((rest) => (this.#timer = setTimeout(rest, calm.matches ? CALM_DWELL_MS : DWELL_MS)));
    void Promise.all([this.#go(place), dwell]).then(() => {
      if (!this.playing) return;
      const next = following(this.stops, place);
      if (next > place) this.#step(next);
      else this.stop();
    });
  }

  async #go(place: number): Promise<void> {
    const stop = this.stops[place];
    this.held = null;
    if (stop) await this.travel(stop.datetime);
  }
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");
