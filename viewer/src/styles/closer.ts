import { css } from "lit";

/** What the panel shows of a thing on a closer look: charts, tables, the chain of its sources, its history. */
export const closer = css`
  .info h3 {
    margin: 0.7rem 0 0.1rem;
    font-size: 0.9375rem;
    font-weight: 650;
  }
  .info section.course {
    padding: 0 0 0.4rem;
    border-top: 0;
  }
  .waiting {
    min-height: 8rem;
  }
  .tabs {
    display: flex;
    gap: 0.25rem;
    border-bottom: 1px solid var(--rule);
  }
  .tabs button {
    flex: 1;
    border-bottom: 3px solid transparent;
    color: var(--ink-2);
  }
  .tabs button[aria-selected="true"] {
    border-bottom-color: var(--link);
    color: var(--ink);
    font-weight: 650;
  }
  .tabs button:focus-visible {
    outline-offset: -3px;
  }
  .chart {
    margin: 0.5rem 0 0.6rem;
  }
  .chart svg {
    display: block;
    width: 100%;
    height: auto;
    overflow: visible;
  }
  .chart figcaption {
    font-size: 0.875rem;
  }
  .chart .bar {
    fill: var(--traffic);
    stroke: var(--traffic);
  }
  .chart .bar.part {
    fill: none;
    stroke-dasharray: 3 2;
  }
  .chart .usual {
    fill: none;
    stroke: var(--ink);
    stroke-width: 2;
  }
  .chart .rule {
    fill: none;
    stroke: var(--rule);
  }
  .chart .tick {
    fill: var(--ink-2);
    font-size: 12px;
  }
  .chart .middle {
    text-anchor: middle;
  }
  .chart .end {
    text-anchor: end;
  }
  .chart .line {
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .chart path.limit {
    fill: none;
    stroke: var(--bad);
    stroke-width: 1.5;
    stroke-dasharray: 6 3;
  }
  .chart text.limit {
    fill: var(--bad);
    stroke: var(--paper); /* no line of a day runs between its letters */
    stroke-width: 7px;
    paint-order: stroke;
  }
  .key {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.1rem 0.9rem;
  }
  .key span {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
  }
  .key i {
    flex: none;
    width: 0.9rem;
    height: 0.7rem;
    border: 1.5px solid var(--traffic);
    background: var(--traffic);
    forced-color-adjust: none;
  }
  .key i.part {
    background: none;
    border-style: dashed;
  }
  .key i.usual {
    height: 0;
    border: 0;
    border-top: 2px solid var(--ink);
    background: none;
  }
  .numbers,
  .closer {
    margin-left: 0;
  }
  .closer > summary,
  .numbers > summary {
    min-height: 2.75rem;
    padding: 0.6rem 0;
  }
  .closer {
    border-top: 1px solid var(--rule);
    font-size: 0.9375rem;
  }
  .closer details {
    margin-left: 0;
  }
  .closer > summary {
    font-weight: 600;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.875rem;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 0.2rem 0.5rem 0.2rem 0;
    border-bottom: 1px solid var(--rule);
    text-align: left;
    font-weight: 400;
  }
  thead th {
    color: var(--ink-2);
  }
  td {
    text-align: right;
  }
  thead th + th {
    text-align: right;
  }
  .chain {
    margin: 0.3rem 0 0.6rem;
    padding-left: 1.35rem;
  }
  .chain > li {
    padding: 0.25rem 0;
  }
  .chain ul,
  .inside,
  .history {
    margin: 0.2rem 0;
    padding-left: 1.1rem;
  }
  .inside li,
  .history li {
    padding: 0.15rem 0;
  }
  .inside a {
    display: inline-block;
    padding: 0.2rem 0;
  }
  code {
    font-size: 0.8125em;
    overflow-wrap: anywhere;
  }
  @media (forced-colors: active) {
    .chart .bar,
    .chart .line,
    .chart .usual,
    .chart path.limit {
      stroke: CanvasText;
    }
    .chart .bar:not(.part) {
      fill: CanvasText;
    }
    .chart .usual {
      stroke: Highlight;
    }
    .chart .tick {
      fill: CanvasText;
    }
  }
`;
