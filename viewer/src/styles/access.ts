import { css } from "lit";

/** For those who choose their own colours, or larger letters than most. */
export const access = css`
  @media (forced-colors: active) {
    .sheet,
    .tools button,
    .notice,
    .state,
    .foot,
    .mark > span {
      border: 1px solid CanvasText;
    }
    .notice {
      background: Canvas;
      color: CanvasText;
    }
    .languages button[aria-pressed="true"],
    .things button[aria-current="true"] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
    :focus-visible {
      outline-color: Highlight;
    }
    [tabindex="-1"]:focus-visible {
      outline: 1px dashed Highlight;
    }
    .grip::before {
      background: CanvasText;
    }
    /* What these colours mean stands beside them in words; here they have to be the scene's. */
    .swatch,
    .sign,
    .shade,
    .bars svg {
      forced-color-adjust: none;
    }
    /* As its legend says it: filled. */
    .mark.running > span {
      forced-color-adjust: none;
      background: CanvasText;
      color: Canvas;
    }
    .mark.district > span {
      border: 0;
      background: Canvas;
    }
  }
  /* A finger needs more room than a mouse. */
  @media (pointer: coarse) {
    summary,
    button.link {
      min-height: 2.75rem;
      align-content: center;
    }
    .card li {
      padding-block: 0.6rem;
    }
    .card a:only-of-type,
    .then a,
    dd > a {
      padding-block: 0.8rem;
    }
    .then a,
    dd > a,
    .card .warn a {
      display: inline-block;
    }
    .card .warn:first-child a {
      margin-top: -0.6rem; /* beside its sign, not below it */
    }
  }
  /* Who taps has no keys to be told of. */
  @media (hover: none) and (pointer: coarse) {
    .keys {
      display: none;
    }
  }
  /* Large letters on a small screen: names above their values. */
  @container (max-width: 19em) {
    dl {
      grid-template-columns: 1fr;
      gap: 0;
    }
    dd {
      margin-bottom: 0.35rem;
    }
    .card li {
      grid-template-columns: 1fr;
    }
  }
`;
