import { css } from "lit";

/** The search on top, and what it draws over the scene. */
export const find = css`
  .find {
    position: absolute;
    z-index: 3;
    inset: 0.75rem auto auto 0.75rem;
    width: min(23rem, calc(100% - 1.5rem));
    display: grid;
    grid-template-columns: minmax(0, 1fr); /* a field would be as wide as its letters */
  }
  .panel {
    top: 4.5rem;
  }
  .field {
    display: flex;
    align-items: center;
    height: 3rem;
    padding: 0 0.15rem 0 0.8rem;
    border-radius: 0.9rem;
    background: var(--paper);
    box-shadow: var(--shadow);
  }
  .field:focus-within {
    outline: 3px solid var(--focus);
    outline-offset: 1px;
  }
  .field > svg {
    flex: none;
    width: 1.3rem;
    height: 1.3rem;
    color: var(--ink-2);
  }
  .field input {
    flex: 1;
    min-width: 0;
    height: 100%;
    padding: 0 0.6rem;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
  }
  .field input::placeholder {
    color: var(--ink-2);
    opacity: 1;
  }
  .field input:focus {
    outline: none;
  }
  .field .here {
    color: var(--link);
  }
  #found {
    list-style: none;
    margin: 0.3rem 0 0;
    padding: 0.3rem;
    max-height: min(26rem, 60cqh);
    overflow: auto;
    border-radius: 0.9rem;
    background: var(--paper);
    box-shadow: var(--shadow);
  }
  #found li {
    display: grid;
    align-content: center;
    min-height: 2.75rem;
    padding: 0.3rem 0.6rem;
    border-radius: 0.6rem;
    cursor: pointer;
    overflow-wrap: anywhere;
  }
  #found li[aria-selected="true"] {
    background: var(--paper-2);
    box-shadow: inset 3px 0 0 var(--link);
  }
  #found li:hover {
    background: var(--paper-2);
  }
  .find [hidden] {
    display: none;
  }
  .said {
    margin: 0.3rem 0 0;
    padding: 0.6rem 0.8rem;
    border-radius: 0.9rem;
    background: var(--paper);
    box-shadow: var(--shadow);
  }
  .wide {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    padding: 0.25rem 1rem 0.75rem;
  }
  .list .wide,
  .list .handed {
    padding-inline: 0;
  }
  .wide button {
    flex: 1;
    border: 1.5px solid var(--rule);
    border-radius: 0.7rem;
    font-weight: 600;
  }
  .wide button[aria-pressed="true"] {
    border-color: var(--link);
    box-shadow: inset 0 0 0 1px var(--link);
  }
  .handed {
    padding: 0 1rem;
  }
  .handed input {
    width: 100%;
    min-height: 2.75rem;
    padding: 0 0.6rem;
    border: 1.5px solid var(--ink-2);
    border-radius: 0.6rem;
    background: var(--paper);
    color: inherit;
    font: inherit;
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  .acts button {
    border: 1.5px solid var(--rule);
    border-radius: 0.7rem;
    font-weight: 600;
  }
  .walk button {
    position: absolute;
    z-index: 2;
    top: 0.75rem;
    right: 0.75rem;
    max-width: min(24rem, calc(100% - 1.5rem));
    padding: 0.5rem 0.8rem;
    border-radius: 0.9rem;
    background: var(--paper);
    box-shadow: var(--shadow);
    text-align: left;
  }
  .walk button:not(:focus) {
    width: 1px;
    height: 1px;
    min-height: 0;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .walk span {
    display: block;
  }
  .sun .link {
    min-height: 2.75rem;
  }
  .sunny h3 {
    margin: 0.3rem 0;
    font-size: 1rem;
  }
  .day {
    display: block;
    width: 100%;
    height: 1.6rem;
    margin-top: 0.6rem;
    border-bottom: 2px solid var(--ink-2);
  }
  .time-of-sun {
    fill: #e8a200;
    background: #e8a200;
  }
  .time-of-shade {
    fill: #6b7f93;
    background: #6b7f93;
  }
  .time-of-night {
    fill: #26303c;
    background: #26303c;
  }
  .hour {
    display: inline-block;
    width: 1rem;
    height: 1rem;
    margin-right: 0.5rem;
    border-radius: 0.2rem;
    border: 1px solid var(--ink-2);
    vertical-align: -0.15em;
    forced-color-adjust: none;
  }
  .sunny .legend {
    display: flex;
    gap: 1rem;
    margin-left: 0;
  }
  .hours {
    display: flex;
    justify-content: space-between;
  }
  .overlay {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    fill: none;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .overlay [hidden] {
    display: none;
  }
  .overlay .sign {
    fill: var(--chosen);
    stroke: var(--paper);
    stroke-width: 2;
  }
  .overlay .you .sign {
    fill: #1b5fd0;
    stroke: #fff;
    stroke-width: 3;
  }
  .overlay .ring .sign {
    fill: none;
    stroke: var(--focus);
    stroke-width: 4;
  }
  .overlay .halo {
    stroke: var(--paper);
    stroke-width: 6;
  }
  .overlay .cross {
    stroke: var(--ink);
    stroke-width: 2;
    paint-order: stroke;
    filter: drop-shadow(0 0 1.5px var(--paper)) drop-shadow(0 0 1.5px var(--paper));
  }
  .overlay .line {
    stroke: var(--chosen);
    stroke-width: 3;
  }
  :host {
    --chosen: #a3134f;
  }
  @media screen and (prefers-color-scheme: dark) {
    :host {
      --chosen: #ff9ac2;
    }
  }
  @media (forced-colors: active) {
    .field,
    #found,
    .said {
      border: 1px solid CanvasText;
    }
    #found li[aria-selected="true"] {
      outline: 2px solid Highlight;
    }
    .overlay .line,
    .overlay .ring .sign {
      stroke: Highlight;
    }
  }
  @container (max-width: 37.49em), (max-width: 47.99em) and (min-height: 23em), (max-width: 47.99em) and (max-height: 18.49em) {
    .find {
      width: auto;
      right: 0.75rem;
    }
    .panel {
      top: auto;
    }
    .walk button {
      top: 4.25rem;
      right: auto;
      left: 0.75rem;
    }
    .tools {
      top: 4.25rem;
    }
    #found {
      max-height: 45cqh;
    }
  }
`;
