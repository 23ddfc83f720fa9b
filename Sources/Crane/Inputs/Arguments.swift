/// The values of a handler's arguments; each is taken once, in order, and the last one frees the memory.
@usableFromInline
@safe
struct Arguments {
    /// `nil` for a handler without arguments.
    private let filled: (layout: ArgumentLayout, memory: UnsafeMutableRawPointer)?
    private var index = 0

    init() {
        // No memory at all.
        unsafe filled = nil
    }

    /// Takes over the memory, whose slots all hold a value.
    init(_ layout: ArgumentLayout, _ memory: UnsafeMutableRawPointer) {
        unsafe filled = (layout, memory)
    }

    /// The value of the next argument; its type is that of the input in this place.
    @usableFromInline
    mutating func take<Value>(_ type: Value.Type) -> Value {
        guard let (layout, memory) = unsafe filled else { preconditionFailure("a handler without arguments") }
        // The pack of types is the very one that the slots were laid out for.
        let value = unsafe (memory + layout.offset(of: index)).assumingMemoryBound(to: type).move()
        index += 1
        if index == layout.count { unsafe memory.deallocate() }
        return value
    }
}
