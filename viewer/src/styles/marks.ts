import { css } from "lit";

/** Marks stand in the scene: words with a halo, one shape per theme, so that colour never speaks alone. */
export const marks = css`
  .mark {
    position: absolute;
    left: 0;
    top: 0;
    min-height: 0;
    padding: 0;
    pointer-events: auto;
    white-space: nowrap;
    font-size: 0.8125rem;
    font-weight: 650;
    line-height: 1.15;
    will-change: transform;
  }
  .through .mark {
    pointer-events: none; /* who measures means what lies behind it */
  }
  .mark::before {
    content: "";
    position: absolute;
    inset: 50% auto auto 50%;
    width: 2.75rem;
    height: 2.75rem;
    translate: -50% -50%;
  }
  .mark > span {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    padding: 0.2rem 0.55rem;
    border-radius: 1rem;
    background: var(--paper);
    color: var(--ink);
    box-shadow: 0 0 0 1.5px var(--tint, var(--ink-2)), 0 2px 6px rgb(0 0 0 / 0.25);
  }
  .mark > .near {
    display: grid;
    justify-items: center;
    gap: 0.1rem;
    padding: 0.2rem 0.3rem;
    border-radius: 0.6rem;
    animation: written 0.25s;
  }
  .near > span {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
  }
  .near > .detail {
    display: grid;
    gap: 0.1rem;
    font-weight: 400;
  }
  .substances rect {
    fill: var(--shade);
    stroke: var(--ink);
    stroke-width: 0.5;
  }
  .substances text {
    font-size: 11px;
    fill: var(--ink);
    text-anchor: middle;
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 2.5px;
  }
  .substances .number {
    font-size: 12px;
    font-weight: 650;
  }
  .substances .key {
    text-anchor: start;
  }
  .substances .limit {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.5;
    stroke-dasharray: 4 2.5;
  }
  .mark .way {
    display: flex;
    align-items: center;
    gap: 0.3rem;
  }
  .mark .way svg {
    fill: none;
    stroke: var(--traffic);
    stroke-width: 3;
    stroke-linecap: round;
    stroke-linejoin: round;
    rotate: calc(var(--way) - var(--heading, 0deg));
  }
  .mark.site > span {
    padding: 0;
    width: 1.7rem;
    height: 1.7rem;
    justify-content: center;
    border-radius: 50%;
    background: var(--construction-fill);
    color: #241000;
    box-shadow: 0 0 0 2px var(--paper), 0 2px 6px rgb(0 0 0 / 0.3);
  }
  .mark.site.coming > span {
    background: var(--paper);
    color: var(--construction);
    box-shadow: none;
    border: 2px dashed var(--construction);
  }
  .mark.site.done > span {
    opacity: 0.65;
    background: var(--paper-2);
    color: var(--ink-2);
  }
  .mark.site svg {
    width: 1rem;
    height: 1rem;
  }
  .mark.counter {
    --tint: var(--traffic);
  }
  .mark.air {
    --tint: var(--environment);
  }
  .mark.station > span {
    font-weight: 600;
    padding: 0.1rem 0.4rem;
  }
  .mark.station.traffic {
    --tint: var(--traffic);
  }
  .mark.station.construction {
    --tint: var(--construction);
  }
  .mark.station.environment {
    --tint: var(--environment);
  }
  .mark.station.model {
    --tint: var(--model);
  }
  .mark.station svg {
    width: 0.85rem;
    height: 0.85rem;
  }
  .mark.place svg {
    width: 1rem;
    height: 1rem;
    color: var(--environment);
  }
  .mark.district {
    pointer-events: none;
  }
  .mark.district::before {
    content: none;
  }
  .mark.district > span {
    pointer-events: auto;
  }
  .mark.district > span {
    background: none;
    box-shadow: none;
    padding: 0;
    color: var(--ink-2);
    font-weight: 600;
    letter-spacing: 0.04em;
    text-shadow: 0 0 3px var(--halo), 0 0 3px var(--halo), 0 0 6px var(--halo);
  }
  .street {
    position: absolute;
    left: 0;
    top: 0;
    white-space: nowrap;
    font-size: 0.75rem;
    font-weight: 600;
    line-height: 1.15;
    color: var(--ink-2);
    text-shadow: 0 0 2px var(--halo), 0 0 3px var(--halo), 0 0 3px var(--halo), 0 0 5px var(--halo);
    will-change: transform;
    animation: written 0.25s;
  }
  @keyframes written {
    from {
      opacity: 0;
    }
  }
  .mark.chosen {
    z-index: 1;
  }
  .mark .banner {
    position: absolute;
    left: 50%;
    bottom: calc(100% + 0.5rem);
    translate: -50%;
    display: grid;
    width: max-content;
    max-width: 15rem;
    padding: 0.3rem 0.6rem;
    border-radius: 0.4rem;
    border-bottom: 3px solid var(--construction-fill);
    background: var(--paper);
    color: var(--ink);
    box-shadow: 0 2px 8px rgb(0 0 0 / 0.3);
    text-align: center;
    white-space: normal;
  }
  .mark .banner i {
    font-style: normal;
  }
  .mark .banner i + i {
    font-weight: 400;
  }
  .mark.chosen > span {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .mark[hidden] {
    display: none;
  }
  @media (prefers-contrast: more) {
    .mark > span,
    .mark .banner {
      box-shadow: 0 0 0 2px var(--ink);
    }
    .mark.site.coming > span {
      border-color: var(--ink);
    }
    .mark.site.done > span {
      opacity: 1;
    }
    .mark.district > span {
      box-shadow: none;
    }
  }
`;
