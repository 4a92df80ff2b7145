"""The style of the page that ``twin inspect --html`` writes; colours as on the public page."""

STYLE = """
:root {
  color-scheme: light dark;
  --ground: #f6f2ea; --card: #fffdf8; --ink: #26241f; --quiet: #655f54; --line: #ddd5c6;
  --good: #23744c; --bad: #b3261e; --edge: #fffdf8;
  --s0: #ece3b0; --s1: #c8b866; --s2: #9a9475; --s3: #6b7078; --s4: #3e4d6f; --s5: #00224e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #1d1f22; --card: #26292d; --ink: #ece7dc; --quiet: #b3aca0; --line: #3b3f45;
    --good: #6cc79a; --bad: #ff8a80; --edge: #1d1f22;
    --s0: #24375f; --s1: #45557a; --s2: #6f757e; --s3: #9a9475; --s4: #c8b866; --s5: #fee838;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem clamp(1rem, 4vw, 3rem) 4rem;
  background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0.3rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 0 0 0.2rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; padding: 1rem 1.2rem;
  margin-top: 1.2rem; }
section > p { color: var(--quiet); margin: 0 0 0.8rem; max-width: 46rem; }
.verdict { margin: 0; font-weight: 700; font-size: 1.1rem; }
.good { color: var(--good); } .bad { color: var(--bad); }
.figures, .legend { list-style: none; display: flex; flex-wrap: wrap; padding: 0; margin: 0 0 1rem; }
.figures { gap: 0.4rem 2rem; color: var(--quiet); }
.figures b { display: block; font-size: 1.6rem; line-height: 1.2; color: var(--ink); font-weight: 650; }
.legend { gap: 0.2rem 1.1rem; font-size: 0.85rem; color: var(--quiet); }
.legend i { display: inline-block; width: 1.1em; height: 1.1em; margin-right: 0.4em; vertical-align: -0.2em;
  border: 1px solid var(--line); border-radius: 0.2em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.plans { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1.2rem; }
figure { margin: 0; } figcaption { font-size: 0.9rem; margin-bottom: 0.3rem; color: var(--quiet); }
svg { display: block; width: 100%; }
.plans svg { max-height: 26rem; }
.icicle svg { height: auto; min-height: 6rem; }
polygon { stroke: var(--edge); stroke-width: 1.5; vector-effect: non-scaling-stroke; fill-opacity: 0.85; }
.s0 { fill: var(--s0); background: var(--s0); } .s1 { fill: var(--s1); background: var(--s1); }
.s2 { fill: var(--s2); background: var(--s2); } .s3 { fill: var(--s3); background: var(--s3); }
.s4 { fill: var(--s4); background: var(--s4); } .s5 { fill: var(--s5); background: var(--s5); }
.none { fill: none; background: none; } polygon.none, rect.none { stroke: var(--quiet); stroke-width: 1; }
polygon.wrong, rect.wrong { stroke: var(--bad); stroke-width: 3; stroke-dasharray: 5 3; }
polygon:hover, rect:hover { fill-opacity: 0.6; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.93rem; }
th { text-align: left; font-weight: 600; color: var(--quiet); white-space: nowrap; }
th, td { padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: break-word; }
.numbers th, .numbers td { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.numbers tbody tr:last-child { font-weight: 650; }
details { margin: 0.6rem 0; } summary { cursor: pointer; font-weight: 600; }
code { font-size: 0.9em; font-weight: 400; color: var(--quiet); }
"""
