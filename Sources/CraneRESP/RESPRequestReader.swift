/// Reads the commands that a client sends: lists of byte strings. Pure, and the server's end of the protocol.
///
/// It holds what has come of one command at most, and beyond the limit nothing: a command that is too long is passed over as it
/// comes, so that its client gets an answer.
public struct RESPRequestReader: Sendable {
    /// What a command may be.
    public struct Limits: Sendable {
        /// Words of a command.
        public var words: Int
        /// Bytes of all its words.
        public var bytes: Int

        public init(words: Int = 16_384, bytes: Int = 1 << 20) {
            self.words = words
            self.bytes = bytes
        }
    }

    /// A command that has come whole.
    public enum Request: Hashable, Sendable {
        /// The command's name and its arguments; one word at least.
        case command([[UInt8]])
        /// A command that was longer than it may be.
        case tooLong
    }

    /// A word longer than this is no mistake that a client could be told of: Redis's own bound, 512 MiB.
    private static let longestWord = 512 << 20

    private let limits: Limits
    private var input = RESPInput()
    private var words: [[UInt8]] = []
    /// Words of this command that have not come.
    private var awaited = 0
    /// The length of the word that comes next, once it is known.
    private var length: Int?
    /// Bytes of all words of this command.
    private var size = 0
    /// How much of the present word has been passed over.
    private var skipped = 0
    private var isTooLong = false

    public init(_ limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether a part of a command has come.
    public var isInside: Bool { awaited > 0 || input.count > 0 }

    /// Bytes that are held for what has come.
    public var held: Int { input.held + (isTooLong ? 0 : size) }

    /// Takes bytes as they have come, which are copied.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        // The input copies them.
        unsafe input.append(bytes)
    }

    /// The next command; `nil` when it has not come whole.
    public mutating func next() throws(RESPError) -> Request? {
        while awaited == 0 {
            guard let count = try number(behind: "*", "a command") else { return nil }
            guard count <= limits.words else { throw RESPError("a command of too many words") }
            // Redis passes over empty ones.
            if count > 0 { begin(count) }
        }
        while awaited > 0 {
            guard try readWord() else { return nil }
            awaited -= 1
            length = nil
        }
        defer { words = [] }
        return isTooLong ? .tooLong : .command(words)
    }

    private mutating func begin(_ count: Int) {
        awaited = count
        size = 0
        isTooLong = false
    }

    /// Reads or passes over a word; false when it has not come whole.
    private mutating func readWord() throws(RESPError) -> Bool {
        if length == nil {
            guard let count = try number(behind: "$", "a word") else { return false }
            guard (0...Self.longestWord).contains(count) else { throw RESPError("a word of an odd length") }
            length = count
            skipped = 0
            size += count
            if size > limits.bytes {
                isTooLong = true
                words = []
            }
        }
        guard let length else { return false }
        if isTooLong {
            skipped += input.skip(length - skipped)
            return skipped == length ? try input.block(0) != nil : false
        }
        guard let word = try input.block(length) else { return false }
        words.append(word)
        return true
    }

    /// The number of a line that begins with `kind`.
    private mutating func number(behind kind: Unicode.Scalar, _ what: String) throws(RESPError) -> Int? {
        guard let line = try input.line(limit: 32) else { return nil }
        guard line.first == UInt8(ascii: kind) else {
            throw RESPError("a line that begins no \(what.dropFirst(2))")
        }
        return try RESPInput.number(line.dropFirst())
    }
}
