/// Hands out the values of the slots in order, each once, to the function that makes the whole.
@usableFromInline
@safe
struct SlotCursor {
    private let reader: ObjectReader
    private let memory: UnsafeMutableRawPointer
    private var index = 0

    @usableFromInline
    init(_ reader: ObjectReader, _ memory: UnsafeMutableRawPointer) {
        self.reader = reader
        // The slots outlive the cursor: both end with the one call that made them.
        unsafe self.memory = memory
    }

    /// The value of the next slot, which holds nothing afterwards; its type is that of the field in this place.
    @usableFromInline
    mutating func take<Value>(_ type: Value.Type) -> Value {
        defer { index += 1 }
        // The pack of types is the very one that the slots were laid out for.
        return unsafe (memory + reader.offsets[index]).assumingMemoryBound(to: type).move()
    }
}
