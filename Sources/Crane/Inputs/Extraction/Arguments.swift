/// The values of a handler's arguments; each is taken once, in order.
@usableFromInline
@safe
struct Arguments {
    /// The slots, one behind the other as `ArgumentLayout` lays them; `nil` for a handler without arguments.
    @usableFromInline let memory: UnsafeMutableRawPointer?
    /// Whether the last one frees the memory, which is the caller's otherwise.
    @usableFromInline let isOnHeap: Bool
    /// Where the slots that have been taken end, and how many are left.
    @usableFromInline var end = 0
    @usableFromInline var left: Int

    init() {
        // No memory at all.
        unsafe memory = nil
        isOnHeap = false
        left = 0
    }

    /// Takes so many values over, which the memory's slots hold.
    init(_ memory: UnsafeMutableRawPointer, _ count: Int, isOnHeap: Bool) {
        unsafe self.memory = memory
        self.isOnHeap = isOnHeap
        left = count
    }

    /// The value of the next argument; its type is that of the input in this place.
    @inlinable
    mutating func take<Value>(_ type: Value.Type) -> Value {
        guard let memory = unsafe memory, left > 0 else { preconditionFailure("there is no such argument") }
        let offset = ArgumentLayout.offset(aligned: MemoryLayout<Value>.alignment, behind: end)
        end = offset + MemoryLayout<Value>.size
        left -= 1
        // The pack of types is the very one that the slots were laid out for.
        let value = unsafe (memory + offset).assumingMemoryBound(to: type).move()
        if isOnHeap, left == 0 { unsafe memory.deallocate() }
        return value
    }
}
