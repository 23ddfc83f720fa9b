public import CraneHTTP
public import CraneSchema
public import HTTPTypes

extension Response {
    /// `application/json` from text that is JSON already.
    public static func json(_ json: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, type: .json, body: ResponseBody(json))
    }

    /// `application/json` from bytes that are JSON already.
    public static func json(_ json: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, type: .json, body: ResponseBody(json))
    }

    /// `application/json` from a body that is JSON already, written in one piece or in many.
    public static func json(_ body: ResponseBody, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, type: .json, body: body)
    }

    /// `application/json` of a value that describes itself.
    @_disfavoredOverload
    public static func json(_ value: some SchemaRepresentable, status: HTTPResponse.Status = .ok) -> Response
    {
        json(type(of: value).schema.encode(value), status: status)
    }

    /// `application/json` of a tree: `.json(["state": "ready", "waiting": 3])`.
    @_disfavoredOverload
    public static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        json(JSONValue.schema.encode(value), status: status)
    }

    /// `text/plain` in UTF-8.
    public static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, type: .text, body: ResponseBody(text))
    }

    /// `text/html` in UTF-8.
    public static func html(_ html: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, type: .html, body: ResponseBody(html))
    }

    /// Sends the client to `location`, which is percent-encoded where it must be (RFC 9110, section 10.2.2).
    ///
    /// 307, the default, keeps method and body.
    public static func redirect(to location: String, status: HTTPResponse.Status = .temporaryRedirect)
        -> Response
    {
        Response(
            status: status, headers: [.location: location.percentEncoded(keeping: ":/%#?=@[]!$&'()*+,;")])
    }

    /// `{"detail":"..."}` as `application/json`, with `headers` beside it or in the place of its own.
    public static func detail(
        _ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = HTTPFields()
    ) -> Response {
        var body = JSONWriter(capacity: detail.utf8.count + 16)
        body.raw("{\"detail\":")
        body.string(detail)
        body.raw("}")
        var response = Response.json(body.bytes, status: status)
        response.headers.replace(with: headers)
        return response
    }
}
