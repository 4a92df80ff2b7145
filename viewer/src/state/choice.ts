import { formOf } from "../data/kinds.js";
import { circle, contains, middle } from "../data/places.js";
import { ServiceError } from "../data/service.js";
import { key } from "../data/things.js";
import type { Feature, Geometry, Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Hit } from "../picture.js";
import type { Story } from "../story.js";
import type { Spoken } from "../words/register.js";

const NEAR_M = 380;
const FAR_M = 1400;
/** So many times as far as a thing reaches one stands back. */
const REACH = 2.4;
const SITE_PITCH = 62;
const CROWN_M = 6;
const AROUND_M = 0.5;

export type Picked = Hit | { kind: "things"; things: Thing[] } | null;

/** The one thing that the visitor has chosen, and the ways to choose it. */
export class Choice {
  thing: Thing | null = null;

  constructor(private readonly story: Story) {}

  /** Something in the scene was clicked, or Enter was pressed over it. */
  picked(hit: Picked): void {
    if (!hit) return this.close();
    if (hit.kind === "thing") return this.choose(hit.thing, false);
    if (hit.kind === "things") return this.story.approach(hit.things);
    const place = this.story.scene?.toLonLat(hit.point);
    if (!place) return;
    if (hit.kind === "feature") return this.#chooseRow(hit.layer, hit.row, place);
    const around = this.story.visible().filter((each) => formOf(each.layer) === "outline" && contains(each.feature.geometry, place));
    // A district says more of a place than what contains the whole city.
    const district = around.find((each) => kind(each.layer) === "district") ?? around[0];
    if (district) this.choose(district, false);
    else this.close();
  }

  /** Choose a thing; `reach`: how far it reaches from its middle, metres, where it is more than a point. */
  choose(thing: Thing, fly: boolean, reach = 0): void {
    const { story } = this;
    const opened = story.told;
    this.thing = thing;
    if (!story.spots.secret) story.spots.leave();
    this.#show(thing);
    story.remember();
    story.teller.requestUpdate();
    // First the sheet takes its place; then it is known what it covers.
    void story.teller.present("chosen").then(() => {
      if (this.thing?.key !== thing.key || !Number.isFinite(thing.lon)) return;
      if (fly) this.#fly(thing, reach, opened);
      else if (story.told && !story.scene?.shows(thing)) this.#reveal(thing);
    });
  }

  close(): void {
    if (!this.thing) return;
    this.thing = null;
    this.story.scene?.choose(null);
    this.story.remember();
    this.story.teller.requestUpdate();
  }

  /** Choose what a link names, near by where it names no view; a link to something that is gone opens the city without it. */
  async find(wanted: string | undefined): Promise<void> {
    if (!wanted || this.thing) return;
    const { address, holdings, service } = this.story;
    const near = !address.view;
    const known = holdings.things.find((each) => each.key === wanted);
    if (known) return this.choose(known, near);
    const [layerId, ...rest] = wanted.split("/");
    const layer = holdings.layer(layerId ?? "");
    const feature = layer && (await service.item(layer.id, rest.join("/")).catch(() => null));
    if (layer && feature) this.choose({ key: wanted, layer, feature, lon: NaN, lat: NaN, ...middle(feature) }, near);
  }

  /** What was chosen as it is at the instant shown now; what is not there then is let go, by name. */
  async renew(): Promise<void> {
    const { thing, story } = this;
    if (!thing) return;
    const known = story.holdings.things.find((each) => each.key === thing.key);
    const feature = known?.feature ?? (await story.service.item(thing.layer.id, thing.feature.id).catch(gone));
    if (this.thing !== thing) return;
    if (feature === null) {
      story.time.gone = nameOf(thing);
      this.close();
    } else if (feature) this.thing = known ?? { ...thing, feature };
    story.teller.requestUpdate();
  }

