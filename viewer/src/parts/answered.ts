import { html } from "lit";
import { silence } from "../data/here.js";
import type { Answer, Inquiry } from "../data/inquiry.js";
import type { Service } from "../data/service.js";
import type { Thing } from "../data/types.js";
import { CHART } from "../words/chart.js";
import type { Words } from "../words/index.js";

/** What it takes to tell how the values of a station went. */
export interface CourseState {
  thing: Thing;
  now: Date;
  words: Words;
  service: Service;
  inquiry: Inquiry;
}

/** What is shown until an answer is there, or where there will be none. */
export function answered<T>(answer: Answer<T>, question: string, { inquiry, words }: CourseState, show: (value: T) => unknown): unknown {
  const speech = CHART[words.register];
  switch (answer.state) {
    case "asked":
      return html`<p class="quiet waiting" role="status">${speech.loading}</p>`;
    case "failed":
      return html`<p class="warn" role="alert">${speech.failed} <button type="button" class="link" @click=${() => inquiry.again(question)}>${words.retry}</button></p>`;
    case "here":
      return show(answer.value);
  }
}

/** The end of what is shown: the newest value where a station has fallen silent, else the shown time. */
export function endOf({ thing, now }: Pick<CourseState, "thing" | "now">): Date {
  return silence(thing, now)?.since ?? now;
}
