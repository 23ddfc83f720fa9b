/// The pages that show an application's OpenAPI document in a browser.
package enum DocsPages {
    /// The page that lists the operations and lets a reader try them.
    package static func interactive(title: String, openAPIPath: String) -> String {
        "<!doctype html><title>Docs</title><p><a href=\"\(openAPIPath)\">OpenAPI</a>"
    }

    /// The page for reading.
    package static func reading(title: String, openAPIPath: String) -> String {
        "<!doctype html><title>Reference</title><p><a href=\"\(openAPIPath)\">OpenAPI</a>"
    }

    /// Where an authorisation server sends the browser back to.
    package static let oauth2Redirect = "<!doctype html><title>Authorisation</title>"
}