  #chooseRow(layerId: string, row: Feature["properties"], place: { lon: number; lat: number }): void {
    const { holdings } = this.story;
    const id = String(row["id"] ?? "");
    const known = holdings.things.find((each) => each.layer.id === layerId && each.feature.id === id);
    if (known) return this.choose(known, false);
    const layer = holdings.layer(layerId);
    if (!layer) return;
    const feature: Feature = { type: "Feature", id, geometry: null, properties: row };
    this.choose({ key: key(layer.id, id), layer, feature, ...place }, false);
    void this.complete(layer.id, id);
  }

  /** A tile's row is short; the service knows all columns, dates among them. Without an answer the row stays. */
  async complete(layer: string, id: string): Promise<void> {
    const feature = await this.story.service.item(layer, id).catch(() => null);
    if (!feature || this.thing?.key !== key(layer, id)) return;
    this.thing = { ...this.thing, feature };
    this.#show(this.thing);
    this.story.teller.requestUpdate();
  }

  /** Of a building the floor plan is shown, too, and of a tree how far its crown reaches; what else lies on the ground is seen as it is. */
  #show(thing: Thing): void {
    const { key, feature, layer } = thing;
    const plan = kind(layer) === "building" ? feature.geometry : kind(layer) === "tree" ? reachOf(thing) : null;
    this.story.scene?.choose({ key, ids: new Set([thing, ...partsOf(thing, this.story.showing.areas())].map((each) => each.feature.id)), plan });
  }

  /** Come near a thing; while the page opens nothing flies. */
  #fly(thing: Thing, reach: number, motion: boolean): void {
    const { scene } = this.story;
    if (!scene) return;
    const { view } = scene;
    const { lon, lat, range: wide } = rangeOf([thing, ...partsOf(thing, this.story.showing.areas())]);
    const range = Math.min(view.range, Math.max(formOf(thing.layer) === "outline" ? FAR_M : wide, reach * REACH));
    // Sites lie in streets: from higher up the houses do not hide them.
    const pitch = kind(thing.layer) === "roadwork" ? Math.max(view.pitch, SITE_PITCH) : view.pitch;
    scene.lookAt({ ...thing, lon, lat }, { ...view, range, pitch }, motion);
  }

  /** Bring a thing that the sheet has covered back into view, as near as it was. */
  #reveal(thing: Thing): void {
    const { scene } = this.story;
    if (scene) scene.lookAt(thing, scene.view, true);
  }
}

/** All areas of a site. */
function partsOf({ layer, feature }: Thing, areas: readonly Thing[]): Thing[] {
  const { site } = feature.properties;
  return site ? areas.filter((each) => each.layer.id === layer.id && each.feature.properties["site"] === site) : [];
}

/** Around a tree, a little further than its crown; of a crown that nobody knows one guesses. */
function reachOf({ feature, lon, lat }: Thing): Geometry | null {
  const crown = Number(feature.properties["crown_m"]);
  return Number.isFinite(lon) ? circle(middle(feature) ?? { lon, lat }, (crown > 0 ? crown : CROWN_M) / 2 + AROUND_M) : null;
}

/** Null for what is not there; undefined where nobody could say. */
function gone(error: unknown): null | undefined {
  return error instanceof ServiceError && error.status === 404 ? null : undefined;
}

function nameOf({ feature, layer }: Thing): Spoken {
  const { name, title } = feature.properties;
  const own = typeof name === "string" && name ? name : typeof title === "string" && title ? title : null;
  return own ? { de: own, en: own, ls: own } : { ...layer.title, ls: layer.title.de };
}

/** How far away one stands to see all of several things, metres. */
export function rangeOf(things: readonly Thing[]): { lon: number; lat: number; range: number } {
  const lons = things.map((each) => each.lon);
  const lats = things.map((each) => each.lat);
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
  const size = Math.max((east - west) * 74_000, (north - south) * 111_000);
  return { lon: (west + east) / 2, lat: (south + north) / 2, range: Math.max(NEAR_M, size * 2) };
}
