import type { TemplateResult } from "lit";
import { html, nothing } from "lit";
import type { Layer } from "../data/types.js";
import type { Story } from "../story.js";
import { licence } from "./layers.js";

/** Pages that the law wants beside ours, where the operator told them. */
export interface Legal {
  imprint: string | null;
  privacy: string | null;
}

/** Sources of what is shown, each once, with the demo's notice where no source says it: always there, all on demand. */
export function sources(story: Story, legal: Legal): TemplateResult {
  const { words, language } = story;
  const layers = story.layers.filter((each) => each.revision !== null && story.shown(each));
  const line = credits(
    layers.map((each) => each.attribution),
    Object.values(story.holdings.city?.notice ?? {}),
    language === "de" ? 0 : 1,
  );
  const from = (credit: string) => layers.filter((each) => each.attribution === credit);
  return html`<div class="foot" role="region" aria-label=${words.sources}>
    <details>
      <summary><span>${words.sources}: ${line.join(" · ") || "–"}</span></summary>
      <ul>
        ${line.map((credit) => html`<li>${credit}${about(from(credit), story)}</li>`)}
      </ul>
    </details>
    <nav aria-label=${words.about}>
      ${legal.imprint ? html`<a href=${legal.imprint}>${words.imprint}</a>` : nothing}
      ${legal.privacy ? html`<a href=${legal.privacy}>${words.privacyPolicy}</a>` : nothing}
      <a href=${new URL(`accessibility?lang=${story.register}`, story.service.base).href}>${words.statement}</a>
    </nav>
  </div>`;
}

function about(layers: readonly Layer[], { words, language }: Story): unknown {
  if (layers.length === 0) return "";
  const [first] = layers as [Layer];
  return html` – ${layers.map((each) => each.title[language]).join(", ")} (${licence(first, words)})`;
}

/** Distinct attributions; the notice (in the language at `spoken`) as well, unless one of them says all its words. */
export function credits(attributions: readonly (string | null)[], notices: readonly string[], spoken: number): string[] {
  const distinct = [...new Set(attributions.filter((each): each is string => Boolean(each?.trim())).map((each) => each.trim()))];
  const notice = notices[spoken] ?? notices[0];
  if (!notice) return distinct;
  const said = distinct.some((each) => notices.some((text) => wordsOf(text).every((word) => wordsOf(each).includes(word))));
  return said ? distinct : [...distinct, notice];
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? [];
}
