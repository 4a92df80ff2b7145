import { css } from "lit";

/** Colours, sizes and letters: day, night and forced colours. Everything else refers to these names. */
export const theme = css`
  :host {
    --paper: #fdfbf6;
    --paper-2: #f3efe6;
    --ink: #22272c;
    --ink-2: #545c63;
    --rule: #dcd6c9;
    --rule-2: #8a8577; /* of controls: 3:1 and more on paper */
    --link: #1b5a97;
    --focus: #1b5a97;
    --traffic: #1f68a8;
    --construction: #b34a00;
    --construction-fill: #e57a1a;
    --environment: #2b7350;
    --model: #6d6257;
    --ok: #2b7350;
    --warn: #8a5a00;
    --bad: #a3262a;
    --sky-1: #b9d3e6;
    --sky-2: #eef2ef;
    --halo: rgb(253 251 246 / 0.92);
    --shadow: 0 1px 2px rgb(40 34 20 / 0.14), 0 6px 24px rgb(40 34 20 / 0.14);
    --ramp-0: #fde725;
    --ramp-1: #a0da39;
    --ramp-2: #4ac16d;
    --ramp-3: #1fa187;
    --ramp-4: #277f8e;
    --ramp-5: #365c8d;
    --ramp-6: #46327e;
    --ramp-7: #440154;
    --column-0: #727e16;
    --column-1: #1f8a70;
    --column-2: #2b6ca3;
    --column-3: #4b3b92;
    --column-4: #30083a;
    --rem: max(1REM, 16px); /* in capitals: not to be scaled by itself */
    --letters: "Noto Sans", "Source Sans 3", "Segoe UI", Roboto, Ubuntu, Cantarell, "Helvetica Neue", system-ui, sans-serif;
    color-scheme: light dark;
    display: block;
    position: relative;
    /* Clipped, not hidden: what is hidden can still be scrolled to, and all would stand higher. */
    overflow: clip;
    /* Its own box decides on the layout, not the window: it may be a small one in a large page. */
    container-type: size;
    height: 100%;
    min-height: 22rem;
    background: linear-gradient(var(--sky-1), var(--sky-2));
    color: var(--ink);
    font: 400 var(--rem)/1.45 var(--letters);
  }
  @media screen and (prefers-color-scheme: dark) {
    :host {
      --paper: #20262d;
      --paper-2: #2a323a;
      --ink: #eef0ec;
      --ink-2: #b7bfc4;
      --rule: #3f4952;
      --rule-2: #7d8993;
      --link: #9cc8f0;
      --focus: #9cc8f0;
      --traffic: #7fb8ea;
      --construction: #ffa35a;
      --construction-fill: #f08a2e;
      --environment: #83cfa5;
      --model: #c9bda9;
      --ok: #83cfa5;
      --warn: #f0c46a;
      --bad: #ff9a94;
      --sky-1: #1a222d;
      --sky-2: #3a4654;
      --halo: rgb(32 38 45 / 0.92);
      --shadow: 0 0 0 1px rgb(255 255 255 / 0.09), 0 1px 2px rgb(0 0 0 / 0.4), 0 6px 24px rgb(0 0 0 / 0.4);
      --ramp-0: #440154;
      --ramp-1: #46327e;
      --ramp-2: #365c8d;
      --ramp-3: #277f8e;
      --ramp-4: #1fa187;
      --ramp-5: #4ac16d;
      --ramp-6: #a0da39;
      --ramp-7: #fde725;
      --column-0: #b07fc8;
      --column-1: #6a9cf0;
      --column-2: #3cc4b4;
      --column-3: #aed83c;
      --column-4: #fff0a0;
    }
  }
  @media (prefers-contrast: more) {
    :host {
      --ink-2: var(--ink);
      --rule: var(--ink-2);
      --rule-2: var(--ink);
      --shadow: 0 0 0 1.5px var(--ink);
    }
  }
  @media (forced-colors: active) {
    :host {
      --rule: CanvasText;
      --rule-2: ButtonText;
      --shadow: none;
    }
  }
  /* Alone on its page it fills the window; embedded, the page gives it a size. */
  :host([page]) {
    position: fixed;
    inset: 0;
    height: auto;
    min-height: 0;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  /* A title is brought before the reader by the page: told by a bar beside it, for there is nothing to press. */
  [tabindex="-1"]:focus-visible {
    outline: none;
    box-shadow: -0.35rem 0 0 var(--paper), -0.55rem 0 0 var(--focus);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
`;
