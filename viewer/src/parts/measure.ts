import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { crosses, measures } from "../scene/measures.js";
import type { Surface } from "../scene/probe.js";
import type { Story } from "../story.js";
import { MEASURE } from "../words/measure.js";
import { measured } from "../words/numbers.js";
import { icon } from "./icons.js";

/** Nearer to the ground than this a point lies on it, metres. */
const ON_GROUND_M = 0.3;
const LEVEL_M = 0.05;
/** Larger areas are told in square kilometres, longer ways in kilometres. */
const LARGE_M2 = 1_000_000;
const LONG_M = 10_000;
const MOST_POINTS = 100;

/** Measuring in the scene: points by mouse, finger or keyboard, what they tell in words. */
export class Measuring {
  readonly #points: Surface[] = [];
  #missed = false;

  constructor(private readonly story: Story) {
    story.scene?.overlay?.aim(() => story.scene?.middle ?? null);
  }

  /** A point of the canvas was meant, CSS pixels. */
  take(x: number, y: number): void {
    const hit = this.story.scene?.probe?.at(x, y) ?? null;
    this.#missed = !hit;
    if (hit && this.#points.length < MOST_POINTS) this.#points.push(hit);
    this.#draw();
  }

  /** Whether a key of the scene meant the measuring. */
  key({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
    if (ctrlKey || metaKey || altKey) return false;
    const acts: Record<string, () => void> = { " ": this.#aimed, Enter: this.#aimed, Backspace: this.#undo, Delete: this.#undo, Escape: this.end };
    acts[key]?.();
    return key in acts;
  }

  readonly end = (): void => {
    const { story } = this;
    story.scene?.overlay?.set("measure", null);
    story.scene?.overlay?.aim(null);
    story.measuring = null;
    story.teller.requestUpdate();
  };

  readonly #aimed = (): void => {
    const middle = this.story.scene?.middle;
    if (middle) this.take(...middle);
  };

  readonly #undo = (): void => {
    this.#points.pop();
    this.#missed = false;
    this.#draw();
  };

  readonly #clear = (): void => {
    this.#points.length = 0;
    this.#draw();
  };

  #draw(): void {
    const points = this.#points.map((each) => each.point);
    const closed = points.length > 2 && !crosses(points);
    this.story.scene?.overlay?.set("measure", { kind: "path", points, closed });
    this.story.teller.requestUpdate();
  }

  render(): TemplateResult {
    const { story } = this;
    const texts = MEASURE[story.register];
    const some = this.#points.length > 0;
    return html`<section class="info measure" role="region" aria-labelledby="measure-title">
      <header>
        <h2 id="measure-title" tabindex="-1">${texts.title}</h2>
        <button type="button" class="round" aria-label=${texts.end} title=${texts.end} @click=${this.end}>${icon("close")}</button>
      </header>
      <div role="status">${some || this.#missed ? this.#told() : html`<p>${texts.how}</p>`}</div>
      ${some ? this.#lengths() : nothing}
      <p class="quiet">${some ? texts.coarse : texts.keys}</p>
      <p class="acts">
        <button type="button" @click=${this.#aimed}>${texts.setHere}</button>
        ${some
          ? html`<button type="button" @click=${this.#undo}>${texts.undo}</button> <button type="button" @click=${this.#clear}>${texts.clear}</button>`
          : nothing}
      </p>
    </section>`;
  }

  /** What has changed with the last point, to be read out. */
  #told(): TemplateResult {
    const { words, register } = this.story;
    const texts = MEASURE[register];
    const last = this.#points.at(-1);
    const { ground, rise } = measures(this.#points.map((each) => each.point));
    const size = length(Math.abs(rise), words);
    return html`${this.#missed ? html`<p class="warn">${texts.nothing}</p>` : nothing}
      ${last ? html`<p>${texts.point(this.#points.length)} ${last.above < ON_GROUND_M ? texts.onGround : texts.above(length(last.above, words))}</p>` : nothing}
      ${this.#points.length > 1
        ? html`<p><strong>${texts.ground}: ${length(ground, words)}.</strong> ${Math.abs(rise) < LEVEL_M ? texts.level : rise > 0 ? texts.up(size) : texts.down(size)}</p>`
        : nothing}`;
  }

  #lengths(): TemplateResult | typeof nothing {
    const { words, register } = this.story;
    const texts = MEASURE[register];
    const points = this.#points.map((each) => each.point);
    if (points.length < 2) return nothing;
    const { air, area, around } = measures(points);
    const crossed = area !== null && crosses(points);
    return html`<dl>
        <dt>${texts.air}</dt>
        <dd>${length(air, words)}</dd>
        ${area === null || around === null || crossed
          ? nothing
          : html`<dt>${texts.area}</dt>
              <dd>${area > LARGE_M2 ? measured(area / LARGE_M2, "km2", words) : measured(area, "m2", words)}</dd>
              <dt>${texts.around}</dt>
              <dd>${length(around, words)}</dd>`}
      </dl>
      ${crossed ? html`<p class="warn">${texts.crosses}</p>` : nothing}`;
  }
}

function length(metres: number, words: Story["words"]): string {
  return metres > LONG_M ? measured(metres / 1000, "km", words) : measured(Math.round(metres * 10) / 10, "m", words);
}
