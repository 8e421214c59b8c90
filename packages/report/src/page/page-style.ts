/** The page's style sheet: one column, system fonts, colours by preference; wide things scroll in their own box. */
export const PAGE_STYLE = `:root{color-scheme:light dark;--page:#fff;--ink:#1f2328;--muted:#59636e;--line:#d9dee4;--soft:#f4f6f8;--accent:#0072b2;--best:#e6f2ea}
@media (prefers-color-scheme:dark){:root{--page:#0f1318;--ink:#e6edf3;--muted:#9aa3ad;--line:#2c333b;--soft:#171c23;--accent:#4ea8de;--best:#163325}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0 auto;max-width:72rem;padding:clamp(1.5rem,5vw,4rem) clamp(1rem,4vw,2.5rem) 5rem;background:var(--page);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;overflow-wrap:anywhere}
h1{margin:0;font-size:clamp(1.75rem,1.2rem + 2.6vw,2.75rem);line-height:1.15;letter-spacing:-.02em;text-wrap:balance}
h2{margin:3.5rem 0 1rem;font-size:1.4rem;line-height:1.25;letter-spacing:-.01em}
p,ul,dl{max-width:44rem}
.question{margin:.75rem 0 0;color:var(--muted);font-size:1.15rem;text-wrap:pretty}
.summary{max-width:54rem;margin:2rem 0 0;padding:1.25rem 1.5rem;border-left:4px solid var(--accent);border-radius:0 .5rem .5rem 0;background:var(--soft)}
.summary .result{max-width:none;margin:0;font-size:1.2rem;line-height:1.45;font-weight:600;text-wrap:pretty}
.summary ul{max-width:none;margin:.75rem 0 0;padding-left:1.1rem}
.summary li{margin:.25rem 0}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:1.5rem 0 0;font-size:.9rem}
a{color:var(--accent);text-underline-offset:.2em}
.scroll{overflow-x:auto;max-width:100%;border-radius:.25rem}
.scroll:focus-visible,pre:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
table{border-collapse:collapse;min-width:100%;font-size:.9rem;line-height:1.35;font-variant-numeric:tabular-nums;overflow-wrap:normal}
.caption{margin:1.5rem 0 .5rem;color:var(--muted);font-size:.85rem}
th,td{padding:.5rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:baseline}
th:first-child,td:first-child{padding-left:.25rem}
thead th{border-bottom:2px solid var(--line);color:var(--muted);font-weight:600;vertical-align:bottom}
tbody th{position:sticky;left:0;z-index:1;background:var(--page);font-weight:500;white-space:nowrap}
.number{text-align:right;white-space:nowrap}
thead .number{white-space:normal}
td small{display:block;color:var(--muted);font-size:.8em;font-weight:400}
td.best{background:var(--best)}
td.low{color:var(--muted)}
tr.reference th,tr.reference td{color:var(--muted);font-weight:400;font-style:italic}
tbody tr:not(.reference) + tr.reference > *{border-top:2px solid var(--line)}
.swatch{display:inline-block;width:.65em;height:.65em;margin-right:.55em;border-radius:2px}
.note,figcaption{margin:.75rem 0 0;max-width:44rem;color:var(--muted);font-size:.85rem;line-height:1.5}
figcaption strong{color:var(--ink);font-weight:600}
figure{margin:2rem 0}
figure svg{display:block;max-width:none}
details{border-bottom:1px solid var(--line)}
details > summary{padding:.6rem .25rem;cursor:pointer;font-weight:500}
details > .scroll{margin:.25rem 0 1.25rem}
details .caption{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;white-space:nowrap}
pre{margin:0;padding:1rem 1.25rem;overflow-x:auto;border-radius:.5rem;background:var(--soft);font-size:.9rem}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.35rem 1.25rem;max-width:none;margin:1.25rem 0;font-size:.9rem}
dt{grid-column:1;color:var(--muted)}
dd{grid-column:2;margin:0}
@media (max-width:40rem){dl{display:block}dt{margin-top:.75rem}table{font-size:.85rem}th,td{padding:.45rem .55rem}tbody th{min-width:8.5rem;max-width:10rem;white-space:normal}.summary{padding:1rem 1.1rem}}
@media print{body{max-width:none;padding:0}nav{display:none}.scroll{overflow:visible}}
`;
