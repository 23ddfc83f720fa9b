/// Where the field lines stand in the head's bytes; the room is kept for the next request.
@safe
package struct FieldTable: ~Copyable {
    package struct Line: Sendable, Equatable {
        package var name: ByteRange
        package var value: ByteRange

        package init(name: ByteRange, value: ByteRange) {
            self.name = name
            self.value = value
        }
    }

    // Raw memory rather than an array: the parser appends once a line, and an array would test for uniqueness each time.
    private var lines: UnsafeMutablePointer<Line>
    private var capacity: Int
    package private(set) var count = 0
    /// The lengths of the names that are here, a bit for each modulo 64: most look-ups are for fields that were not sent.
    private var lengths: UInt64 = 0

    package init() {
        capacity = 16
        // Freed in deinit; grown only by `append`.
        unsafe lines = .allocate(capacity: 16)
    }

    deinit {
        unsafe lines.deallocate()
    }

    package subscript(index: Int) -> Line {
        get {
            precondition(index >= 0 && index < count)
            return unsafe lines[index]
        }
        set {
            precondition(index >= 0 && index < count)
            unsafe lines[index] = newValue
        }
    }

    @inline(__always)
    package mutating func append(_ line: Line) {
        if count == capacity { grow() }
        unsafe (lines + count).initialize(to: line)
        count &+= 1
        lengths |= FieldTable.mark(line.name.count)
    }

    package mutating func removeAll() {
        count = 0
        lengths = 0
    }

    /// False where no name has that length.
    @inline(__always)
    package func mayHaveName(ofLength length: Int) -> Bool { lengths & FieldTable.mark(length) != 0 }

    @inline(__always)
    private static func mark(_ length: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: length) }

    @inline(never)
    private mutating func grow() { move(to: capacity * 2) }

    /// Gives back the room that nothing stands in.
    mutating func fit() { move(to: max(count, 1)) }

    private mutating func move(to size: Int) {
        let room = UnsafeMutablePointer<Line>.allocate(capacity: size)
        unsafe room.moveInitialize(from: lines, count: count)
        unsafe lines.deallocate()
        unsafe lines = room
        capacity = size
    }
}
