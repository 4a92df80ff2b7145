import type { Place } from "../data/coordinates.js";
import { inCity } from "../data/coordinates.js";
import type { Story } from "../story.js";
import type { View } from "./address.js";

/** A place that is no thing: one that was searched by its coordinates, or where the visitor is. */
export interface Spot extends Place {
  /** Where the visitor is: known to this page alone. */
  own: boolean;
  /** How exactly it is known, metres. */
  exact: number | null;
}

export type Trying = "asking" | "refused" | "unknown" | "far" | null;

const NEAR_M = 320;
const WAIT_MS = 20_000;
/** Steps, degrees, in which the neighbourhood of the visitor is asked for: no request tells the place. */
const COARSE = 0.004;

/** The one place that the visitor looks up, and the way to where he or she is. */
export class Spots {
  spot: Spot | null = null;
  /** What became of the question where the visitor is. */
  trying: Trying = null;
  #before: View | null = null;

  constructor(private readonly story: Story) {}

  /** Whether what is looked at would tell where the visitor is. */
  get secret(): boolean {
    return this.spot?.own === true;
  }

  /** The place around which data are asked for: never where the visitor is, only the field of a grid around it. */
  around(centre: Place): Place {
    if (!this.secret) return centre;
    const snap = (value: number) => Math.round(value / COARSE) * COARSE;
    return { lon: snap(centre.lon), lat: snap(centre.lat) };
  }

  /** Go to a place and mark it. */
  go(place: Place): void {
    this.#mark({ ...place, own: false, exact: null });
  }

  /** Ask the browser where the visitor is, and go there; the answer stays in this object. */
  locate(): void {
    if (!("geolocation" in navigator)) return this.#say("unknown");
    this.#say("asking");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.#found({ lon: coords.longitude, lat: coords.latitude }, coords.accuracy),
      (error) => this.#say(error.code === error.PERMISSION_DENIED ? "refused" : "unknown"),
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 0 },
    );
  }

  /** Take the mark away; from where the visitor is the eye goes back to where it was. */
  leave(): void {
    const { story, secret } = this;
    if (!this.spot) return;
    this.spot = null;
    this.trying = null;
    story.scene?.overlay?.set("spot", null);
    if (secret && story.scene) story.scene.eye.go(this.#before ?? story.scene.home, false);
    this.#before = null;
    story.remember();
    story.teller.requestUpdate();
  }

  #found(place: Place, exact: number): void {
    const { city } = this.story.holdings;
    if (!city || !inCity(place, city.bbox)) return this.#say("far");
    this.trying = null;
    if (!this.secret) this.#before = this.story.scene?.view ?? null;
    this.#mark({ ...place, own: true, exact });
  }

  #mark(spot: Spot): void {
    const { story } = this;
    if (this.secret && !spot.own) this.#before = null;
    this.spot = spot; // before anything moves: from now on the address tells no view
    story.close();
    story.remember();
    const { scene } = story;
    if (scene?.probe) scene.overlay?.set("spot", { kind: spot.own ? "you" : "pin", points: [scene.probe.stand(spot)] });
    story.teller.requestUpdate();
    void story.teller.present("spot").then(() => {
      if (this.spot !== spot || !scene) return;
      scene.eye.go({ ...scene.view, lon: spot.lon, lat: spot.lat, range: Math.min(scene.view.range, NEAR_M) }, true);
    });
  }

  #say(trying: Trying): void {
    this.trying = trying;
    this.story.teller.requestUpdate();
  }
}
