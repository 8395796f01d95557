/**
 * The style sheet of pages: system fonts, one column of sections, light and dark by the reader's own setting. Colours are
 * named once for each scheme; text on its ground has a contrast of at least 4.5.
 */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf8; --raised: #ffffff; --text: #1f2328; --quiet: #5c636d; --line: #e3e1dc; --grid: #ecebe7;
  --accent: #1f5fbf; --band: #1f5fbf26; --plain: #9aa1ab; --relevant: #147a48; --on-relevant: #ffffff; --alarm: #b3471d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14161a; --raised: #1c1f24; --text: #e7e9ec; --quiet: #a3aab4; --line: #30353c; --grid: #272b31;
    --accent: #86b4ff; --band: #86b4ff2e; --plain: #737b86; --relevant: #4fc98a; --on-relevant: #0d1f16; --alarm: #f0925f;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
.page { max-width: 1120px; margin: 0 auto; padding: 56px 40px 72px; }
h1, h2, h3 { line-height: 1.25; font-weight: 650; text-wrap: balance; margin: 0; }
h1 { font-size: 34px; letter-spacing: -0.015em; }
h2 { font-size: 22px; letter-spacing: -0.01em; margin-bottom: 24px; }
h3 { font-size: 16px; }
p { margin: 0; }
a { color: var(--accent); text-underline-offset: 0.15em; }
dl, ol, ul, figure { margin: 0; padding: 0; }
ol { list-style: none; }
dd { margin: 0; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
.eyebrow { color: var(--quiet); font-size: 14px; margin-bottom: 6px; }
.lead { color: var(--quiet); max-width: 46em; margin-top: 12px; }
.section { margin-top: 64px; }
.section > .lead { margin: -16px 0 28px; }
.empty { color: var(--quiet); }
.healthy { margin-top: 28px; color: var(--quiet); }

.headline { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 16px; margin-top: 36px; }
.headline > div { background: var(--raised); border: 1px solid var(--line); border-radius: 12px; padding: 18px 20px 16px; }
.headline dt { font-size: 14px; color: var(--quiet); }
.headline .figure { font-size: 32px; line-height: 1.25; font-weight: 650; letter-spacing: -0.02em; margin: 4px 0 2px; }
.headline .detail { font-size: 14px; color: var(--quiet); }

.wide { overflow-x: auto; margin-top: -16px; }
.measures { width: 100%; border-collapse: collapse; overflow-wrap: break-word; }
.measures caption { text-align: left; color: var(--quiet); padding-bottom: 16px; }
.measures th, .measures td { padding: 14px 0 14px 28px; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
.measures thead th, .measures thead td { border-top: 0; padding-top: 0; padding-bottom: 10px; font-size: 15px; }
.measures th:first-child, .measures td:first-child { padding-left: 0; }
.measures th { font-weight: 600; }
.measures th.baseline { font-weight: 400; color: var(--quiet); }
.measures td { width: 25%; }
.measures .value { display: block; font-size: 18px; line-height: 1.35; }
.measures .judged .value { font-weight: 650; }
.measures .interval { display: block; font-size: 13px; color: var(--quiet); white-space: nowrap; }
.bar { display: block; height: 5px; border-radius: 3px; background: var(--grid); margin: 6px 0 5px; max-width: 200px; overflow: hidden; }
.bar > span { display: block; height: 100%; border-radius: 3px; background: var(--plain); }
.judged .bar > span { background: var(--accent); }
.notes { list-style: none; margin-top: 16px; font-size: 14px; color: var(--quiet); }
.notes li + li { margin-top: 4px; }
.notes strong { font-weight: 600; color: var(--text); }

.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 48px 56px; }
.charts figure { min-width: 0; max-width: 640px; display: flex; flex-direction: column; justify-content: space-between; }
.charts figcaption p { font-size: 14px; line-height: 1.5; color: var(--quiet); margin: 4px 0 16px; }
.chart { display: block; width: 100%; height: auto; overflow: visible; }
.chart text { font-size: 12px; fill: var(--quiet); }
.chart path { fill: none; }
.chart-grid path { stroke: var(--grid); }
.chart-axis path { stroke: var(--plain); }
.chart-values text { text-anchor: end; }
.chart-steps text { text-anchor: middle; }
.chart .chart-step-name { text-anchor: end; }
.chart .chart-band { fill: var(--band); }
.chart .chart-line { stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.chart-dots circle { fill: var(--accent); stroke: var(--ground); stroke-width: 1.5; }

.legend { display: inline-flex; vertical-align: -0.2em; width: 18px; height: 18px; margin: 0 3px; }
.query-row { display: grid; grid-template-columns: 116px 1fr; gap: 36px; align-items: start; padding: 20px 0; border-top: 1px solid var(--line); }
.query-row:first-child { border-top: 0; padding-top: 0; }
.query img, .found img { display: block; width: 100%; height: auto; aspect-ratio: 1; object-fit: contain; border-radius: 8px; }
.query img { border: 1px solid var(--line); }
.query figcaption { font-size: 13px; line-height: 1.4; color: var(--quiet); margin-top: 8px; }
.query strong { display: block; font-weight: 600; color: var(--text); }
.found { display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 116px)); gap: 16px 12px; }
.frame { display: block; position: relative; border-radius: 11px; padding: 4px; border: 1px solid var(--line); }
.relevant .frame { border: 3px solid var(--relevant); padding: 2px; }
.tick { display: block; width: 100%; height: 100%; }
.tick circle { fill: var(--relevant); stroke: var(--ground); stroke-width: 2; }
.tick path { fill: none; stroke: var(--on-relevant); stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; }
.frame .tick { position: absolute; right: -9px; top: -9px; width: 24px; height: 24px; }
.distance { display: block; text-align: center; font-size: 13px; color: var(--quiet); margin-top: 5px; }
.relevant .distance { color: var(--text); font-weight: 600; }
.found .name { display: block; text-align: center; font-size: 12px; line-height: 1.35; color: var(--quiet); margin-top: 2px; }

