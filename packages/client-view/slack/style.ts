/** Slack's look, for `.slack` and its contents. It affects nothing else on a page. */
export const SLACK_STYLE = `
.slack{--ground:#fff;--text:#1d1c1d;--muted:#5e5d60;--line:#dddddd;--edge:#8d8d91;--link:#0b5cad;--code:#f6f6f6;--code-text:#b3123f;--chip:#e8f1fa;--green:#007a5a;--red:#c01343;--private:#f8f8f8;
box-sizing:border-box;background:var(--ground);color:var(--text);font:15px/1.467 Lato,"Slack-Lato",Inter,"Helvetica Neue",Helvetica,Arial,sans-serif;padding:16px;max-width:100%;overflow-wrap:anywhere}
.slack[data-theme=dark]{--ground:#1a1d21;--text:#d9dadc;--muted:#ababad;--line:#3b3e43;--edge:#7d7f84;--link:#4db5f5;--code:#26292e;--code-text:#f0808a;--chip:#20364d;--green:#007a5a;--red:#c9254e;--private:#212429}
.slack *{box-sizing:border-box}
.slack p,.slack h2,.slack h3,.slack ul,.slack ol,.slack pre,.slack blockquote,.slack figure,.slack fieldset{margin:0}
.slack .message{display:grid;grid-template-columns:36px minmax(0,1fr);column-gap:10px}
.slack .message+.message{margin-top:16px}
.slack .message.private{background:var(--private);margin:0 -8px;padding:8px;border-radius:6px}
.slack .visibility{grid-column:1/-1;font-size:12.5px;color:var(--muted);padding-left:46px}
.slack .avatar{width:36px;height:36px;border-radius:6px;background:#6d4ae0;color:#fff;font-weight:700;font-size:18px;display:grid;place-items:center}
.slack .message>.body{max-width:600px}
.slack .message header{display:flex;align-items:baseline;gap:6px}
.slack .author{font-weight:900}
.slack .badge{background:var(--line);color:var(--text);font-size:10px;font-weight:700;line-height:14px;border-radius:2px;padding:0 3px;align-self:center}
.slack header time{font-size:12px;color:var(--muted)}
.slack .body>*+*{margin-top:8px}
.slack .message .body>header+*{margin-top:2px}
.slack .header{font-size:18px;line-height:1.33;font-weight:900;padding-top:4px}
.slack .emoji{width:1.1em;height:1.1em;vertical-align:-.18em}
.slack .rich>*+*{margin-top:6px}
.slack .rich ul,.slack .rich ol{padding-left:26px}
.slack .section{display:flex;justify-content:space-between;gap:16px}.slack .words{flex:1}
.slack .section .fields{display:grid;grid-template-columns:1fr 1fr;gap:8px}
.slack .context{font-size:13px;color:var(--muted);display:flex;flex-wrap:wrap;gap:4px 10px}
.slack hr{border:0;border-top:1px solid var(--line);margin:14px 0}
.slack figure img{display:block;width:480px;max-width:100%;height:auto;border-radius:8px}
.slack figcaption{font-size:13px}
.slack .missing-picture{border:1px solid var(--line);border-radius:8px;padding:8px 12px;color:var(--muted)}
.slack strong{font-weight:700}
.slack blockquote{border-left:4px solid var(--line);padding-left:12px;white-space:pre-wrap}
.slack code{font:12.5px/1.5 Monaco,Menlo,Consolas,"DejaVu Sans Mono",monospace;color:var(--code-text);background:var(--code);border:1px solid var(--line);border-radius:3px;padding:1px 3px}
.slack pre{font:12.5px/1.5 Monaco,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--code);border:1px solid var(--line);border-radius:4px;padding:8px;white-space:pre-wrap}
.slack a{color:var(--link);text-decoration:none}.slack a:hover{text-decoration:underline}
.slack .mention{background:var(--chip);color:var(--link);border-radius:3px;padding:0 2px}
.slack .actions{display:flex;flex-wrap:wrap;gap:8px;align-items:flex-start}
.slack .button{border:1px solid var(--edge);border-radius:6px;background:var(--ground);color:var(--text);font:700 13px/18px Lato,Inter,Helvetica,Arial,sans-serif;padding:5px 12px;min-height:30px;cursor:pointer;text-align:center}
.slack .button.primary{background:var(--green);border-color:var(--green);color:#fff}.slack .button.danger{background:var(--red);border-color:var(--red);color:#fff}
.slack a.button{color:var(--text)}
.slack .button:focus-visible,.slack .input:focus-visible,.slack summary:focus-visible,.slack .item:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.slack .ticks{border:0;padding:0;width:100%;display:grid;gap:6px}
.slack .option{display:grid;grid-template-columns:18px minmax(0,1fr);gap:8px}
.slack .option input{width:16px;height:16px;margin:3px 0 0}
.slack .option small{display:block;font-size:13px;color:var(--muted)}
.slack .overflow{position:relative}.slack summary{list-style:none;border:1px solid var(--edge);border-radius:6px;min-width:34px;min-height:30px;text-align:center;font-weight:900;cursor:pointer}
.slack summary::-webkit-details-marker{display:none}
.slack .items{border:1px solid var(--line);border-radius:6px;background:var(--ground);margin-top:4px;padding:4px 0}
.slack .item{display:block;width:100%;border:0;background:none;color:inherit;font:inherit;text-align:left;padding:5px 14px;cursor:pointer}
.slack .home,.slack .modal{max-width:700px;margin:0 auto}
.slack .home>header{font-size:18px;padding-bottom:8px}
.slack .tabs{display:flex;gap:18px;border-bottom:1px solid var(--line);font-size:13px;font-weight:700;color:var(--muted);margin-bottom:14px}
.slack .tabs span{padding-bottom:6px}.slack .tabs .active{color:var(--text);border-bottom:2px solid var(--text)}
.slack .modal{border:1px solid var(--line);border-radius:10px;max-width:520px;box-shadow:0 8px 28px #0005}
.slack .modal>header{display:flex;justify-content:space-between;padding:16px 20px 4px}
.slack .modal h2{font-size:20px;font-weight:900}
.slack .modal>.body{padding:8px 20px 16px}.slack .modal>.body>*+*{margin-top:16px}
.slack .modal>footer{display:flex;justify-content:flex-end;gap:10px;padding:12px 20px;border-top:1px solid var(--line)}
.slack .modal>footer .button{padding:8px 14px}
.slack .field label{display:grid;grid-template-columns:auto 1fr;gap:6px 4px}
.slack .field label>.input,.slack .field label>.ticks{grid-column:1/-1}
.slack .optional,.slack .hint{color:var(--muted);font-size:13px}.slack .hint{margin-top:4px}
.slack .input{width:100%;border:1px solid var(--edge);border-radius:6px;background:var(--ground);color:var(--text);font:inherit;padding:7px 10px;color-scheme:light}
.slack[data-theme=dark] .input,.slack[data-theme=dark] .option input{color-scheme:dark}
.slack[data-size=phone]{padding:12px}
.slack[data-size=phone] .section .fields{grid-template-columns:1fr}
`;
