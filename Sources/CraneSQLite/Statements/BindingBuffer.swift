/// Memory for the text or blob that is bound to one parameter, kept from run to run.
@safe
final class BindingBuffer {
    /// A buffer larger than this is given back once a value needs much less.
    private static let keptBytes = 65536

    // Given to SQLite as SQLITE_STATIC: it stays until the parameter is bound again or the statement is finalised.
    private var memory = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

    deinit {
        unsafe memory.deallocate()
    }

    /// Copies the bytes; the address of the copy, which is never null, as SQLite takes null for NULL.
    func hold(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        let isWasteful = unsafe memory.count > Self.keptBytes && memory.count / 4 > bytes.count
        if unsafe memory.count <= bytes.count || isWasteful {
            unsafe memory.deallocate()
            unsafe memory = .allocate(byteCount: max(bytes.count + bytes.count / 2, 64), alignment: 1)
        }
        unsafe memory.copyMemory(from: bytes)
        return unsafe UnsafeRawPointer(memory.baseAddress)
    }
}
