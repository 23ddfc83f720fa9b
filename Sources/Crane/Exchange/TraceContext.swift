import CraneSystem

/// The place of a request in a distributed trace (W3C Trace Context): the whole trace's id, and that of the span which is this service's.
public struct TraceContext: Hashable, Sendable {
    /// The trace's id: 32 hexadecimal digits, not all zero.
    public let traceID: String
    /// The span's id: 16 hexadecimal digits, not all zero.
    public let spanID: String
    /// Whether the caller records the trace.
    public let isSampled: Bool
    /// `tracestate`, which is passed on as it came; `nil` for none.
    public let state: String?

    private init(traceID: String, spanID: String, isSampled: Bool, state: String?) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
    }

    /// A new trace.
    ///
    /// - Parameter isSampled: whether it is recorded.
    public init(isSampled: Bool = false) {
        self.init(
            traceID: RandomID.next() + RandomID.next(), spanID: RandomID.next(), isSampled: isSampled,
            state: nil)
    }

    /// Reads the fields of a caller; `nil` for what is no `traceparent` (section 3.2 of the recommendation): then `tracestate` counts for
    /// nothing either.
    ///
    /// - Parameters:
    ///   - traceparent: of version 00, or of a later one, whose beginning is the same.
    ///   - tracestate: left out where it is longer than 512 bytes.
    public init?(traceparent: String, tracestate: String? = nil) {
        let bytes = Array(traceparent.utf8)
        guard bytes.count >= 55, bytes[2] == 45, bytes[35] == 45, bytes[52] == 45,
            Self.isHexadecimal(bytes[0..<2]), Self.isHexadecimal(bytes[3..<35]),
            Self.isHexadecimal(bytes[36..<52]), Self.isHexadecimal(bytes[53..<55]),
            !bytes[3..<35].allSatisfy({ $0 == 48 }), !bytes[36..<52].allSatisfy({ $0 == 48 })
        else { return nil }
        let version = String(decoding: bytes[0..<2], as: UTF8.self)
        let isLater = bytes.count > 55 && version != "00" && bytes[55] == 45
        guard version != "ff", bytes.count == 55 || isLater else { return nil }
        let flags = UInt8(String(decoding: bytes[53..<55], as: UTF8.self), radix: 16) ?? 0
        self.init(
            traceID: String(decoding: bytes[3..<35], as: UTF8.self),
            spanID: String(decoding: bytes[36..<52], as: UTF8.self), isSampled: flags & 1 == 1,
            state: tracestate.flatMap { $0.isEmpty || $0.utf8.count > 512 ? nil : $0 })
    }

    /// Lower case alone is allowed.
    private static func isHexadecimal(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    /// A new span of the same trace.
    public func child() -> TraceContext {
        TraceContext(traceID: traceID, spanID: RandomID.next(), isSampled: isSampled, state: state)
    }

    /// The field by which another server is told of it.
    public var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }
}
