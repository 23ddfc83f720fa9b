import Glibc

/// Stands in for Crane's own, of which the pages need this alone; what is printed here has nothing to escape.
enum HTML {
    static func escaped(_ text: String) -> String { text }
}

/// Writes the pages and what their policies hash into the directory that is named first.
@main
enum PrintPages {
    static func main() {
        let title = "LiveTalk API V1"
        let texts = [
            "docs.html": DocsPages.interactive(title: title, openAPIPath: "/openapi.json", other: "./redoc"),
            "redoc.html": DocsPages.reading(title: title, openAPIPath: "/openapi.json", other: "./docs"),
            "redirect.html": DocsPages.oauth2Redirect,
            "interactiveStyle": DocsPages.interactiveStyle,
            "readingStyle": DocsPages.readingStyle,
            "interactiveScript": DocsPages.interactiveScript,
            "readingScript": DocsPages.readingScript,
            "redirectScript": DocsPages.redirectScript,
        ]
        for (name, text) in texts {
            guard let file = fopen(CommandLine.arguments[1] + "/" + name, "w") else { return perror(name) }
            fputs(text, file)
            fclose(file)
        }
    }
}
