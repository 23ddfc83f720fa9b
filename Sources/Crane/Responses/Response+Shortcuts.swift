public import HTTPTypes
public import HTTPWire

// Shared: giving a response its fields is a reference, not an allocation.
private let jsonFields: HTTPFields = [.contentType: "application/json"]
private let textFields: HTTPFields = [.contentType: "text/plain; charset=utf-8"]
private let htmlFields: HTTPFields = [.contentType: "text/html; charset=utf-8"]

extension Response {
    /// `application/json` from text that is JSON already.
    public static func json(_ json: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: jsonFields, body: ResponseBody(json))
    }

    /// `application/json` from bytes that are JSON already.
    public static func json(_ json: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: jsonFields, body: ResponseBody(json))
    }

    /// `text/plain` in UTF-8.
    public static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: textFields, body: ResponseBody(text))
    }

    /// `text/html` in UTF-8.
    public static func html(_ html: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: htmlFields, body: ResponseBody(html))
    }

    /// Sends the client to `location`, which is percent-encoded where it must be (RFC 9110, section 10.2.2).
    ///
    /// 307, the default, keeps method and body.
    public static func redirect(to location: String, status: HTTPResponse.Status = .temporaryRedirect)
        -> Response
    {
        Response(status: status, headers: [.location: percentEncoded(location)])
    }

    /// `{"detail":"..."}` as `application/json`, with `headers` beside it.
    public static func detail(
        _ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = HTTPFields()
    ) -> Response {
        var response = Response.json("{\"detail\":\(jsonText(detail))}", status: status)
        response.headers.append(contentsOf: headers)
        return response
    }
}

/// `location` with every byte that may not stand in a URI reference percent-encoded (RFC 3986, section 2); `%` stays.
private func percentEncoded(_ location: String) -> String {
    let kept = "_.-~:/%#?=@[]!$&'()*+,;".utf8
    var encoded = ""
    for byte in location.utf8 {
        switch byte {
        case 48...57, 65...90, 97...122: encoded.unicodeScalars.append(Unicode.Scalar(byte))
        case _ where kept.contains(byte): encoded.unicodeScalars.append(Unicode.Scalar(byte))
        default: encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
        }
    }
    return encoded
}

/// `text` as a JSON string, quotes included; only what must be is escaped (RFC 8259, section 7).
func jsonText(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": json += "\\\""
        case "\\": json += "\\\\"
        case "\n": json += "\\n"
        case "\r": json += "\\r"
        case "\t": json += "\\t"
        case "\u{8}": json += "\\b"
        case "\u{C}": json += "\\f"
        case "\u{0}"..."\u{1F}":
            json += (scalar.value < 16 ? "\\u000" : "\\u00") + String(scalar.value, radix: 16)
        default: json.unicodeScalars.append(scalar)
        }
    }
    return json + "\""
}
