import type { Service } from "./service.js";
import { JOINED, things } from "./things.js";
import type { City, Layer, Thing } from "./types.js";
import { kind } from "./types.js";

/** All that the viewer holds of one city. A layer that fails is named and stops nothing else. */
export class Holdings {
  city: City | null = null;
  layers: Layer[] = [];
  readonly failed = new Set<string>();
  readonly #things = new Map<string, Thing[]>();

  constructor(
    private readonly service: Service,
    private readonly id: string | null,
  ) {}

  /** The city and its layers; then the features of each joined layer, each telling `changed` as it comes. */
  async load(changed: () => void): Promise<void> {
    this.city = await this.service.city(this.id);
    changed();
    this.layers = await this.service.layers(this.city.id);
    changed();
    await this.#features(changed);
  }

  /** Ask again, quietly: states and values; what fails keeps what was there. */
  async refresh(changed: () => void): Promise<void> {
    if (!this.city) return this.load(changed);
    this.layers = await this.service.layers(this.city.id);
    await this.#features(changed);
  }

  layer(id: string): Layer | undefined {
    return this.layers.find((each) => each.id === id);
  }

  /** All things, in the layers' order. */
  get things(): Thing[] {
    return this.layers.flatMap((layer) => this.#things.get(layer.id) ?? []);
  }

  async #features(changed: () => void): Promise<void> {
    const joined = this.layers.filter((each) => each.revision !== null && JOINED.has(kind(each)));
    await Promise.all(
      joined.map(async (layer) => {
        try {
          this.#things.set(layer.id, things(layer, await this.service.items(layer.id)));
          this.failed.delete(layer.id);
        } catch {
          this.failed.add(layer.id);
        }
        changed();
      }),
    );
  }
}
