import { css } from "lit";

/** Where the parts stand: panel left and scene full-bleed; on a phone a sheet from below. */
export const layout = css`
  .scene {
    position: absolute;
    inset: 0;
  }
  .scene canvas {
    display: block;
    width: 100%;
    height: 100%;
    touch-action: none;
  }
  .scene canvas:focus-visible {
    outline-offset: -4px;
  }
  .marks {
    position: absolute;
    inset: 0;
    isolation: isolate; /* none of them stands above the sheet */
    overflow: clip;
    contain: strict; /* a mark that comes or goes lays out the marks anew, and not the panel */
    pointer-events: none;
  }
  .panel {
    position: absolute;
    inset: 0.75rem auto 2.6rem 0.75rem;
    width: min(23rem, calc(100% - 1.5rem));
    display: flex;
    flex-direction: column;
    gap: 0.75rem;
    pointer-events: none;
  }
  .sheet {
    pointer-events: auto;
    /* Not wholly opaque: Chromium takes an opaque scroller to hide what it once lay upon, and leaves a hole in the scene. */
    background: color-mix(in srgb, var(--paper) 99.6%, transparent);
    border-radius: 0.9rem;
    box-shadow: var(--shadow);
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    min-height: 0;
  }
  .head {
    position: relative;
    z-index: 1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 0.5rem;
    padding: 0.7rem 1rem 0.25rem;
    background: var(--paper);
  }
  .name {
    display: contents;
  }
  .head h1 {
    flex: 1;
    margin: 0;
    font-size: 1.25rem;
    font-weight: 650;
    letter-spacing: -0.01em;
    line-height: 1.2;
  }
  .as-list {
    display: flex;
    align-items: center;
    gap: 0.4rem;
    border: 1.5px solid var(--rule-2);
    border-radius: 0.7rem;
    padding: 0 0.75rem;
    font-weight: 600;
    white-space: nowrap;
  }
  .as-list svg {
    width: 1.25rem;
    height: 1.25rem;
  }
  .as-list:hover {
    background: var(--paper-2);
  }
  .languages {
    display: flex;
    flex-wrap: wrap;
    border: 0;
    margin: 0;
    padding: 0 0.55rem;
  }
  .languages button {
    min-width: 2.75rem;
    min-height: 2.75rem;
    padding: 0 0.45rem;
    text-align: left;
    border-radius: 0.5rem;
    color: var(--ink-2);
  }
  .languages button[aria-pressed="true"] {
    color: var(--ink);
    font-weight: 700;
    text-decoration: underline;
    text-underline-offset: 0.3em;
    text-decoration-thickness: 2px;
  }
  .notice {
    display: inline-block;
    order: 1;
    margin: 0.15rem 0 0;
    padding: 0.05rem 0.35rem;
    border-radius: 0.4rem;
    background: #ffe9a8;
    color: #3d2f00;
    font-size: 0.875rem;
    font-weight: 600;
  }
  .then {
    margin: 0.3rem 1rem;
  }
  .tools {
    position: absolute;
    right: 0.75rem;
    bottom: 2.7rem;
    display: grid;
    gap: 0.5rem;
  }
  .tools .pair {
    display: grid;
    border-radius: 0.75rem;
    box-shadow: var(--shadow);
    overflow: hidden;
  }
  .tools button {
    width: 2.75rem;
    height: 2.75rem;
    display: grid;
    place-items: center;
    padding: 0;
    background: var(--paper);
    color: var(--ink);
    border-radius: 0.75rem;
    box-shadow: var(--shadow);
    font-weight: 650;
  }
  .tools .pair button {
    border-radius: 0;
    box-shadow: none;
  }
  .tools .pair button + button {
    border-top: 1px solid var(--rule);
  }
  .tools button:hover {
    background: var(--paper-2);
  }
  .tools button:focus-visible {
    outline-offset: -3px;
  }
  .tools svg {
    width: 1.35rem;
    height: 1.35rem;
  }
  /* Said by the button's name already, in the same letters. */
  .written::before {
    content: attr(data-text);
  }
  .needle {
    transform-origin: center;
  }
  .foot {
    position: absolute;
    left: 0;
    right: 0;
    bottom: 0;
    display: flex;
    align-items: end;
    max-height: 60%;
    margin: 0;
    background: var(--halo);
    color: var(--ink-2);
    font-size: 0.75rem;
    line-height: 1.35;
  }
  .foot details {
    flex: 1;
    align-self: stretch;
    min-width: 0;
    margin: 0;
    font-size: inherit;
    overflow: auto;
  }
  .foot:has(details[open]) {
    background: var(--paper);
    box-shadow: var(--shadow);
    z-index: 2;
  }
  .foot nav {
    display: flex;
    flex: none;
    max-width: 90%;
    overflow-x: auto;
    white-space: nowrap;
  }
  .foot nav a {
    min-height: 1.65rem;
    padding: 0.3rem;
  }
  .foot summary {
    min-height: 1.65rem;
    padding: 0.3rem 0.3rem 0.3rem 0.9rem;
    color: inherit;
    list-style: none;
    display: flex;
    align-items: center;
    gap: 0.5rem;
  }
  .foot summary::-webkit-details-marker {
    display: none;
  }
  .foot summary::before {
    content: "▸";
    color: var(--link);
  }
  .foot details[open] summary::before {
    content: "▾";
  }
  .foot summary span {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
  }
  .foot details[open] summary span {
    display: block;
  }
  .foot ul {
    margin: 0 0.9rem 0.6rem;
    padding-left: 1.1rem;
    font-size: 0.875rem;
  }
  .state {
    position: absolute;
    left: 50%;
    top: 45%;
    transform: translate(-50%, -50%);
    padding: 0.5rem 1rem;
    border-radius: 0.7rem;
    background: var(--paper);
    box-shadow: var(--shadow);
  }
  .grip {
    display: none;
  }
  /* The way between picture and list stays in sight, where that leaves enough to read. */
  @container (min-width: 20em) and (min-height: 30em) {
    .head {
      position: sticky;
      top: var(--grip, 0);
    }
    .sheet {
      scroll-padding-top: 4rem;
    }
  }
  .plain {
    position: absolute;
    inset: 0;
    overflow: auto;
    background: var(--paper);
    padding: 1rem 1rem 3rem max(1rem, min(25rem, 100% - 24rem));
  }
  @container (max-width: 37.49em), (max-width: 47.99em) and (min-height: 23em), (max-width: 47.99em) and (max-height: 18.49em) {
    .panel {
      inset: auto 0 2.75rem 0;
      width: 100%;
    }
    .sheet {
      border-radius: 1rem 1rem 0 0;
      /* Of the scene there is to be seen at least what a label and its thing need. */
      max-height: max(8rem, min(58cqb, 100cqb - 22.3rem));
      padding-bottom: 0.6rem;
    }
    .panel[data-height="peek"] .sheet {
      max-height: max(8rem, min(19rem, 42cqb, 100cqb - 22.3rem));
    }
    .panel[data-height="full"] .sheet {
      max-height: calc(100cqb - 5rem);
    }
    .grip {
      display: grid;
      place-items: center;
      position: sticky;
      top: 0;
      width: 100%;
      height: 2.75rem;
      margin-bottom: -1rem; /* a finger reaches it where nothing of the head is pressed */
      background: var(--paper);
      z-index: 1;
      padding: 0;
    }
    .grip::before {
      content: "";
      width: 2.75rem;
      height: 0.3rem;
      border-radius: 1rem;
      background: var(--ink-2);
    }
    .whole {
      --grip: 1.75rem;
    }
    .head {
      padding-top: 0;
      pointer-events: none;
    }
    .name {
      display: block;
      flex: 1;
    }
    .as-list,
    .name > * {
      width: fit-content;
      pointer-events: auto;
    }
    .sheet {
      scroll-padding-top: 5.25rem;
    }
    .head h1 {
      font-size: 1.1rem;
    }
    .as-list {
      padding: 0 0.6rem;
    }
    .notice {
      text-wrap: balance;
      padding-inline: 0.3rem;
      font-size: 0.8125rem;
    }
    .tools button {
      /* With large letters they still stand beside each other. */
      width: clamp(44px, 2.75rem, 15cqi);
      height: clamp(44px, 2.75rem, 15cqi);
      font-size: min(1rem, 5cqi);
    }
    .tools {
      bottom: auto;
      top: 0.75rem;
      grid-auto-flow: column;
    }
    .tools .pair {
      grid-auto-flow: column;
    }
    .tools .pair button + button {
      border-top: 0;
      border-left: 1px solid var(--rule);
    }
    .foot summary {
      min-height: 2.75rem;
      padding: 0.2rem 0.75rem;
    }
    .foot nav a {
      min-height: 2.75rem;
      padding: 0.2rem 0.75rem;
      display: grid;
      place-items: center;
    }
    .plain {
      padding: 1rem 1rem 60cqb;
    }
  }
  @container (max-width: 37.49em) and (max-height: 44.99em) {
    .head {
      position: relative;
      top: 0;
    }
    .sheet {
      scroll-padding-top: 1.75rem;
    }
  }
`;
