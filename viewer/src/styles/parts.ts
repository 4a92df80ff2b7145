import { css } from "lit";

/** The parts inside the sheet: card, themes, panel, list, and the marks in the scene. */
export const parts = css`
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    cursor: pointer;
    min-height: 2.75rem;
    padding: 0 0.6rem;
  }
  a,
  button.link {
    padding-block: 0.18rem; /* 24 px to press, without a line more */
    color: var(--link);
    text-decoration: underline;
    text-underline-offset: 0.18em;
    text-decoration-thickness: 1px;
  }
  .quiet a,
  details a {
    padding-block: 0.27rem;
  }
  button.link {
    min-height: 1.6rem;
    padding-inline: 0;
    text-align: left;
  }
  button.link:hover,
  a:hover {
    text-decoration-thickness: 2px;
  }
  section {
    padding: 0.35rem 1rem 0.7rem;
  }
  section + section {
    border-top: 1px solid var(--rule);
  }
  h2 {
    margin: 0.45rem 0 0.2rem;
    font-size: 1rem;
    font-weight: 650;
  }
  p {
    margin: 0.2rem 0;
  }
  p,
  li,
  dd {
    text-wrap: pretty;
  }
  .counting {
    min-height: 7rem;
  }
  .quiet {
    color: var(--ink-2);
    font-size: 0.875rem;
  }
  .card ul,
  .things,
  .values {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .card {
    overflow-anchor: none; /* its numbers come late, and push nothing of what is read below them */
  }
  .card li {
    line-height: 1.65; /* links in neighbouring lines do not lie upon each other */
    display: grid;
    grid-template-columns: 1.5rem 1fr;
    gap: 0.45rem;
    padding: 0.2rem 0;
  }
  .card li svg {
    width: 1.5rem;
    height: 1.5rem;
  }
  .card strong {
    font-weight: 650;
  }
  .card .warn {
    display: block;
  }
  .card a {
    color: var(--ink);
    text-decoration-color: var(--link);
    font-weight: 600;
  }
  .card .warn a {
    color: inherit;
    font-size: 0.9375rem;
    font-weight: 450;
  }
  .traffic {
    color: var(--traffic);
  }
  .construction {
    color: var(--construction);
  }
  .environment {
    color: var(--environment);
  }
  .model {
    color: var(--model);
  }
  .warn {
    color: var(--warn);
  }
  .theme h3 {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    margin: 0.7rem 0 0.1rem;
    font-size: 0.875rem;
    font-weight: 650;
  }
  .theme h3::after {
    content: "";
    flex: 1;
    border-top: 1px solid var(--rule);
  }
  .layer {
    padding: 0.15rem 0 0.35rem;
  }
  .layer label {
    display: flex;
    align-items: center;
    gap: 0.6rem;
    min-height: 2.75rem;
    font-weight: 600;
    cursor: pointer;
  }
  /* Title and state on one line, where there are many. */
  .terse {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: center;
    padding: 0;
  }
  .terse > * {
    grid-column: 1 / -1;
  }
  .terse > label {
    grid-column: 1;
  }
  .terse > .line {
    grid-area: 1 / 2;
    margin: 0;
  }
  .layer input {
    width: 1.25rem;
    height: 1.25rem;
    margin: 0;
    flex: none;
    accent-color: var(--link);
  }
  .layer .line {
    margin: -0.35rem 0 0 1.85rem;
  }
  .legend {
    list-style: none;
    margin: 0.2rem 0 0.1rem 1.85rem;
    padding: 0;
  }
  .sign {
    display: inline-block;
    width: 1rem;
    height: 1rem;
    margin-right: 0.5rem;
    border-radius: 50%;
    vertical-align: -0.15em;
    border: 2px solid var(--construction-fill);
    background: var(--construction-fill);
  }
  .sign.coming {
    background: var(--paper);
    border: 2px dashed var(--construction);
  }
  .sign.done {
    background: var(--paper-2);
    border-color: var(--ink-2);
    opacity: 0.65;
  }
  .legend.colours {
    columns: 8.5rem auto;
    column-gap: 0.75rem;
    line-height: 1.5;
  }
  .legend.ranges {
    columns: auto; /* bounds of a class stand on one line */
  }
  .legend.colours li {
    break-inside: avoid;
    padding-left: 1.5rem;
    text-indent: -1.5rem;
  }
  .shade {
    display: inline-block;
    width: 1rem;
    height: 1rem;
    margin-right: 0.5rem;
    border-radius: 0.2rem;
    border: 1px solid var(--ink-2);
    vertical-align: -0.15em;
    background: var(--shade);
    forced-color-adjust: none;
  }
  .shade.striped {
    background: repeating-linear-gradient(45deg, var(--shade) 0 3px, var(--paper) 3px 5px);
  }
  .shade-0 {
    --shade: #e69f00;
  }
  .shade-1 {
    --shade: #56b4e9;
  }
  .shade-2 {
    --shade: #009e73;
  }
  .shade-3 {
    --shade: #f0e442;
  }
  .shade-4 {
    --shade: #0072b2;
  }
  .shade-5 {
    --shade: #d55e00;
  }
  .shade-6 {
    --shade: #cc79a7;
  }
  .shade-7 {
    --shade: #8c8c8c;
  }
  .ramp-0 {
    --shade: var(--ramp-0);
  }
  .ramp-1 {
    --shade: var(--ramp-1);
  }
  .ramp-2 {
    --shade: var(--ramp-2);
  }
  .ramp-3 {
    --shade: var(--ramp-3);
  }
  .ramp-4 {
    --shade: var(--ramp-4);
  }
  .ramp-5 {
    --shade: var(--ramp-5);
  }
  .ramp-6 {
    --shade: var(--ramp-6);
  }
  .column-0 {
    --shade: var(--column-0);
  }
  .column-1 {
    --shade: var(--column-1);
  }
  .column-2 {
    --shade: var(--column-2);
  }
  .column-3 {
    --shade: var(--column-3);
  }
  .column-4 {
    --shade: var(--column-4);
  }
  .ramp-7 {
    --shade: var(--ramp-7);
  }
  .badge {
    display: inline-flex;
    align-items: baseline;
    gap: 0.25rem;
    font-weight: 600;
    color: var(--ok);
  }
  .badge svg {
    align-self: center;
    width: 1em;
    height: 1em;
  }
  .badge.late,
  .badge.changed {
    color: var(--warn);
  }
  .badge.past,
  .badge.not-cleared {
    color: var(--ink-2);
  }
  .badge.silent,
  .badge.refused {
    color: var(--bad);
  }
  details {
    margin-left: 1.85rem;
    font-size: 0.875rem;
  }
  details.gaps {
    margin-left: 0;
  }
  summary {
    min-height: 1.75rem;
    padding: 0.2rem 0;
    color: var(--link);
    cursor: pointer;
  }
  dl {
    display: grid;
    grid-template-columns: fit-content(58%) minmax(0, 1fr); /* a long name leaves room for its value */
    gap: 0.25rem 0.75rem;
    margin: 0.3rem 0 0.5rem;
    font-size: 0.9375rem;
  }
  details.folded {
    margin-left: 0;
    border-top: 1px solid var(--rule);
    font-size: 1rem;
  }
  .folded > summary {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 0.5rem;
    min-height: 2.75rem;
  }
  .folded > summary::after {
    content: "";
    width: 0.5rem;
    height: 0.5rem;
    margin: 0 0.4rem;
    border: solid currentColor;
    border-width: 0 2px 2px 0;
    rotate: 45deg;
  }
  .folded[open] > summary::after {
    rotate: -135deg;
  }
  .folded > summary > strong {
    flex: 1;
  }
  .folded > summary > .quiet {
    text-align: right;
  }
  details dl {
    grid-template-columns: 1fr;
    gap: 0;
    font-size: 0.875rem;
  }
  details dd {
    margin-bottom: 0.35rem;
  }
  dt {
    color: var(--ink-2);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    hyphens: auto;
  }
  dd.lines {
    white-space: pre-line;
  }
  .info header {
    display: flex;
    align-items: start;
    gap: 0.5rem;
    margin: 0 -0.6rem 0 0;
  }
  .info h2 {
    flex: 1;
    font-size: 1.15rem;
    line-height: 1.25;
    margin: 0.6rem 0 0.1rem;
  }
  .kicker {
    margin: 0.5rem 0 -0.45rem;
    font-size: 0.8125rem;
    font-weight: 650;
  }
  .round {
    width: 2.75rem;
    height: 2.75rem;
    padding: 0.65rem;
    border-radius: 50%;
    flex: none;
  }
  .round:hover {
    background: var(--paper-2);
  }
  .round svg {
    width: 100%;
    height: 100%;
  }
  .bars {
    margin: 0.6rem 0;
  }
  .bars svg {
    display: block;
    width: 100%;
    height: auto;
  }
  .swatch {
    display: inline-block;
    width: 0.85em;
    height: 0.85em;
    border-radius: 50%;
    border: 1.5px solid var(--ink-2);
    vertical-align: -0.08em;
    margin-right: 0.35em;
  }
  .air-0 {
    background: #50f0e6;
  }
  .air-1 {
    background: #50ccaa;
  }
  .air-2 {
    background: #f0e641;
  }
  .air-3 {
    background: #ff5050;
  }
  .air-4 {
    background: #960032;
  }
  .things li {
    border-top: 1px solid var(--rule);
  }
  .things button {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    overflow-wrap: anywhere;
    width: 100%;
    text-align: left;
    padding: 0.5rem 0.2rem;
  }
  .things button:hover {
    background: var(--paper-2);
  }
  .things button[aria-current="true"] {
    background: var(--paper-2);
    box-shadow: inset 3px 0 0 var(--link);
    padding-left: 0.6rem;
  }
  .list h3 {
    margin: 0.8rem 0 0.25rem;
    font-size: 0.875rem;
    font-weight: 650;
  }
  .choice {
    display: grid;
    grid-template-columns: minmax(0, 1fr); /* a choice would be as wide as the longest that there is */
    gap: 0.15rem;
    margin: 0.3rem 0;
    font-size: 0.875rem;
    color: var(--ink-2);
  }
  .choice select {
    min-height: 2.75rem;
    padding: 0 0.5rem;
    border: 1.5px solid var(--ink-2);
    border-radius: 0.5rem;
    background: var(--paper);
    color: var(--ink);
    font: inherit;
    font-size: 1rem;
  }
  .layer label.dyes {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.15rem;
    margin: 0.2rem 0 0.3rem 1.85rem;
    font-weight: 400;
  }
  .layer .story {
    margin: 0.1rem 0 0.1rem 1.85rem;
  }
  /* As it lies in the scene: round and flat. */
  .shade.disc {
    --shade: #9a8f80;
    height: 0.6rem;
    border-radius: 50%;
    vertical-align: 0;
  }
  .colours .silent {
    column-span: all;
  }
  .shade.unknown {
    background: repeating-linear-gradient(45deg, #9a9a9a 0 3px, #e4e4e4 3px 5px);
  }
`;
