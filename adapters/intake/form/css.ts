/** The page's one style sheet. */
export const css = `:root{color-scheme:light dark;--ink:#1d2430;--soft:#5a6473;--line:#8a94a3;--paper:#fff;--field:#fff;--go:#1f5fbf;--on-go:#fff;--bad:#b3261e;--bad-paper:#fdecea}
@media (prefers-color-scheme:dark){:root{--ink:#e8ebf0;--soft:#a7b0be;--line:#6f7a8a;--paper:#161a20;--field:#1e242c;--go:#8ab6ff;--on-go:#10203a;--bad:#ffb4ab;--bad-paper:#3a1a18}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:36rem;margin:0 auto;padding:1.25rem}
header{display:flex;justify-content:space-between;align-items:baseline;gap:1rem}
h1{font-size:1.5rem;margin:.25rem 0}
h2{font-size:1rem;margin:0 0 .25rem}
a{color:var(--go)}
.row{margin:1rem 0}
fieldset{border:1px solid var(--line);border-radius:.5rem;margin:1rem 0;padding:.25rem 1rem}
label,legend{font-weight:600}
label{display:block;margin-bottom:.25rem}
.must{font-weight:400;color:var(--soft);font-size:.875rem}
.help{margin:.1rem 0 .35rem;color:var(--soft);font-size:.875rem}
input:not([type=file]),textarea{width:100%;padding:.6rem .7rem;font:inherit;color:inherit;background:var(--field);border:1px solid var(--line);border-radius:.5rem}
textarea{resize:vertical}
input[type=file]{width:100%;font:inherit;color:inherit}
[aria-invalid=true]:not([type=file]){border-color:var(--bad);border-width:2px}
.error{margin:.25rem 0 0;color:var(--bad)}
.summary{background:var(--bad-paper);border-left:4px solid var(--bad);padding:.75rem 1rem;border-radius:.25rem}
.summary ul{margin:0;padding-left:1.25rem}
.summary a{color:var(--bad)}
button{font:inherit;font-weight:600;padding:.65rem 1.6rem;border:0;border-radius:.5rem;background:var(--go);color:var(--on-go);cursor:pointer}
:focus-visible{outline:3px solid var(--go);outline-offset:2px}
.number{font-size:1.5rem}
.extra{position:absolute;left:-10000px;width:1px;height:1px;overflow:hidden}
`