.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 28px 20px; }
.tile .pane { display: flex; align-items: center; justify-content: center; height: 180px; padding: 6px; border: 1px solid var(--line); border-radius: 11px; background: var(--raised); }
.tile a { display: block; border-radius: 11px; }
.tile a:hover .pane { border-color: var(--accent); }
.tile img { display: block; max-width: 100%; max-height: 100%; width: auto; height: auto; border-radius: 6px; }
.tile figcaption { font-size: 13px; line-height: 1.45; color: var(--quiet); margin-top: 8px; }
.tile strong, .tile bdi, .tile .note { display: block; }
.tile strong { font-size: 14px; font-weight: 600; color: var(--text); }
.tile .gone { font-size: 13px; color: var(--quiet); text-align: center; }
.asked { max-width: 240px; margin-bottom: 36px; }
.asked .pane { height: 220px; border: 2px solid var(--accent); }
.pair .tiles { grid-template-columns: repeat(2, minmax(0, 400px)); }
.pair .pane { height: 320px; }

.findings { display: grid; gap: 20px; }
.finding { background: var(--raised); border: 1px solid var(--line); border-left: 4px solid var(--alarm); border-radius: 12px; padding: 18px 20px; }
.finding dl { margin-top: 10px; display: grid; gap: 6px; }
.finding dl > div { display: grid; grid-template-columns: 84px 1fr; gap: 12px; }
.finding dt { color: var(--quiet); font-size: 14px; line-height: 1.7; }
.finding dd { max-width: 54em; }
.evidence { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 14px 24px; margin-top: 18px; }
.evidence li { display: flex; gap: 12px; align-items: center; }
.evidence .pictures { display: flex; gap: 4px; flex: none; }
.evidence img { display: block; width: 56px; height: 56px; object-fit: contain; background: #ffffff; border: 1px solid var(--line); border-radius: 6px; }
.evidence .names { font-size: 13px; line-height: 1.4; color: var(--quiet); }
.evidence strong { display: block; font-weight: 600; color: var(--text); }
.finding .evidence + .empty { margin-top: 12px; font-size: 14px; }

.distances figcaption p, .map figcaption p { font-size: 14px; line-height: 1.5; color: var(--quiet); max-width: 54em; margin-bottom: 10px; }
.distances .chart { max-width: 640px; }
.distances .keys { display: flex; flex-wrap: wrap; gap: 4px 24px; color: var(--text); }
.key::before { content: ""; display: inline-block; width: 26px; height: 12px; margin-right: 8px; vertical-align: -1px; }
.key.positive::before { background: var(--band); border-top: 2px solid var(--accent); }
.key.negative::before { border-top: 2px dashed var(--text); height: 6px; }
.chart .positive-area { fill: var(--band); stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
.chart .negative-line { stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 5 4; stroke-linejoin: round; }
.map .wide { margin-top: 0; border: 1px solid var(--line); border-radius: 12px; background: #ffffff; }
.map svg { display: block; width: 100%; min-width: 720px; height: auto; }
.map-dots circle { fill: #7d848e; }

.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 172px), 1fr)); gap: 20px 24px; }
.facts > .long { grid-column: 1 / -1; }
.facts dt { font-size: 14px; color: var(--quiet); }
details { margin-top: 28px; border: 1px solid var(--line); border-radius: 12px; background: var(--raised); }
summary { cursor: pointer; padding: 14px 20px; font-weight: 600; }
.groups { columns: 3 260px; column-gap: 44px; padding: 8px 20px 20px; }
.groups section { break-inside: avoid; padding-bottom: 24px; }
.groups h3 { font-size: 15px; padding-bottom: 6px; border-bottom: 1px solid var(--line); margin-bottom: 6px; }
.groups dl > div { display: flex; justify-content: space-between; gap: 20px; font-size: 14px; padding: 2px 0; }
.groups dt { color: var(--quiet); flex: none; }
.groups dd { text-align: right; }
.notice { font-size: 14px; color: var(--quiet); max-width: 60em; }
.notice p + *, .notice ul + * { margin-top: 10px; }
.notice ul { padding-left: 20px; }
.notice li + li { margin-top: 4px; }
.made { margin-top: 64px; padding-top: 20px; border-top: 1px solid var(--line); font-size: 14px; color: var(--quiet); }

