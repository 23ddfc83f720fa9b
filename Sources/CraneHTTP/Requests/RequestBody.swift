public import HTTPTypes

/// A request's body: empty, already here, or still arriving.
///
/// As an `AsyncSequence` it gives the body's parts as they arrive, each at most one read buffer long; reading slower than
/// the client sends stops the socket, so a body never grows in memory. A body can be read once.
public struct RequestBody: Sendable {
    @usableFromInline
    enum Storage: Sendable {
        case bytes([UInt8])
        case stream(any RequestBodySource)
    }

    @usableFromInline
    let storage: Storage

    @inlinable
    init(storage: Storage) {
        self.storage = storage
    }

    @inlinable
    public static var empty: RequestBody { RequestBody([]) }

    /// A body that is wholly here.
    @inlinable
    public init(_ bytes: [UInt8]) {
        self.init(storage: .bytes(bytes))
    }

    /// A body that arrives from `source`.
    public init(source: any RequestBodySource) {
        self.init(storage: .stream(source))
    }

    /// The whole body; throws `RequestBodyError.tooLarge` past `limit` bytes, and what the source throws.
    ///
    /// Does not suspend when the body came with the head.
    public func collect(upTo limit: Int = 1 << 20) async throws -> [UInt8] {
        switch storage {
        case .bytes: return try whole(upTo: limit) ?? []
        case .stream(let source):
            if let length = source.expectedLength, length > UInt64(limit) { throw RequestBodyError.tooLarge }
            var all: [UInt8] = []
            // Nothing is reserved for what has not come: where memory is not overcommitted, lengths that are only said would
            // use it up.
            while let part = try await source.next() {
                guard all.count + part.count <= limit else { throw RequestBodyError.tooLarge }
                try source.hold(all.count + part.count)
                all.append(contentsOf: part)
            }
            return all
        }
    }

    /// The body where all of it is here, without a wait; `nil` where it is still arriving. Throws as ``collect(upTo:)``.
    package func whole(upTo limit: Int) throws -> [UInt8]? {
        guard case .bytes(let bytes) = storage else { return nil }
        guard bytes.count <= limit else { throw RequestBodyError.tooLarge }
        return bytes
    }

    /// The length in bytes, where it is known before all has come.
    package var expectedLength: UInt64? {
        switch storage {
        case .bytes(let bytes): UInt64(bytes.count)
        case .stream(let source): source.expectedLength
        }
    }

    /// Bytes that are held already, whoever reads them.
    package var heldBytes: Int {
        if case .bytes(let bytes) = storage { bytes.count } else { 0 }
    }

    /// Tells that the reader keeps `count` bytes of the body in memory now; throws `RequestBodyError.overloaded` when the server
    /// has no room for them.
    package func hold(_ count: Int) throws {
        if case .stream(let source) = storage { try source.hold(count) }
    }

    /// The trailer fields, known once the whole body has been read; empty for a body with a length (RFC 9112, 7.1.2).
    public var trailers: HTTPFields {
        switch storage {
        case .bytes: HTTPFields()
        case .stream(let source): source.trailers
        }
    }
}

extension RequestBody: AsyncSequence {
    public struct AsyncIterator: AsyncIteratorProtocol {
        private var storage: Storage

        init(storage: Storage) {
            self.storage = storage
        }

        public mutating func next() async throws -> [UInt8]? {
            switch storage {
            case .bytes(let bytes):
                storage = .bytes([])
                return bytes.isEmpty ? nil : bytes
            case .stream(let source):
                return try await source.next()
            }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(storage: storage)
    }
}

/// Where a body that is still arriving comes from: a connection, or a test.
public protocol RequestBodySource: AnyObject, Sendable {
    /// The declared length, `nil` for a chunked body.
    var expectedLength: UInt64? { get }
    /// The next part, `nil` at the end; throws `RequestBodyError`.
    func next() async throws -> [UInt8]?
    /// The trailer fields, complete once `next()` has returned `nil`.
    var trailers: HTTPFields { get }
    /// The reader keeps `count` bytes of the body in memory from now on, until the request has been answered; throws
    /// `RequestBodyError.overloaded` when there is no room for them.
    func hold(_ count: Int) throws
}

extension RequestBodySource {
    public func hold(_ count: Int) throws {}
}

/// Why a request's body could not be read to its end.
public enum RequestBodyError: Error, Hashable {
    /// Longer than allowed: 413.
    case tooLarge
    /// Broken framing: 400.
    case malformed
    /// Slower than the minimum rate: 408.
    case tooSlow
    /// All clients together have the server hold too much: 503.
    case overloaded
    /// The client went before the end; nobody is left to answer.
    case aborted
}
