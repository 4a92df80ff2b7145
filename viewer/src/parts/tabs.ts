import type { TemplateResult } from "lit";
import { html } from "lit";

export interface Tabs<T extends string> {
  label: string;
  choices: readonly { value: T; title: string }[];
  chosen: T;
  pick: (value: T) => void;
  content: unknown;
}

/** Tabs as the ARIA authoring practices have them: arrows, Home and End choose; Tab leads on to the content. */
export function tabs<T extends string>({ label, choices, chosen, pick, content }: Tabs<T>): TemplateResult {
  const onKey = (event: KeyboardEvent) => {
    const place = choices.findIndex((each) => each.value === chosen);
    const last = choices.length - 1;
    const next = { ArrowLeft: place === 0 ? last : place - 1, ArrowRight: place === last ? 0 : place + 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    (event.currentTarget as Element).querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
    pick((choices[next] as { value: T }).value);
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${onKey}>
      ${choices.map(
        ({ value, title }) =>
          html`<button type="button" role="tab" id="tab-${value}" aria-controls="tab-content" aria-selected=${value === chosen} tabindex=${value === chosen ? 0 : -1} @click=${() => pick(value)}>
            ${title}
          </button>`,
      )}
    </div>
    <div id="tab-content" role="tabpanel" aria-labelledby="tab-${chosen}">${content}</div>`;
}