@media (max-width: 720px) {
  .page { padding: 32px 20px 48px; }
  h1 { font-size: 27px; }
  .section { margin-top: 52px; }
  .headline { grid-template-columns: 1fr 1fr; gap: 12px; margin-top: 28px; }
  .headline > div { padding: 14px 14px 12px; }
  .headline .figure { font-size: 25px; }
  .headline dt, .headline .detail { font-size: 13px; line-height: 1.4; }
  .measures th, .measures td { padding-left: 14px; }
  .measures thead th { font-size: 14px; }
  .measures tbody th { font-size: 14px; line-height: 1.4; }
  .measures .value { font-size: 16px; }
  .measures .interval { font-size: 12px; }
  .charts { gap: 44px; }
  .chart text { font-size: 16px; }
  .query-row { grid-template-columns: 1fr; gap: 16px; padding: 24px 0; }
  .query { display: flex; align-items: center; gap: 14px; }
  .query img { width: 84px; flex: none; }
  .query figcaption { margin: 0; }
  .found { grid-template-columns: repeat(4, minmax(0, 1fr)); }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 24px 14px; }
  .tile .pane { height: 150px; }
  .asked .pane, .pair .pane { height: 200px; }
  .facts { grid-template-columns: 1fr 1fr; }
  .finding { padding: 16px; }
  .finding dl > div { grid-template-columns: 1fr; gap: 0; }
  .groups { padding: 4px 16px 12px; }
  summary { padding: 12px 16px; }
}
@media print {
  .page { max-width: none; padding: 0; }
  figure, tr, .query-row, .tiles > li, .headline > div { break-inside: avoid; }
}
`;
