import { css } from "lit";

/** A sheet of paper in place of all that is pressed and scrolled. */
export const paper = css`
  .paper {
    display: none;
  }
  @media print {
    :host {
      position: static !important;
      height: auto !important;
      min-height: 0 !important;
      overflow: visible !important;
      container-type: normal !important;
      background: none !important;
      font-size: 10pt !important;
      print-color-adjust: exact;
      -webkit-print-color-adjust: exact;
    }
    .whole {
      display: none;
    }
    .paper {
      display: block;
      --paper: #fff;
      --paper-2: #f3efe6;
      --ink: #000;
      --ink-2: #444;
      color: var(--ink);
      overflow-wrap: anywhere;
    }
    .paper section {
      padding: 0.3rem 0;
      border: 0;
    }
    .paper h1 {
      margin: 0;
      font-size: 18pt;
      line-height: 1.2;
    }
    .paper h2 {
      font-size: 12pt;
    }
    .paper h3 {
      margin: 0.3rem 0 0;
      font-size: 10pt;
    }
    .paper h1,
    .paper h2,
    .paper h3 {
      break-after: avoid;
    }
    .paper li,
    .paper .shot,
    .paper .kind {
      break-inside: avoid;
    }
    .paper a {
      color: inherit;
      text-decoration: none;
    }
    .paper .shot {
      position: relative;
      overflow: hidden;
      margin: 0.5rem 0;
      border: 1px solid var(--ink-2);
    }
    .paper .shot canvas {
      display: block;
      width: 100%;
      height: 100%;
    }
    .paper .lens {
      position: absolute;
      left: 0;
      top: 0;
      transform-origin: 0 0;
    }
    /* A picture is printed smaller than it was seen: its words are not. */
    .paper .lens {
      --rem: 20px;
      font-size: var(--rem);
    }
    .paper .choice {
      display: none;
    }
    .paper ol {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    .paper ol li {
      padding: 0.15rem 0;
      border-top: 1px solid #bbb;
    }
    .paper .legend {
      margin-left: 0;
    }
    .paper .kinds {
      columns: 2;
      column-gap: 1.5rem;
    }
    .paper .info header {
      margin: 0;
    }
  }
`;
