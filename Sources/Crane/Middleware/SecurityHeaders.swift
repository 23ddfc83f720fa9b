public import CraneHTTP
import HTTPTypes

/// Puts fields on every response that take from pages what few of them need: Helmet's, for Express.
///
/// What a response says itself stays: a page with a policy of its own has that one. A response without other fields than its type costs one
/// reference more.
public struct SecurityHeaders: SynchronousMiddleware {
    private struct Line: Sendable {
        let name: HTTPField.Name
        let bytes: [UInt8]
    }

    private let lines: [Line]
    /// The same in one piece, for what has none of these fields itself.
    private let all: [UInt8]
    private let strictTransport: [UInt8]?

    /// The policy of a page that loads its own files only, runs no script in its text, and stands in no frame.
    public static let ownFilesOnly =
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

    /// Each is left out where it is `nil`; traps for a value that is none of a header field.
    ///
    /// - Parameters:
    ///   - contentSecurityPolicy: `Content-Security-Policy`, what a page may load and run.
    ///   - strictTransportSecurity: `Strict-Transport-Security`: for how long browsers ask by HTTPS alone; sent where the client used HTTPS.
    ///   - contentTypeOptions: `X-Content-Type-Options`: `nosniff` for types that are as they are said to be.
    ///   - frameOptions: `X-Frame-Options`, for browsers that know no `frame-ancestors`.
    ///   - referrerPolicy: `Referrer-Policy`, what other sites are told of where a visitor comes from.
    ///   - crossOriginOpenerPolicy: `Cross-Origin-Opener-Policy`, which windows a page shares its process with.
    ///   - crossOriginResourcePolicy: `Cross-Origin-Resource-Policy`, whose pages may load a response; nobody is kept out without it.
    ///   - permissionsPolicy: `Permissions-Policy`, such as `camera=(), microphone=()`.
    public init(
        contentSecurityPolicy: String? = SecurityHeaders.ownFilesOnly,
        strictTransportSecurity: String? = "max-age=31536000",
        contentTypeOptions: String? = "nosniff",
        frameOptions: String? = "DENY",
        referrerPolicy: String? = "strict-origin-when-cross-origin",
        crossOriginOpenerPolicy: String? = "same-origin",
        crossOriginResourcePolicy: String? = nil,
        permissionsPolicy: String? = nil
    ) {
        let fields: [(HTTPField.Name, String?)] = [
            (.contentSecurityPolicy, contentSecurityPolicy), (.xContentTypeOptions, contentTypeOptions),
            (.xFrameOptions, frameOptions), (.referrerPolicy, referrerPolicy),
            (.crossOriginOpenerPolicy, crossOriginOpenerPolicy),
            (.crossOriginResourcePolicy, crossOriginResourcePolicy), (.permissionsPolicy, permissionsPolicy),
        ]
        lines = fields.compactMap { name, value in
            value.map { Line(name: name, bytes: Self.line(name, $0)) }
        }
        all = lines.flatMap(\.bytes)
        strictTransport = strictTransportSecurity.map { Self.line(.strictTransportSecurity, $0) }
    }

    private static func line(_ name: HTTPField.Name, _ value: String) -> [UInt8] {
        precondition(HTTPField.isValidValue(value), "not a field's value: \(value)")
        return Array("\(name.rawName): \(value)\r\n".utf8)
    }

    public func enter(_ request: Request, _ context: Context) -> Response? { nil }

    public func leave(_ request: Request, _ context: Context, _ response: inout Response) {
        if response.usualType != nil, response.sharedLines.isEmpty {
            response.sharedLines = all
        } else {
            for line in lines where !response.headers.contains(line.name) {
                response.fieldLines += line.bytes
            }
        }
        if let strictTransport, context.scheme == .https,
            !response.headers.contains(.strictTransportSecurity)
        {
            response.fieldLines += strictTransport
        }
    }
}
