/** The one style of the public pages. */
export const style = `
:root { color-scheme: light dark; --text: #1d2433; --soft: #596175; --line: #d9dee8; --surface: #ffffff; --ground: #f4f6fa;
  --accent: #1f5fd0; --on-accent: #ffffff; --good: #17693b; --good-ground: #e5f5ec; --bad: #a4262c; --bad-ground: #fdecec; }
@media (prefers-color-scheme: dark) { :root { --text: #e7eaf1; --soft: #a7b0c2; --line: #343c4d; --surface: #1c212c;
  --ground: #12151c; --accent: #8fb6ff; --on-accent: #0d1830; --good: #8fd6ad; --good-ground: #173324; --bad: #ffb4b0; --bad-ground: #3b1d1f; } }
* { box-sizing: border-box; margin: 0; }
body { min-block-size: 100vh; background: var(--ground); color: var(--text); font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
.top, main, footer { max-inline-size: 640px; margin-inline: auto; padding: 16px; }
.top { display: flex; justify-content: space-between; gap: 16px; }
a { color: var(--accent); text-underline-offset: 3px; }
.top a, footer a { display: inline-flex; align-items: center; min-block-size: 44px; }
.home { color: var(--text); font-weight: 600; text-decoration: none; }
main { display: grid; gap: 16px; }
footer { font-size: 14px; }
h1 { font-size: 24px; line-height: 1.3; }
h2 { font-size: 16px; }
.lead, .help { color: var(--soft); }
.help { font-size: 14px; }
.card { display: grid; gap: 12px; padding: 20px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface); }
form { display: grid; gap: 12px; }
label, legend { font-weight: 600; }
input[type=text], textarea { inline-size: 100%; min-block-size: 44px; padding: 8px 12px; border: 1px solid var(--soft); border-radius: 8px; background: var(--surface); color: inherit; font: inherit; }
input.code { font-family: ui-monospace, monospace; font-size: 18px; letter-spacing: 0.06em; text-transform: uppercase; }
textarea { min-block-size: 120px; resize: vertical; }
button, .button { display: inline-flex; align-items: center; justify-content: center; min-block-size: 44px; padding: 8px 20px; border: 1px solid var(--accent); border-radius: 8px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
button.quiet, .button.quiet { background: transparent; color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.row { display: flex; flex-wrap: wrap; gap: 12px; }
.note { padding: 12px 16px; border-radius: 8px; background: var(--good-ground); color: var(--good); }
.note.bad { background: var(--bad-ground); color: var(--bad); }
.steps { display: grid; gap: 0; padding: 0; list-style: none; }
.steps li { position: relative; padding: 0 0 16px 28px; color: var(--soft); }
.steps li:last-child { padding-block-end: 0; }
.steps li::before { content: ""; position: absolute; inset: 7px auto auto 4px; inline-size: 10px; block-size: 10px; border: 2px solid var(--soft); border-radius: 50%; background: var(--surface); z-index: 1; }
.steps li:not(:last-child)::after { content: ""; position: absolute; inset: 18px auto -6px 10px; border-inline-start: 2px solid var(--line); }
.steps .past, .steps .now { color: var(--text); }
.steps .past::before { border-color: var(--accent); background: var(--accent); }
.steps .now { font-weight: 600; }
.steps .now::before { border-color: var(--accent); box-shadow: 0 0 0 4px color-mix(in srgb, var(--accent) 25%, transparent); }
.steps time { display: block; color: var(--soft); font-size: 14px; font-weight: 400; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 4px 16px; }
dt { color: var(--soft); }
fieldset { display: grid; gap: 12px; padding: 0; border: 0; }
.scores { display: flex; flex-wrap: wrap; gap: 8px; }
.scores label, .choice { display: inline-flex; align-items: center; gap: 8px; min-block-size: 44px; padding: 4px 14px; border: 1px solid var(--line); border-radius: 8px; font-weight: 400; cursor: pointer; }
.scores label:has(:checked), .choice:has(:checked) { border-color: var(--accent); font-weight: 600; }
input[type=radio] { inline-size: 20px; block-size: 20px; accent-color: var(--accent); }
pre { overflow-wrap: anywhere; white-space: pre-wrap; font: 14px/1.7 inherit; font-family: inherit; }
@media print { .top, footer, .noprint { display: none; } body { background: #fff; color: #000; } main { max-inline-size: none; padding: 0; } .card { border: 0; padding: 0; } }
`
