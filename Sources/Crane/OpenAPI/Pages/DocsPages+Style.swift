/// The style of the pages: light or dark as the browser prefers, one column on a phone.
extension DocsPages {
    /// What both pages begin with.
    static let commonStyle = #"""

        :root {
            color-scheme: light dark;
            --back: #fbfaf8; --panel: #ffffff; --sunk: #f4f2ee; --line: #e3dfd8; --edge: #8d8880;
            --text: #23282d; --soft: #5f676e; --accent: #0b6b66; --wash: #e3f1ef; --on: #ffffff;
            --get: #1c5d99; --post: #21704a; --put: #8a5300; --patch: #72489a; --delete: #ac3128;
            --sans: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
            --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;
        }
        @media (prefers-color-scheme: dark) {
            :root {
                --back: #15181b; --panel: #1b1f23; --sunk: #111416; --line: #2d3338; --edge: #7a848c;
                --text: #dfe3e6; --soft: #9aa5ad; --accent: #62c7be; --wash: #17332f; --on: #0d1f1d;
                --get: #79b4ea; --post: #74cb9d; --put: #e2ac5c; --patch: #c3a0e8; --delete: #f0897f;
            }
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        html { scroll-padding-top: 1.5rem; }
        body {
            margin: 0; background: var(--back); color: var(--text); font: 15px/1.55 var(--sans);
            overflow-wrap: break-word;
        }
        h1, h2, h3, h4, p, ul, ol, dl, dd, pre, figure { margin: 0; }
        h1 { font-size: 1.9rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.015em; }
        h2 { font-size: 1.25rem; font-weight: 650; letter-spacing: -0.01em; }
        h3 { font-size: 1rem; font-weight: 600; }
        h4 { margin: 1.5rem 0 0.5rem; font-size: 0.8rem; font-weight: 600; color: var(--soft); }
        a { color: var(--accent); text-underline-offset: 0.15em; }
        code, pre, kbd, textarea.body { font-family: var(--mono); font-size: 0.86em; }
        pre {
            padding: 0.75rem 0.9rem; overflow: auto; max-height: 32rem; border-radius: 6px;
            background: var(--sunk);
            border: 1px solid var(--line); line-height: 1.5; tab-size: 4; font-size: 0.83rem;
        }
        pre .key { color: var(--get); } pre .string { color: var(--post); } pre .value { color: var(--put); }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
        main:focus { outline: none; }
        .soft { color: var(--soft); font-weight: 400; }
        .small { font-size: 0.87rem; }
        .problem { color: var(--delete); }
        .old { text-decoration: line-through; }
        .unseen {
            position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
            white-space: nowrap;
        }
        .skip {
            position: absolute; left: 1rem; top: -4rem; z-index: 3; padding: 0.5rem 1rem;
            background: var(--panel);
        }
        .skip:focus { top: 0.5rem; }
        .row { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; }
        .prose > * + * { margin-top: 0.6rem; }
        .prose .heading { font-weight: 600; }
        .prose code { padding: 0.1em 0.3em; border-radius: 4px; background: var(--sunk); }
        .prose ul, .prose ol { padding-left: 1.4rem; }

        button, input, select, textarea { font: inherit; color: inherit; }
        button {
            display: inline-flex; gap: 0.4rem; align-items: center; padding: 0.35rem 0.9rem; cursor: pointer;
            border: 1px solid var(--edge); border-radius: 6px; background: var(--panel);
        }
        button:hover { border-color: var(--accent); color: var(--accent); }
        button.main {
            background: var(--accent); border-color: var(--accent); color: var(--on); font-weight: 600;
        }
        button.main:hover { filter: brightness(1.1); color: var(--on); }
        button.quiet {
            padding: 0.1rem 0.55rem; border-color: var(--line); color: var(--soft); font-size: 0.8rem;
        }
        input:not([type=checkbox], [type=file]), select, textarea {
            width: 100%; min-width: 0; padding: 0.4rem 0.6rem; border: 1px solid var(--edge);
            border-radius: 6px;
            background: var(--panel);
        }
        textarea { resize: vertical; line-height: 1.5; }
        ::placeholder { color: var(--soft); opacity: 1; }
        [aria-invalid=true] { border-color: var(--delete) !important; }

        header {
            position: fixed; inset: 0 auto 0 0; width: 17.5rem; padding: 1.5rem 1rem; overflow-y: auto;
            border-right: 1px solid var(--line); background: var(--panel); scrollbar-width: thin;
        }
        #home {
            display: block; padding: 0 0.5rem 1rem; color: var(--text); font-weight: 650;
            text-decoration: none;
        }
        #menu { display: none; }
        .filter { position: relative; }
        .filter kbd {
            position: absolute; right: 0.5rem; top: 0.5rem; padding: 0 0.4rem; border: 1px solid var(--line);
            border-radius: 4px; color: var(--soft); line-height: 1.4;
        }
        .filter input:focus + kbd, .filter input:not(:placeholder-shown) + kbd { display: none; }
        nav h2 {
            margin: 1.4rem 0.5rem 0.3rem; font-size: 0.8rem; letter-spacing: 0; color: var(--soft);
            overflow-wrap: anywhere;
        }
        nav ul { padding: 0; list-style: none; }
        nav a {
            display: flex; gap: 0.5rem; align-items: baseline; padding: 0.22rem 0.5rem; border-radius: 6px;
            color: var(--text); text-decoration: none; font-size: 0.9rem; overflow-wrap: anywhere;
        }
        nav a:hover, nav a[aria-current] { background: var(--wash); }
        nav .method { flex: 0 0 3.1rem; font-size: 0.68rem; }
        .method { color: var(--soft); font: 700 0.75rem var(--mono); }
        .get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); }
        .patch { color: var(--patch); } .delete { color: var(--delete); }

        main { margin-left: 17.5rem; padding: 2.5rem clamp(1rem, 4vw, 3.5rem) 6rem; max-width: 88rem; }
        .opening { margin-bottom: 2.5rem; }
        .opening > * + * { margin-top: 0.8rem; }
        .opening label { display: flex; gap: 0.5rem; align-items: center; }
        .version {
            padding: 0.1rem 0.5rem; border: 1px solid var(--line); border-radius: 99px; color: var(--soft);
            font-size: 0.8rem; font-weight: 500; letter-spacing: 0; vertical-align: middle;
        }
        .links { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; font-size: 0.9rem; }
        .group, .models { margin-top: 2.5rem; }
        .group > h2, .models > h2 { margin-bottom: 0.8rem; }

        .term { display: flex; flex-wrap: wrap; gap: 0 0.6rem; align-items: baseline; font-size: 0.9rem; }
        .term .name { font-weight: 600; font-size: 0.88rem; overflow-wrap: anywhere; }
        .term .required { color: var(--delete); font-size: 0.8rem; }
        .term .type, .term .place { color: var(--soft); font-size: 0.84rem; }
        .limit {
            padding: 0 0.4rem; border-radius: 4px; background: var(--sunk); color: var(--soft);
            font-size: 0.8rem;
            overflow-wrap: anywhere;
        }
        .term .prose { flex-basis: 100%; color: var(--soft); }
        ul.schema { padding: 0; list-style: none; }
        ul.schema > li { padding: 0.4rem 0; border-top: 1px solid var(--line); }
        ul.schema > li:first-child { border-top: 0; }
        .inside { margin: 0.3rem 0 0.3rem; padding-left: 0.9rem; border-left: 2px solid var(--line); }
        .whole > .inside, .documented > .inside { padding-left: 0; border-left: 0; }
        summary { cursor: pointer; padding: 0.2rem 0; color: var(--soft); font-size: 0.9rem; }
        summary:hover { color: var(--accent); }
        .documented > summary { color: var(--text); }
        .documented > .inside > * + * { margin-top: 0.5rem; }
        .status { font-weight: 700; } .s2 { color: var(--post); } .s3 { color: var(--get); }
        .s4 { color: var(--put); } .s5 { color: var(--delete); }
        """#

    static let interactiveParts = #"""

        .interactive .operation {
            margin-top: 0.6rem; border: 1px solid var(--line); border-radius: 8px; background: var(--panel);
        }
        .title {
            display: flex; gap: 0.8rem; align-items: baseline; width: 100%; padding: 0.65rem 1rem; border: 0;
            border-radius: 8px; background: none; text-align: left; font-weight: 400;
        }
        .title .method { flex: 0 0 3.6rem; font-size: 0.8rem; }
        .title .path { font-size: 0.92rem; font-weight: 600; overflow-wrap: anywhere; }
        .title .variable { color: var(--accent); }
        .title .summary { flex: 1; color: var(--soft); }
        .title .limit { flex: none; }
        .title .lock { align-self: center; color: var(--soft); line-height: 0; }
        .content { padding: 0.9rem 1rem 1.2rem; border-top: 1px solid var(--line); }
        .columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 2.5rem; }
        .columns h4:first-child, .response:has([hidden]) + h4 { margin-top: 0.8rem; }
        .field {
            display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 0.3rem 1rem;
            align-items: start;
            padding: 0.45rem 0;
        }
        .field.wide { grid-template-columns: minmax(0, 1fr); }
        .request > .row { margin-top: 1rem; }
        .curl { position: relative; }
        .curl pre { max-height: 16rem; padding-right: 4.5rem; }
        .curl button { position: absolute; top: 0.5rem; right: 0.5rem; background: var(--panel); }
        .response img { max-width: 100%; }
        .response dl {
            display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0 1rem;
            font-size: 0.85rem;
        }
        .response dt { color: var(--soft); }
        .response dd { overflow-wrap: anywhere; }
        .response pre { margin: 0.6rem 0; }
        .models > .documented { padding: 0.4rem 0; border-top: 1px solid var(--line); }
        dialog {
            width: min(34rem, calc(100vw - 2rem)); max-height: calc(100vh - 4rem); padding: 1.5rem;
            overflow-y: auto;
            border: 1px solid var(--line); border-radius: 10px; background: var(--panel); color: var(--text);
        }
        dialog::backdrop { background: rgb(0 0 0 / 0.4); }
        dialog > p:last-child { margin-top: 1rem; text-align: right; }
        .scheme { margin-top: 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
        .scheme > .row { justify-content: space-between; }
        .scheme > .row p:empty + button { display: none; }
        .scheme .check { display: block; }
        @media (max-width: 75rem) { .columns { grid-template-columns: minmax(0, 1fr); } }
        """#

    static let readingParts = #"""

        .reading main { max-width: none; padding-right: 0; padding-left: 0; padding-top: 0; }
        .reading .opening, .reading .group > h2, .reading .models > h2, .reading .group > .prose,
        .reading .group > .term {
            padding-left: clamp(1rem, 4vw, 3.5rem); padding-right: 1rem; max-width: 60rem;
        }
        .reading .opening { padding-top: 2.5rem; }
        .reading .group > .term { padding-top: 0.3rem; padding-bottom: 0.3rem; }
        .reading .operation, .model {
            display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 42%);
            border-top: 1px solid var(--line);
        }
        .text { padding: 1.8rem 2.5rem 2.5rem clamp(1rem, 4vw, 3.5rem); max-width: 52rem; }
        .text h3 { font-size: 1.15rem; margin-bottom: 0.5rem; }
        .text h3 a { color: inherit; text-decoration: none; }
        .text h3 a:hover { text-decoration: underline; }
        .secured { margin-top: 0.6rem; color: var(--soft); font-size: 0.9rem; }
        .secured svg { vertical-align: -0.1em; }
        .examples {
            padding: 1.8rem clamp(1rem, 2.5vw, 2rem); background: var(--sunk);
            border-left: 1px solid var(--line);
        }
        .examples > * + * { margin-top: 1.2rem; }
        .examples pre { background: var(--panel); }
        figcaption {
            display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: baseline; margin-bottom: 0.4rem;
        }
        figcaption .path { font-weight: 600; overflow-wrap: anywhere; }
        figcaption button { margin-left: auto; }
        .examples summary .status { margin-right: 0.6rem; }
        @media (max-width: 75rem) {
            .reading .operation, .model { grid-template-columns: minmax(0, 1fr); }
            .examples { border-left: 0; border-top: 1px solid var(--line); }
        }
        """#

    /// What both pages end with: narrow windows and paper.
    static let narrowStyle = #"""

        @media (max-width: 56rem) {
            html { scroll-padding-top: 4.5rem; }
            header {
                position: sticky; inset: 0 0 auto 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 0.5rem;
                align-items: center; justify-content: space-between; width: auto; max-height: 100vh;
                padding: 0.7rem 1rem; border-right: 0; border-bottom: 1px solid var(--line);
            }
            #home { padding: 0; }
            #menu { display: inline-flex; }
            nav { display: none; flex-basis: 100%; }
            .contents nav { display: block; }
            main { margin-left: 0; padding-top: 1.5rem; }
            .title { flex-wrap: wrap; gap: 0.2rem 0.8rem; }
            .title .method { flex-basis: auto; }
            .title .summary { flex-basis: 100%; }
            .field { grid-template-columns: minmax(0, 1fr); }
            .response dl { grid-template-columns: minmax(0, 1fr); }
            .response dd { margin-bottom: 0.3rem; }
        }
        @media print {
            header, .skip, button { display: none !important; }
            main { margin: 0; }
        }
        """#
}
