import { css } from "lit";

/** The time slider: below the scene, and on a phone at the foot of the sheet, where the thumb is. */
export const time = css`
  .desk {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }
  .time {
    position: absolute;
    left: calc(0.75rem + min(23rem, 100% - 1.5rem) + 0.75rem);
    right: 4.25rem;
    bottom: 2.6rem;
    max-width: 48rem;
    margin: 0 auto;
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: center;
    gap: 0 0.5rem;
    padding: 0.5rem 0.6rem 0.4rem;
    border-radius: 0.9rem;
    background: var(--paper);
    box-shadow: var(--shadow);
    pointer-events: auto;
  }
  .time p {
    margin: 0;
  }
  .time button {
    min-width: 2.75rem;
    min-height: 2.75rem;
    padding: 0 0.6rem;
    border-radius: 0.75rem;
    background: var(--paper-2);
    color: var(--ink);
    font-weight: 600;
  }
  .time .play,
  .time .step {
    display: grid;
    place-items: center;
    padding: 0;
  }
  .time .step {
    flex: none;
    min-width: 1.75rem;
    min-height: 1.75rem;
  }
  .time button svg {
    width: 1.35rem;
    height: 1.35rem;
  }
  .time .step[aria-disabled="true"] {
    opacity: 0.35;
    cursor: default;
  }
  .time button:disabled {
    background: none;
    color: var(--ink-2);
    font-weight: 400;
  }
  .moment {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    line-height: 1.25;
  }
  .moment p {
    flex: 1;
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 0.6rem;
    min-width: 0;
  }
  .moment strong {
    display: block;
    font-weight: 650;
  }
  .moment strong::first-letter {
    text-transform: uppercase;
  }
  .moment .quiet {
    flex: 1 0 6rem;
    width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 0.875rem;
  }
  .rail {
    position: relative;
  }
  .rail input {
    display: block;
    width: 100%;
    height: 2.75rem;
    margin: -0.45rem 0;
    background: none;
    accent-color: var(--link);
    cursor: pointer;
    appearance: none;
  }
  .rail input::-webkit-slider-runnable-track {
    height: 0.3rem;
    border-radius: 1rem;
    background: var(--rule);
  }
  .rail input::-moz-range-track {
    height: 0.3rem;
    border-radius: 1rem;
    background: var(--rule);
  }
  .rail input::-webkit-slider-thumb {
    appearance: none;
    width: 1.6rem;
    height: 1.6rem;
    margin-top: -0.65rem;
    border: 3px solid var(--paper);
    border-radius: 50%;
    background: var(--link);
    box-shadow: var(--shadow);
  }
  .rail input::-moz-range-thumb {
    width: 1.6rem;
    height: 1.6rem;
    border: 3px solid var(--paper);
    border-radius: 50%;
    background: var(--link);
    box-sizing: border-box;
  }
  .rail input:focus-visible {
    outline: none;
  }
  .rail input:focus-visible::-webkit-slider-thumb {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .rail input:focus-visible::-moz-range-thumb {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .ticks {
    position: absolute;
    left: 0.8rem;
    width: calc(100% - 1.6rem);
    top: calc(50% - 0.55rem);
    height: 0.55rem;
    overflow: visible;
    pointer-events: none;
  }
  .ticks path {
    vector-effect: non-scaling-stroke;
    fill: none;
    stroke-width: 1.5;
    stroke: var(--ink-2);
  }
  .ticks .revised {
    stroke: var(--construction);
    stroke-width: 2.5;
  }
  .ends {
    display: flex;
    justify-content: space-between;
    font-size: 0.75rem;
    line-height: 1.2;
    padding: 0 0.2rem;
  }
  .lacking {
    grid-column: 1 / -1;
  }
  .lacking:empty {
    display: none;
  }
  @media (pointer: coarse) {
    .time .step {
      min-width: 2.75rem;
      min-height: 2.75rem;
    }
  }
  @media (forced-colors: active) {
    .time,
    .time button {
      border: 1px solid CanvasText;
    }
    .rail input::-webkit-slider-runnable-track {
      background: CanvasText;
    }
    .rail input::-webkit-slider-thumb {
      background: Highlight;
      border-color: Canvas;
      forced-color-adjust: none;
    }
    .ticks path {
      stroke: CanvasText;
    }
  }
  @container (max-width: 37.49em), (max-width: 47.99em) and (min-height: 23em), (max-width: 47.99em) and (max-height: 18.49em) {
    .desk {
      display: flex;
      flex-direction: column;
      justify-content: flex-end;
      /* Between the search and the foot: a sheet that is full hides neither. */
      padding: 4.25rem 0 2.75rem;
    }
    .desk .panel {
      position: static;
      min-height: 0;
    }
    .time {
      position: static;
      max-width: none;
      width: 100%;
      margin: 0;
      border-radius: 0;
      border-top: 1px solid var(--rule);
      box-shadow: none;
      flex: none;
    }
    /* The date above, and all that is pressed in one row: of the scene is to be seen as much as there can. */
    .time {
      grid-template-columns: auto auto auto minmax(0, 1fr) auto;
      gap: 0 0.25rem;
      padding-block: 0.3rem 0.2rem;
    }
    .course,
    .moment {
      display: contents;
    }
    .time .moment p {
      grid-column: 1 / -1;
      order: -2;
      line-height: 1.1;
    }
    .time .play,
    .time .step {
      order: -1;
    }
    .time .now,
    .lacking {
      order: 1;
    }
    .time .now {
      padding: 0 0.4rem;
    }
    .ends,
    .moment .quiet,
    .weekday {
      display: none;
    }
  }
`;
