import { css } from "lit";

/**
 * Where letters are so large, or the window so small, that parts beside and above each other would cover one
 * another: one below the other, and all of it scrolls over the scene.
 */
export const flowing = css`
  .whole {
    position: absolute;
    inset: 0;
  }
  @container (max-width: 17.99em), (max-width: 37.49em) and (max-height: 22.99em), (max-width: 47.99em) and (max-height: 18.49em) {
    .whole {
      overflow: hidden auto;
      overflow-wrap: anywhere;
      hyphens: auto;
    }
    .scene,
    .marks {
      position: sticky;
      top: 0;
      height: 100cqb;
      margin-bottom: -100cqb;
    }
    .find,
    .walk button,
    .tools,
    .desk,
    .desk .panel,
    .plain,
    .foot {
      position: relative;
      inset: auto;
    }
    .find {
      margin: 0.5rem;
    }
    .field {
      flex-wrap: wrap;
      justify-content: end;
      height: auto;
      padding: 0 0.3rem;
    }
    .field > svg {
      display: none;
    }
    .field input {
      flex: 1 0 100%;
      height: 3rem;
      padding: 0 0.3rem;
    }
    #found {
      max-height: none;
    }
    .tools {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      margin: 0.5rem 0.5rem max(10rem, 45cqb);
      pointer-events: none;
    }
    .tools > * {
      pointer-events: auto;
    }
    .desk {
      display: block;
      padding: 0;
    }
    .desk .panel {
      display: block;
    }
    .panel[data-height] .sheet {
      max-height: none;
      overflow: visible;
      background: var(--paper);
    }
    .grip {
      display: none;
    }
    .head {
      position: static;
      padding: 0.7rem 0.5rem 0;
      border-radius: 1rem 1rem 0 0;
    }
    .name {
      flex: 1 1 100%;
    }
    .as-list {
      white-space: normal;
      text-align: left;
    }
    .languages {
      padding: 0 0.05rem;
    }
    .then {
      margin-inline: 0.5rem;
    }
    section,
    .wide,
    .handed {
      padding-inline: 0.5rem;
    }
    .info header {
      margin-right: 0;
    }
    details,
    .legend,
    .layer .line,
    .layer .story,
    .layer label.dyes {
      margin-left: 0;
    }
    dl,
    .bars dl {
      grid-template-columns: minmax(0, 1fr);
    }
    .terse {
      display: block;
    }
    .legend.colours {
      columns: auto;
    }
    .folded > summary {
      flex-wrap: wrap;
    }
    .tabs {
      flex-wrap: wrap;
    }
    select,
    input[type="date"] {
      width: 100%;
      min-width: 0;
    }
    table,
    tbody,
    tr,
    th,
    td {
      display: block;
      width: 100%;
      text-align: left;
    }
    thead {
      display: none;
    }
    th {
      border-bottom: 0;
    }
    .time {
      display: flex;
      flex-wrap: wrap;
      justify-content: space-between;
      position: relative;
      inset: auto;
      padding: 0.5rem;
    }
    .time .course {
      display: block;
      order: 1;
      flex: 1 0 100%;
    }
    .time .lacking {
      order: 2;
    }
    .moment {
      display: flex;
      flex-wrap: wrap;
    }
    .foot {
      flex-wrap: wrap;
      max-height: none;
      background: var(--paper);
    }
    .foot details {
      flex: 1 0 100%;
    }
    .foot nav {
      flex: 1 0 100%;
      flex-wrap: wrap;
      max-width: none;
      white-space: normal;
    }
    .foot summary span {
      display: inline;
    }
    .foot nav a {
      max-width: none;
      padding: 0.3rem 0.5rem;
    }
    .foot ul {
      margin: 0 0.5rem 0.6rem;
    }
    .state {
      width: calc(100% - 1rem);
      text-align: center;
    }
  }
  /* A phone on its side: panel beside the scene, as on a desk. */
  @container (max-width: 47.99em) and (min-width: 37.5em) and (min-height: 18.5em) and (max-height: 22.99em) {
    .desk .panel,
    .find {
      width: 21rem;
    }
    .desk .time {
      left: 22.5rem;
    }
    .ends,
    .moment .quiet {
      display: none;
    }
  }
`;
