import CraneHTTP
import CraneSchema
import CraneSystem
import HTTPTypes

extension Inputs {
    /// A body of more bytes is parsed and checked on a worker thread; parsing so many takes a millisecond at most.
    static let longBody = 32 << 10

    /// Reads the whole body; what is broken as a whole ends the request before any other input is looked at.
    mutating func readBody(_ body: BodyPlan, _ plan: InputPlan) async throws {
        if body.kind == .stream { return }
        if body.kind == .form {
            let form = try await form(body)
            hasLongBody = form.textLength > Inputs.longBody
            content = .form(form)
            return
        }
        let bytes = try await request.body.collect(upTo: body.limit)
        guard bytes.count > Inputs.longBody else { return try take(bytes, plan) }
        hasLongBody = true
        if request.declaresJSON {
            if plan.checksBodyFirst { try await context.blocking { try Inputs.checkJSON(bytes) } }
            content = .json(bytes)
        } else {
            content = .other(bytes)
        }
    }

    /// The same without a wait; false, and nothing is done, where the body is still arriving, is long or a form.
    mutating func readBodyNow(_ body: BodyPlan, _ plan: InputPlan) throws -> Bool {
        if body.kind == .stream { return true }
        guard body.kind == .json, let bytes = try request.body.whole(upTo: body.limit),
            bytes.count <= Inputs.longBody
        else { return false }
        try take(bytes, plan)
        return true
    }

    private mutating func take(_ bytes: [UInt8], _ plan: InputPlan) throws {
        if bytes.isEmpty || request.declaresJSON {
            if plan.checksBodyFirst, !bytes.isEmpty { try Inputs.checkJSON(bytes) }
            content = .json(bytes)
        } else {
            content = .other(bytes)
        }
    }

    /// The fields of the form; none where the body is of another type.
    private func form(_ body: BodyPlan) async throws -> FormData {
        switch request.mediaType {
        case "application/x-www-form-urlencoded":
            let bytes = try await request.body.collect(upTo: FormData.usualLimit)
            return bytes.count > Inputs.longBody
                ? try await context.blocking { try FormData(urlEncoded: bytes) }
                : try FormData(urlEncoded: bytes)
        case "multipart/form-data": return try await MultipartForm.read(request, context, body)
        default: return FormData()
        }
    }

    /// Throws what is wrong with the text of the JSON, if anything.
    private static func checkJSON(_ bytes: [UInt8]) throws {
        if JSONReader.isPlain(bytes.span) { return }
        do {
            _ = try JSONValue.parse(bytes, limits: JSONLimits(bytes: .max))
        } catch {
            throw error.requestError
        }
    }

    /// Takes the value of a body that may be faulty.
    @inlinable
    mutating func decoded<Value>(_ decode: () throws(DecodingFailure) -> Value) throws -> Value? {
        do {
            return try decode()
        } catch {
            try note(error)
            return nil
        }
    }

    @usableFromInline
    mutating func note(_ failure: DecodingFailure) throws {
        guard case .invalid(let error) = failure, error.issues.first?.type != "json_invalid" else {
            throw failure.requestError
        }
        note(error.issues, at: .body)
    }
}

extension Request {
    /// Whether the body is to be JSON: no Content-Type or an empty one, `application/json` or `application/*+json`; the
    /// first line counts.
    fileprivate var declaresJSON: Bool {
        guard let type = bytes(of: .contentType) else { return true }
        if type.isEmpty || type.equals("application/json") { return true }
        let media = mediaType.pieces(at: "/")
        guard media.count == 2, media[0].isSpelt("application") else { return false }
        return media[1].isSpelt("json") || media[1].utf8.suffix(5).elementsEqual("+json".utf8)
    }

    /// The body's media type in lower case, without parameters; empty without a Content-Type (RFC 9110, section 8.3.1).
    var mediaType: String {
        let field = headers.first(.contentType) ?? ""
        return (field.halves(at: ";")?.before ?? field[...]).withoutBlanks.loweredASCII
    }
}

extension Inputs {
    /// The form, where an input of the route takes one.
    var form: FormData? {
        if case .form(let form) = content { form } else { nil }
    }
}
