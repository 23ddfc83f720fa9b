import CraneHTTP
import HTTPTypes

/// A response to what is not a request that an application could see: it ends the connection.
struct Refusal {
    let response: Response

    private init(_ response: Response) {
        self.response = response
    }

    private init(status: HTTPResponse.Status, headers: HTTPFields = [:], detail: String) {
        var headers = headers
        headers[.contentType] = "application/json"
        self.init(
            Response(status: status, headers: headers, body: ResponseBody("{\"detail\":\"\(detail)\"}")))
    }

    /// What the parser did not take; a malformed request gets the plain words that uvicorn uses.
    init(_ error: WireError) {
        guard error.status != 400 else {
            self.init(
                Response(
                    status: .badRequest, headers: [.contentType: "text/plain; charset=utf-8"],
                    body: ResponseBody("Invalid HTTP request received.")))
            return
        }
        guard error.status != 503 else {
            self = .overloaded
            return
        }
        let status = HTTPResponse.Status(code: error.status)
        self.init(status: status, detail: status.phrase)
    }

    /// All clients together have the server hold too much.
    static let overloaded = Refusal(
        status: .serviceUnavailable, headers: [.retryAfter: "1"], detail: "Service Unavailable")

    static let tooSlow = Refusal(status: .requestTimeout, detail: "Request Timeout")
    static let tooManyConnections = Refusal(
        status: .serviceUnavailable, headers: [.retryAfter: "1"], detail: "Too many connections")
}
