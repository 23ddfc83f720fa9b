import Foundation
import Testing

@testable import Crane

@Suite("The documentation pages")
struct DocsPagesTests {
    enum Page: CaseIterable {
        case interactive, reading, redirect

        var html: String {
            switch self {
            case .interactive: DocsPages.interactive(title: "Talks", openAPIPath: "/openapi.json")
            case .reading: DocsPages.reading(title: "Talks", openAPIPath: "/openapi.json")
            case .redirect: DocsPages.oauth2Redirect
            }
        }
    }

    @Test("no page names another host or loads a file", arguments: Page.allCases)
    func offline(page: Page) {
        let html = page.html
        for word in ["http://", "https://", "//cdn", " src=", "@import", " url(", ":url(", "import("] {
            let found = html.contains(word)
            #expect(!found, "\(word)")
        }
    }

    @Test("no page runs text as code or takes it for HTML", arguments: Page.allCases)
    func noEvaluation(page: Page) {
        let html = page.html
        for word in ["eval(", "Function(", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"] {
            let found = html.contains(word)
            #expect(!found, "\(word)")
        }
        #expect(html.firstMatch(of: #/\son[a-z]+="/#) == nil)
        #expect(html.firstMatch(of: #/\sstyle="/#) == nil)
    }

    @Test("each page is well under 60 KB", arguments: Page.allCases)
    func size(page: Page) {
        #expect(page.html.utf8.count < 59_500)
    }

    @Test("the policy of each page names the hashes of its script and style", arguments: Page.allCases)
    func hashes(page: Page) throws {
        let html = page.html
        let policy = try #require(html.firstMatch(of: #/Content-Security-Policy" content="([^"]*)"/#)).1
        #expect(policy.hasPrefix("default-src 'none'; "))
        let script = try #require(html.firstMatch(of: #/(?s)<script type="module">(.*)</script>/#)).1
        #expect(policy.contains("script-src '\(hash(script))';"), "Tests/DocsPages/run.sh --hashes")
        if let style = html.firstMatch(of: #/(?s)<style>(.*)</style>/#)?.1 {
            #expect(policy.contains("style-src '\(hash(style))';"), "Tests/DocsPages/run.sh --hashes")
        }
        #expect(!policy.contains("unsafe"))
    }

    @Test("a title and a path with markup stay text")
    func escaping() {
        for make in [DocsPages.interactive, DocsPages.reading] {
            let html = make(#"</title><script>"&'"#, #""><script>"#, #""><script>"#, #""><script>"#)
            #expect(html.firstMatch(of: #/data-other="([^"]*)"/#)?.1 == "&quot;&gt;&lt;script&gt;")
            #expect(html.firstMatch(of: #/data-root="([^"]*)"/#)?.1 == "&quot;&gt;&lt;script&gt;")
            let title = html.firstMatch(of: #/<title>(.*)<\/title>/#)?.1
            #expect(title == "&lt;/title&gt;&lt;script&gt;&quot;&amp;&#39;")
            let path = html.firstMatch(of: #/data-openapi="([^"]*)"/#)?.1
            #expect(path == "&quot;&gt;&lt;script&gt;")
            #expect(html.matches(of: #/<script/#).count == 1)
        }
    }

    private func hash(_ text: Substring) -> String {
        "sha256-" + Data(SHA256.digest(Array(text.utf8))).base64EncodedString()
    }
}
