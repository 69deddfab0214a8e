"""How the pages of a download look; they need no script and nothing from elsewhere."""

import base64
import hashlib

CSS = """
:root{color-scheme:light dark;--ground:#efede8;--surface:#fff;--text:#1c2324;--muted:#566163;
--line:#e3dfd7;--accent:#0a5f68;--own:#d3e9e7;--inset:#f3f1ec}
@media (prefers-color-scheme:dark){:root{--ground:#0d1213;--surface:#1f292b;--text:#e5ebeb;
--muted:#a9b6b8;--line:#34403f;--accent:#6bd3da;--own:#104950;--inset:#182022}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
header,main,footer{max-width:46rem;margin:0 auto;padding:1rem}
header{padding-bottom:0}
h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0;overflow-wrap:anywhere}
h2{font-size:1.125rem;margin:2rem 0 .5rem}
a{color:var(--accent)}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.minor,time{color:var(--muted);font-size:.875rem}
nav ul,.list{list-style:none;margin:0;padding:0}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem}
nav a{display:inline-block;padding:.375rem 0}
.list{background:var(--surface);border:1px solid var(--line);border-radius:.75rem}
.list li{padding:.75rem 1rem;overflow-wrap:anywhere}
.list li+li{border-top:1px solid var(--line)}
.list a{font-weight:600}
.list .minor{display:block}
article{max-width:38rem;margin:.5rem auto .5rem 0;padding:.5rem .75rem;background:var(--surface);
border-radius:.75rem;overflow-wrap:anywhere;width:fit-content;min-width:12rem}
article.own{margin:.5rem 0 .5rem auto;background:var(--own)}
article.own .minor,article.own time{color:var(--text)}
article .who{display:flex;flex-wrap:wrap;gap:0 .75rem;align-items:baseline;margin:0}
.line{margin:.75rem 0;text-align:center;color:var(--muted);font-size:.875rem}
.body p,.body li,.body blockquote{white-space:pre-wrap}
.body p{margin:.25rem 0}
.body ul,.body ol{margin:.25rem 0;padding-inline-start:1.5rem}
.body li,.body blockquote{white-space:normal}
.body blockquote{margin:.25rem 0;padding-inline-start:.75rem;border-inline-start:3px solid var(--muted)}
pre{margin:.25rem 0;padding:.5rem;background:var(--inset);border-radius:.5rem;white-space:pre-wrap}
figure{margin:.5rem 0}
figure img,video{display:block;max-width:100%;height:auto;max-height:32rem;border-radius:.5rem}
audio{display:block;width:20rem;max-width:100%}
dl{margin:0;display:grid;grid-template-columns:minmax(6rem,auto) 1fr;gap:.25rem 1rem}
dt{color:var(--muted)}
dd{margin:0;overflow-wrap:anywhere;min-width:0}
dd ul{margin:0;padding-inline-start:1.25rem}
@media (max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
""".replace("\n", "")

_HASH = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()

POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src 'self' file:; media-src 'self' file:;"
    " base-uri 'none'; form-action 'none'"
)
"""The policy of the pages: no script runs, whatever someone wrote, and nothing is loaded from
elsewhere. Files beside a page are of no origin, so that `'self'` is not enough for them."""
