import type { Picture } from "./picture.js";
import { raise } from "./stage.js";
import { breathe } from "./slices.js";
import type { Story } from "./story.js";

/** Where a story is told: the element that holds the canvas. */
export interface Host {
  readonly renderRoot: ParentNode;
  readonly updateComplete: Promise<boolean>;
  requestUpdate(): void;
  /** Whether this story is told still: another city may have been asked for. */
  tells(story: Story): boolean;
  /** A picture was raised. */
  show(story: Story, picture: Picture): void;
}

type Code = Promise<typeof import("./scene/scene.js")>;

/** Fetch a city and raise its picture: the scene, a map where there is no WebGL, else nothing but words. */
export class Opening {
  #staging: Promise<void> | null = null;

  constructor(
    private readonly host: Host,
    private readonly story: Story,
  ) {}

  async open(): Promise<void> {
    const { story } = this;
    const { holdings } = story;
    await breathe(); // to read the script took long enough
    // The scene's code travels while the city answers.
    const code: Code = import("./scene/scene.js");
    code.catch(() => undefined); // told where it is used
    const loaded = holdings.load(() => {
      story.changed();
      // With the layers it is known which tiles are wanted.
      if (!story.scene && holdings.listed) this.#staging ??= this.#stage(code);
    });
    await loaded.catch(() => (story.trouble = "no-city"));
    await this.#staging;
    await breathe();
    if (story.trouble === "no-city" || story.trouble === "no-picture") story.loading = false;
    performance.mark("city-twin:data");
    await story.tell();
  }

  async #stage(code: Code): Promise<void> {
    try {
      const { CityScene } = await code;
      await this.#raised("canvas", (canvas, marks, done) => raise(CityScene, this.story, canvas, marks, done, () => void this.#lost()));
    } catch {
      await this.#map();
    }
    await breathe(); // to raise it took long enough
    this.story.changed();
  }

  /** The graphics card does not draw any more: the map takes the scene's place. */
  async #lost(): Promise<void> {
    const { host, story } = this;
    if (!host.tells(story)) return;
    const { scene } = story;
    scene?.dispose();
    story.scene = null; // else whoever moves it would let it fetch tiles again
    await this.#map();
    const { scene: map } = this.story;
    if (scene) map?.eye.go({ ...scene.view, heading: 0, pitch: 90 }, false);
    story.changed();
    if (story.told) map?.arrived();
  }

  /** Without WebGL: the city as a map, beside the list. */
  async #map(): Promise<void> {
    const { story } = this;
    try {
      story.mapped = true;
      story.list.set(true);
      this.host.requestUpdate();
      const { raiseMap } = await import("./flat/raise.js");
      await this.#raised("canvas.map", (canvas, marks, done) => raiseMap(story, canvas, marks, done));
    } catch {
      story.trouble = "no-picture";
      story.loading = false;
    }
  }

  async #raised(found: string, by: (canvas: HTMLCanvasElement, marks: HTMLElement, done: () => void) => Picture | Promise<Picture>): Promise<void> {
    const { host, story } = this;
    await host.updateComplete;
    const canvas = host.renderRoot.querySelector<HTMLCanvasElement>(found);
    const marks = host.renderRoot.querySelector<HTMLElement>(".marks");
    if (!canvas || !marks || !host.tells(story)) return;
    const picture = await by(canvas, marks, () => host.requestUpdate());
    if (host.tells(story)) host.show(story, picture);
    else picture.dispose();
  }
}
