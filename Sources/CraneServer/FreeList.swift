/// Objects kept for the next use, the latest first; one thread only.
@safe
final class FreeList<Element: AnyObject> {
    // Freed in deinit; the first `count` are initialised.
    private let elements: UnsafeMutablePointer<Element>
    private let bound: Int
    private var count = 0

    init(bound: Int) {
        self.bound = bound
        unsafe elements = .allocate(capacity: bound)
    }

    deinit {
        removeAll()
        unsafe elements.deallocate()
    }

    func removeAll() {
        unsafe elements.deinitialize(count: count)
        count = 0
    }

    func take() -> Element? {
        guard count > 0 else { return nil }
        count -= 1
        return unsafe (elements + count).move()
    }

    /// Keeps the element, or lets it go when there are enough.
    func put(_ element: Element) {
        guard count < bound else { return }
        unsafe (elements + count).initialize(to: element)
        count += 1
    }
}
