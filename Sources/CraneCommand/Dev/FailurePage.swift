import Crane

/// What stands at a program's address while there is no program: a page with the status 503 that says why.
struct FailurePage: Sendable {
    let title: String
    let text: String

    /// The page for a browser, which asks again by itself; plain text for others.
    func response(to request: Request) -> Response {
        let accepts = request.headers[.accept] ?? ""
        var response =
            accepts.contains("text/html")
            ? Response.html(html, status: .serviceUnavailable)
            : Response.text("\(title)\n\n\(text)\n", status: .serviceUnavailable)
        response.headers[.retryAfter] = "1"
        response.headers[.cacheControl] = "no-store"
        response.headers[.contentSecurityPolicy] = "default-src 'none'; style-src 'unsafe-inline'"
        return response
    }

    private var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="utf-8">
        <meta http-equiv="refresh" content="1">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(HTML.escaped(title))</title>
        <style>body { font: 1rem/1.5 sans-serif; margin: 2rem } pre { overflow-x: auto; font-size: .9rem }</style>
        <h1>\(HTML.escaped(title))</h1>
        <pre>\(HTML.escaped(text))</pre>
        <p>crane dev builds again when a source changes, and this page asks every second.</p>
        </html>
        """
    }

    /// Serves the page at every path until the server is shut down.
    func serve(on address: ProgramAddress) throws(ServerError) -> Server {
        var app = App()
        app.documentation = .none
        app.onUnmatched { request, _ in response(to: request) }
        var configuration = ServerConfiguration()
        configuration.addresses = [.host(address.host, port: address.port)]
        configuration.handlesSignals = false
        let server = Server(responder: app.build(), configuration: configuration)
        _ = try server.start()
        return server
    }
}
