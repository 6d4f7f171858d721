/** Discord's look, for `.discord` and its contents. It affects nothing else on a page. */
export const DISCORD_STYLE = `
.discord{--ground:#fff;--card:#f2f3f5;--line:#e1e2e4;--text:#2e3035;--strong:#060607;--muted:#5a5d64;--link:#0061d1;--code:#e8e9ec;--blurple:#4752c4;--chip:#e3e5fb;--chip-text:#3c45a5;--button:#d5d7dc;--button-text:#2e3035;--input:#ebedef;--private:#f2f3fd;
box-sizing:border-box;background:var(--ground);color:var(--text);font:16px/1.375 "gg sans","Noto Sans","Helvetica Neue",Inter,Helvetica,Arial,sans-serif;padding:16px;max-width:100%;overflow-wrap:anywhere}
.discord[data-theme=dark]{--ground:#313338;--card:#2b2d31;--line:#3f4147;--text:#dbdee1;--strong:#f2f3f5;--muted:#a9adb4;--link:#3db8ff;--code:#1e1f22;--blurple:#5865f2;--chip:#3c4270;--chip-text:#d3d8ff;--button:#4e5058;--button-text:#fff;--input:#1e1f22;--private:#35374a}
.discord *{box-sizing:border-box}
.discord p,.discord h2,.discord h3,.discord h4,.discord h5,.discord ul,.discord ol,.discord dl,.discord dd,.discord pre,.discord blockquote{margin:0}
.discord .message{display:grid;grid-template-columns:40px minmax(0,1fr);column-gap:16px;padding:4px 0}
.discord .message+.message{margin-top:16px}
.discord .message.private{background:var(--private);margin:0 -8px;padding:8px;border-radius:6px}
.discord .answers{grid-column:1/-1;font-size:14px;color:var(--muted);padding:0 0 6px 24px;position:relative}
.discord .answers::before{content:"";position:absolute;left:10px;top:9px;width:10px;height:11px;border:2px solid var(--line);border-right:0;border-bottom:0;border-radius:6px 0 0}
.discord .avatar{width:40px;height:40px;border-radius:50%;background:#6d4ae0;color:#fff;font-weight:700;font-size:19px;display:grid;place-items:center}
.discord header{display:flex;align-items:baseline;gap:6px;margin-bottom:2px}
.discord .author{color:var(--strong);font-weight:600}
.discord .badge{background:#4752c4;color:#fff;font-size:11px;font-weight:600;line-height:15px;padding:0 4px;border-radius:3px;align-self:center}
.discord header time{color:var(--muted);font-size:12px}
.discord .text>*+*{margin-top:8px}
.discord .text>.heading{font-size:17px;font-weight:700;color:var(--strong);margin-top:14px}
.discord .text>.heading:first-child{margin-top:0}
.discord .text>.heading+*{margin-top:3px}
.discord h3.heading{font-size:24px}.discord h4.heading{font-size:20px}
.discord ul,.discord ol{padding-left:22px}
.discord li+li{margin-top:3px}
.discord .small{font-size:13px;color:var(--muted)}
.discord strong{font-weight:700}
.discord blockquote{border-left:4px solid var(--line);border-radius:3px;padding-left:12px}
.discord code{font:14px/1.3 "gg mono",Consolas,"DejaVu Sans Mono",monospace;background:var(--code);border-radius:4px;padding:1px 4px}
.discord pre{font:14px/1.35 "gg mono",Consolas,"DejaVu Sans Mono",monospace;background:var(--code);border:1px solid var(--line);border-radius:4px;padding:8px;white-space:pre-wrap}
.discord a{color:var(--link);text-decoration:none}.discord a:hover{text-decoration:underline}
.discord .mention{background:var(--chip);color:var(--chip-text);border-radius:3px;padding:0 3px;font-weight:500}
.discord .instant{background:var(--code);border-radius:3px;padding:0 3px}
.discord .embed{border-left:4px solid var(--line);background:var(--card);border-radius:4px;padding:12px 16px 14px 12px;margin-top:6px;max-width:520px;font-size:15px;display:grid;gap:8px;width:fit-content;min-width:min(100%,320px)}
.discord .embed:has(.picture),.discord .embed:has(.picture)~.embed{width:100%}
.discord .embed .title{font-size:16px;font-weight:700;color:var(--strong)}
.discord .fields{display:flex;flex-wrap:wrap;gap:8px 12px}
.discord .fields .field{flex:1 1 100%}.discord .fields .field.inline{flex:1 1 30%}
.discord dt{font-weight:600;color:var(--strong);font-size:14px}.discord dd{font-size:15px}
.discord .footer{font-size:12.5px;color:var(--muted)}
.discord .picture{display:block;max-width:100%;height:auto;border-radius:4px;width:480px}
.discord .missing-picture,.discord .file{border:1px solid var(--line);border-radius:6px;padding:8px 12px;color:var(--muted);font-size:14px;margin-top:6px}
.discord .row{display:flex;flex-wrap:wrap;gap:8px;margin-top:8px}
.discord .button{border:0;border-radius:6px;font:500 14px/18px "gg sans",Inter,Helvetica,Arial,sans-serif;padding:8px 14px;min-height:36px;background:var(--button);color:var(--button-text);cursor:pointer;text-align:left}
.discord .button.primary{background:var(--blurple);color:#fff}.discord .button.success{background:#20753f;color:#fff}.discord .button.danger{background:#c4313a;color:#fff}
.discord .button[disabled]{opacity:.5;cursor:default}
.discord .button:focus-visible,.discord summary:focus-visible,.discord .input:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.discord .select{width:min(100%,400px);font-size:15px}
.discord summary{list-style:none;display:flex;justify-content:space-between;gap:8px;background:var(--input);border:1px solid var(--line);border-radius:6px;padding:9px 12px;color:var(--muted);cursor:pointer}
.discord summary.chosen{color:var(--text)}
.discord summary::after{content:"";flex:none;width:8px;height:8px;margin:4px 3px;border:solid currentColor;border-width:0 2px 2px 0;transform:rotate(45deg)}
.discord summary::-webkit-details-marker{display:none}
.discord .options{border:1px solid var(--line);border-radius:6px;background:var(--card);margin-top:4px}
.discord .option{display:flex;gap:10px;padding:9px 12px}.discord .option small{display:block;color:var(--muted)}
.discord .dismiss{font-size:12.5px;color:var(--muted);margin-top:6px}
.discord .modal{background:var(--ground);border:1px solid var(--line);border-radius:10px;max-width:520px;margin:0 auto;padding:18px;display:grid;gap:16px;box-shadow:0 8px 28px #0006}
.discord .modal h2{font-size:20px;color:var(--strong)}
.discord .label{font-weight:600;color:var(--strong);margin-bottom:6px}.discord .required{color:#e5484d}
.discord .description{font-size:13px;color:var(--muted);margin:-3px 0 6px}
.discord .input{width:100%;background:var(--input);border:1px solid var(--line);border-radius:6px;color:var(--text);font:inherit;padding:9px 11px}
.discord .input::placeholder{color:var(--muted)}
.discord .upload{display:block;border:1px dashed var(--muted);border-radius:6px;padding:14px;text-align:center;color:var(--muted)}
.discord .modal footer{display:flex;justify-content:flex-end;gap:8px}
.discord[data-size=phone]{padding:12px}
.discord[data-size=phone] .message{column-gap:10px}
.discord[data-size=phone] .embed{padding:10px 12px 12px 10px;min-width:100%}
.discord[data-size=phone] .fields .field.inline{flex-basis:100%}
.discord[data-size=phone] .row .button{flex:1 1 auto;text-align:center}
.discord[data-size=phone] .select{width:100%}
`;
