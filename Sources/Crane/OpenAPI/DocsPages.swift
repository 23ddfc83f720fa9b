/// The pages that show an application's OpenAPI document in a browser: `/docs`, `/redoc` and the
/// OAuth2 redirect.
///
/// Each is one HTML text that fetches the document and nothing else. What the document says is only
/// ever shown as text, and a Content-Security-Policy names the hash of the page's script and style,
/// so that nothing else could run. Make them once, at start: a call joins some 40 KB of text.
package enum DocsPages {
    /// The page that lists the operations and lets a reader try them. `openAPIPath` is a URL, or a path relative to the
    /// page, `root` where the application is, relative to the document, and `other` the page for reading, if there is one.
    package static func interactive(
        title: String, openAPIPath: String, root: String = "/", other: String? = nil
    ) -> String {
        page(
            title: title, openAPIPath: openAPIPath, root: root, other: other, kind: "interactive",
            script: (interactiveScript, interactiveScriptHash),
            style: (interactiveStyle, interactiveStyleHash))
    }

    /// The page for reading: descriptions, unfolded schemas and examples; `other` is the interactive one.
    package static func reading(
        title: String, openAPIPath: String, root: String = "/", other: String? = nil
    ) -> String {
        page(
            title: title, openAPIPath: openAPIPath, root: root, other: other, kind: "reading",
            script: (readingScript, readingScriptHash), style: (readingStyle, readingStyleHash))
    }

    /// Where an authorization server sends the browser back to: it hands what came in the URL to the
    /// page that opened it, on this origin only (RFC 6749, sections 4.1.2 and 4.2.2).
    package static let oauth2Redirect = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="\#(redirectPolicy)">
        <title>Authorization</title>
        <link rel="icon" href="data:,">
        </head>
        <body>
        <p id="message" role="status">Handing the answer back to the page that asked&hellip;</p>
        <script type="module">\#(redirectScript)</script>
        </body>
        </html>

        """#

    static let interactiveScript = flushLeft(
        PackageResources.document_js, PackageResources.schemas_js, PackageResources.samples_js,
        PackageResources.shell_js, PackageResources.requests_js, PackageResources.authorization_js,
        PackageResources.try_out_js)
    static let readingScript = flushLeft(
        PackageResources.document_js, PackageResources.schemas_js, PackageResources.samples_js,
        PackageResources.shell_js, PackageResources.reading_js)
    static let redirectScript = "\n" + String(decoding: PackageResources.redirect_js, as: UTF8.self)
    static let interactiveStyle = flushLeft(
        PackageResources.common_css, PackageResources.interactive_css, PackageResources.narrow_css)
    static let readingStyle = flushLeft(
        PackageResources.common_css, PackageResources.reading_css, PackageResources.narrow_css)

    /// The lines of the files of `Pages`, without indentation and lines of comment, a sixth of the text. No literal spans lines.
    private static func flushLeft(_ files: [UInt8]...) -> String {
        String(decoding: files.joined(), as: UTF8.self)
            .split(separator: "\n").map { $0.drop { $0 == " " } }
            .filter { !$0.hasPrefix("//") && !($0.hasPrefix("/*") && $0.hasSuffix("*/")) }
            .joined(separator: "\n")
    }

    private static func page(
        title: String, openAPIPath: String, root: String, other: String?, kind: String,
        script: (text: String, hash: String), style: (text: String, hash: String)
    ) -> String {
        let title = HTML.escaped(title)
        let openAPIPath = HTML.escaped(openAPIPath)
        let root = HTML.escaped(root)
        let link = other.map { #" data-other="\#(HTML.escaped($0))""# } ?? ""
        // The page runs its own script and style, and sends requests where a reader asks it to.
        let policy = """
            default-src 'none'; script-src '\(script.hash)'; style-src '\(style.hash)'; connect-src *; \
            img-src data: blob:; base-uri 'none'; form-action 'none'
            """
        return #"""
            <!doctype html>
            <html lang="en" data-openapi="\#(openAPIPath)" data-root="\#(root)"\#(link)>
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="\#(policy)">
            <meta name="referrer" content="no-referrer">
            <title>\#(title)</title>
            <link rel="icon" href="data:,">
            <style>\#(style.text)</style>
            </head>
            <body class="\#(kind)">
            <a class="skip" href="#main">Skip to the operations</a>
            <header>
            <a id="home" href="#main">\#(title)</a>
            <button type="button" id="menu" aria-expanded="false" aria-controls="nav">Contents</button>
            <nav id="nav" aria-label="Operations">
            <p class="filter">
            <label for="filter" class="unseen">Filter the operations</label>
            <input id="filter" type="search" placeholder="Filter" autocomplete="off" spellcheck="false"
             aria-keyshortcuts="/" aria-describedby="found">
            <kbd aria-hidden="true">/</kbd>
            </p>
            <p id="found" class="unseen" role="status"></p>
            <div id="links"></div>
            </nav>
            </header>
            <main id="main" tabindex="-1" aria-busy="true">
            <p class="soft">Reading the description&hellip;</p>
            <noscript>
            <p>This page needs JavaScript. The description itself: <a href="\#(openAPIPath)">OpenAPI</a>.</p>
            </noscript>
            </main>
            <template id="lock"><svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path
             fill="none" stroke="currentColor" stroke-width="1.5"
             d="M3.5 7.5h9v6h-9zM5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2"/></svg></template>
            <script type="module">\#(script.text)</script>
            </body>
            </html>

            """#
    }

    private static let redirectPolicy = """
        default-src 'none'; script-src '\(redirectScriptHash)'; img-src data:; base-uri 'none'; \
        form-action 'none'
        """
}
