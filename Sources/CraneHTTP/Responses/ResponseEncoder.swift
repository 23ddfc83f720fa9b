package import HTTPTypes

/// Writes responses as HTTP/1.1 (RFC 9112, sections 4 to 7).
///
/// The framing fields are the encoder's own: what a handler says about length, transfer coding, connection and date is
/// left out, so that it can neither be doubled nor wrong. Names are tokens and values have no control bytes by their types,
/// which makes a split response impossible.
package enum ResponseEncoder {
    /// How a response's body travels, and what becomes of the connection.
    package struct Framing: Equatable, Sendable {
        package enum Body: Equatable, Sendable {
            /// Nothing follows: the body is empty, forbidden, or was written with the head.
            case complete
            /// The stream's bytes follow, exactly this many.
            case length(Int)
            /// The stream's parts follow as chunks, then the last chunk.
            case chunked
            /// The stream's bytes follow, and closing the connection ends them (HTTP/1.0).
            case untilClose
        }

        package var body: Body
        /// Whether the connection may be used again.
        package var keepAlive: Bool
    }

    /// Appends the head, and the body unless it is a stream or the response has none (HEAD, 1xx, 204, 205, 304).
    ///
    /// `keepAlive` is what the connection would like; the response says what was written, which is never more. Nothing but the
    /// output's own growth allocates.
    @discardableResult
    package static func encode(
        _ response: Response, to output: OutputBuffer, isHead: Bool, minorVersion: UInt8, keepAlive: Bool,
        date: HTTPDate
    ) -> Framing {
        let code = response.status.code
        let bodiless = response.status.forbidsContent
        var framing = framing(
            response, skipsBody: bodiless || isHead, minorVersion: minorVersion, keepAlive: keepAlive)
        appendStatusLine(response.status, to: output)
        output.append(date.line)
        var given = GivenFraming()
        if let type = response.usualType {
            type.write(to: output)
        } else {
            given = appendFields(response.fields, isSwitch: code == 101, to: output)
        }
        if !response.sharedLines.isEmpty { output.append(response.sharedLines) }
        if !response.fieldLines.isEmpty { output.append(response.fieldLines) }
        if response.variesByOrigin { output.append("vary: Origin\r\n") }
        if given.close { framing.keepAlive = false }
        if !bodiless {
            appendLength(response, isHead: isHead, given.length, minorVersion: minorVersion, to: output)
        } else if code == 205 {
            // Unlike the others it is not by its nature without a body (RFC 9110, section 15.3.6; RFC 9112, section 6.3).
            output.append("content-length: 0\r\n")
        }
        if !framing.keepAlive {
            if code != 101 { output.append("connection: close\r\n") }
        } else if minorVersion == 0 {
            output.append("connection: keep-alive\r\n")
        }
        output.append("\r\n")
        if !bodiless, !isHead { append(response.body, to: output) }
        return framing
    }

    private static func framing(
        _ response: Response, skipsBody: Bool, minorVersion: UInt8, keepAlive: Bool
    ) -> Framing {
        // RFC 9112, section 6.1: HTTP/1.0 knows no chunks.
        let unknown = minorVersion == 0 ? Framing.Body.untilClose : .chunked
        switch response.body.storage {
        case .stream(let length?, _, _) where !skipsBody:
            return Framing(body: .length(length), keepAlive: keepAlive)
        case .stream where !skipsBody:
            return Framing(body: unknown, keepAlive: keepAlive && minorVersion > 0)
        case .upgrade(let upgrade) where upgrade.isBody && !skipsBody:
            // Who writes the rest of it ends the connection.
            return Framing(body: unknown, keepAlive: false)
        case .string, .bytes, .stream, .upgrade:
            return Framing(body: .complete, keepAlive: keepAlive)
        }
    }

    /// Content-Length or Transfer-Encoding of a response that may have a body; for HEAD what GET would have said.
    private static func appendLength(
        _ response: Response, isHead: Bool, _ given: UInt64?, minorVersion: UInt8, to output: OutputBuffer
    ) {
        var length = response.body.length.map { UInt64(max($0, 0)) }
        // RFC 9110, section 8.6: a response to HEAD written without its body states the length that body would have.
        if isHead, length == 0, let given { length = given }
        if let length {
            output.append("content-length: ")
            output.append(decimal: length)
            output.append("\r\n")
        } else if minorVersion > 0 {
            output.append("transfer-encoding: chunked\r\n")
        }
    }

    private static func append(_ body: ResponseBody, to output: OutputBuffer) {
        switch body.storage {
        case .string(let string): output.append(string)
        case .bytes(let bytes): output.append(bytes)
        case .stream, .upgrade: break
        }
    }

    /// Appends one chunk (RFC 9112, section 7.1); nothing for no bytes, which would end the body.
    package static func chunk(_ bytes: [UInt8], to output: OutputBuffer) {
        guard !bytes.isEmpty else { return }
        output.append(hexadecimal: UInt64(bytes.count))
        output.append("\r\n")
        output.append(bytes)
        output.append("\r\n")
    }

    /// Appends the last chunk with the trailer fields that may stand there.
    package static func lastChunk(trailers: HTTPFields, to output: OutputBuffer) {
        output.append("0\r\n")
        for field in trailers where !TrailerRules.forbids(field.name) { append(field, to: output) }
        output.append("\r\n")
    }

    /// Appends `100 Continue` (RFC 9110, section 15.2.1).
    package static func continue100(to output: OutputBuffer) {
        output.append("HTTP/1.1 100 Continue\r\n\r\n")
    }
}
