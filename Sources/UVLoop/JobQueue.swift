/// Jobs in the order in which they came, in a ring that keeps its room: an append or a removal is a few instructions and
/// allocates only when the ring must grow. One thread only.
@safe
final class JobQueue {
    // Freed in deinit; a power of two, so that an index wraps by a mask.
    private var ring: UnsafeMutablePointer<UnownedJob>
    private var mask = 63
    private var head = 0
    /// Jobs that wait.
    private(set) var count = 0

    init() {
        unsafe ring = .allocate(capacity: 64)
    }

    deinit {
        unsafe ring.deallocate()
    }

    func append(_ job: UnownedJob) {
        if count > mask { grow() }
        unsafe (ring + ((head + count) & mask)).initialize(to: job)
        count += 1
    }

    /// The oldest job; there must be one.
    func removeFirst() -> UnownedJob {
        precondition(count > 0)
        let job = unsafe ring[head]
        head = (head + 1) & mask
        count -= 1
        return job
    }

    private func grow() {
        let larger = UnsafeMutablePointer<UnownedJob>.allocate(capacity: 2 * (mask + 1))
        for index in 0..<count {
            unsafe (larger + index).initialize(to: ring[(head + index) & mask])
        }
        unsafe ring.deallocate()
        unsafe ring = larger
        mask = 2 * mask + 1
        head = 0
    }
}
