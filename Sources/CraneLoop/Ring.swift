/// Elements in the order in which they came, in memory that is kept: an append or a removal is a few instructions and
/// allocates only when the ring must grow. One thread only.
@safe
final class Ring<Element> {
    // Freed in deinit; `count` elements from `head` on are initialised. Nothing here calls out while it changes, so there is
    // nothing for exclusivity checks to find.
    @exclusivity(unchecked)
    private var elements: UnsafeMutablePointer<Element>
    /// The capacity, a power of two, less one: an index wraps by it.
    @safe @exclusivity(unchecked)
    private var mask = 63
    @safe @exclusivity(unchecked)
    private var head = 0
    /// Elements that wait.
    @safe @exclusivity(unchecked)
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    init() {
        unsafe elements = .allocate(capacity: 64)
    }

    deinit {
        while count > 0 { _ = removeFirst() }
        unsafe elements.deallocate()
    }

    func append(_ element: Element) {
        if count > mask { grow() }
        unsafe (elements + ((head + count) & mask)).initialize(to: element)
        count += 1
    }

    /// The oldest element; there must be one.
    func removeFirst() -> Element {
        precondition(count > 0)
        let element = unsafe (elements + head).move()
        head = (head + 1) & mask
        count -= 1
        return element
    }

    private func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: 2 * (mask + 1))
        for index in 0..<count {
            unsafe (larger + index).initialize(to: (elements + ((head + index) & mask)).move())
        }
        unsafe elements.deallocate()
        unsafe elements = larger
        mask = 2 * mask + 1
        head = 0
    }
}
