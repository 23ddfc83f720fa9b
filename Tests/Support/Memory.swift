import Glibc

/// Bytes of memory that the process holds.
///
/// With a sanitizer these are the ones that are allocated: what was freed stays resident with it for a while. Else those that
/// are resident.
package func heldBytes() throws -> Int {
    typealias Count = @convention(c) () -> Int
    if let symbol = unsafe dlsym(nil, "__sanitizer_get_current_allocated_bytes") {
        return unsafe unsafeBitCast(symbol, to: Count.self)()
    }
    // proc(5): the second number of statm is the pages in memory.
    guard let file = unsafe fopen("/proc/self/statm", "r") else { throw SocketFailure.last }
    defer { unsafe fclose(file) }
    var text = [CChar](repeating: 0, count: 256)
    guard unsafe fgets(&text, Int32(text.count), file) != nil else { throw SocketFailure.last }
    let fields = String(decoding: text.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
    return (Int(fields[1]) ?? 0) * Int(getpagesize())
}
