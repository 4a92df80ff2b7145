import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import { chainOf, storyOf } from "../data/chain.js";
import { insideOf } from "../data/inside.js";
import { leading } from "../data/values.js";
import { CHAIN } from "../words/chain.js";
import { HISTORY } from "../words/history.js";
import { INSIDE } from "../words/inside.js";
import { chain } from "./chain.js";
import { dressed } from "./dressed.js";
import { history } from "./history.js";
import type { InfoState } from "./info.js";
import { inside } from "./inside.js";

/** What lies in a district or another outline, counted when somebody wants to know. */
export function content(state: InfoState): TemplateResult {
  const { thing, words, service, inquiry, layers } = state;
  const speech = INSIDE[words.register];
  const of = layers.map((each) => each.revision).join();
  return folded("inside", speech.title, speech, state, () => inquiry.ask("inside", () => insideOf(service, thing, layers), of), (found) => inside(found, words));
}

/** "Woher kommt das?", asked for when somebody wants to know. */
export function origin(state: InfoState): TemplateResult {
  const { thing, words, now, service, inquiry } = state;
  const value = leading(thing, now);
  const speech = CHAIN[words.register];
  return folded("origin", speech.title, speech, state, () =>
    inquiry.ask("origin", () => chainOf(service, thing, value ?? undefined), value?.observed ?? ""), (found) => chain(found, thing, now, words));
}

/** What became of a thing, asked for when somebody wants to know. */
export function past(state: InfoState): TemplateResult {
  const { thing, words, now, service, inquiry } = state;
  const speech = HISTORY[words.register];
  return folded("past", speech.title, speech, state, () => inquiry.ask("past", () => storyOf(service, thing), String(thing.layer.revision)), (found) =>
    history(found, thing, now, words));
}

function folded<T>(
  part: string,
  title: string,
  speech: { loading: string; failed: string },
  { inquiry, words }: InfoState,
  ask: () => ReturnType<typeof inquiry.ask<T>>,
  show: (found: T) => unknown,
): TemplateResult {
  const answer = inquiry.isOpen(part) ? ask() : null;
  return html`<details class="closer" ${dressed()} ?open=${inquiry.isOpen(part)} @toggle=${(event: Event) => inquiry.fold(part, (event.target as HTMLDetailsElement).open)}>
    <summary>${title}</summary>
    ${answer?.state === "here"
      ? show(answer.value)
      : answer?.state === "failed"
        ? html`<p class="warn" role="alert">${speech.failed} <button type="button" class="link" @click=${() => inquiry.again(part)}>${words.retry}</button></p>`
        : answer
          ? html`<p class="quiet" role="status">${speech.loading}</p>`
          : nothing}
  </details>`;
}
