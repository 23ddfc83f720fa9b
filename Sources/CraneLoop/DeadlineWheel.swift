import CLibUV

/// Something that may take only so long: a connection waiting for a request, a body, a client that reads.
///
/// Setting a deadline is a store. The entry stands in one slot of its loop's wheel; when the slot comes round and the
/// deadline has meanwhile moved on, the entry moves too.
open class DeadlineEntry {
    /// Milliseconds of the loop's clock; `.max` for none.
    fileprivate final var deadline = UInt64.max
    fileprivate final unowned(unsafe) var previous: DeadlineEntry?
    fileprivate final var next: DeadlineEntry?
    // The last and small: what a subclass adds stands behind it without a gap.
    fileprivate final var slot = Int16(-1)

    public init() {}

    /// Called on the loop's thread, up to a second after the deadline.
    open func deadlinePassed() {}

    /// Sets the deadline, in milliseconds of the loop's clock; loop's thread only.
    public final func setDeadline(_ time: UInt64, on wheel: DeadlineWheel) {
        deadline = time
        // A slot that comes round earlier than the deadline will move the entry on.
        if slot < 0 || time < wheel.time(ofSlotOf: self) { wheel.move(self) }
    }

    /// Takes the deadline away; the entry leaves the wheel when its slot comes round.
    public final func clearDeadline() { deadline = .max }
}

/// Deadlines of thousands of entries on one libuv timer, exact to a second: 256 slots of 500 ms.
///
/// Loop's thread only. A tick costs as much as it has entries in its slot. They are served after the next look at the
/// sockets, so that what has come counts also where the whole process was stopped for a while; and so many in a turn.
@safe
public final class DeadlineWheel {
    static let tick: UInt64 = 500
    private static let slots = 256

    private var heads: [DeadlineEntry?] = Array(repeating: nil, count: DeadlineWheel.slots)
    /// The tick that will be served next.
    private var current: UInt64 = 0
    private var count = 0
    /// Entries whose slot has come round, each with that slot.
    private let due = Ring<(entry: DeadlineEntry, slot: Int)>()
    /// Whether the timer has ticked since the last look at the sockets.
    @safe @exclusivity(unchecked) private var hasTicked = false
    private unowned(unsafe) var loop: EventLoop?
    private let timer: UnsafeMutablePointer<uv_timer_t>

    init() {
        unsafe timer = .allocate(capacity: 1)
    }

    deinit {
        unsafe timer.deallocate()
    }

    func attach(to loop: EventLoop) throws(UVError) {
        unsafe self.loop = loop
        try unsafe UVError.check(uv_timer_init(loop.handle, timer))
        unsafe timer.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        current = loop.now / DeadlineWheel.tick
    }

    /// When the slot that holds `entry` comes round.
    fileprivate func time(ofSlotOf entry: DeadlineEntry) -> UInt64 {
        let ahead = (UInt64(entry.slot) &- current) & UInt64(DeadlineWheel.slots - 1)
        return (current + ahead) * DeadlineWheel.tick
    }

    /// Lets go of every entry and takes no more: the end of the loop.
    func close() {
        for slot in heads.indices {
            while let entry = heads[slot] { remove(entry) }
        }
        while !due.isEmpty { _ = due.removeFirst() }
        unsafe loop = nil
    }

    /// Puts the entry into the slot of its deadline.
    fileprivate func move(_ entry: DeadlineEntry) {
        guard unsafe loop != nil else { return }
        if entry.slot >= 0 {
            unlink(entry)
        } else if count == 0 {
            start()
        }
        let due = max(entry.deadline / DeadlineWheel.tick + 1, current)
        // One beyond the wheel's turn comes by before its time, and stays.
        let slot = Int(due % UInt64(DeadlineWheel.slots))
        entry.slot = Int16(slot)
        entry.next = heads[slot]
        unsafe heads[slot]?.previous = entry
        heads[slot] = entry
        count += 1
    }

    /// Takes the entry out of the wheel; called when its owner closes.
    public func remove(_ entry: DeadlineEntry) {
        guard entry.slot >= 0 else { return }
        unlink(entry)
        if count == 0 { _ = unsafe uv_timer_stop(timer) }
    }

    private func unlink(_ entry: DeadlineEntry) {
        let next = entry.next
        unsafe next?.previous = unsafe entry.previous
        if let previous = unsafe entry.previous {
            previous.next = next
        } else {
            heads[Int(entry.slot)] = next
        }
        unsafe entry.previous = nil
        entry.next = nil
        entry.slot = -1
        count -= 1
    }

    private func start() {
        guard let loop = unsafe loop else { return }
        current = loop.now / DeadlineWheel.tick
        _ = unsafe uv_timer_start(
            timer,
            { timer in
                guard let data = unsafe timer?.pointee.data else { return }
                let wheel = unsafe Unmanaged<DeadlineWheel>.fromOpaque(data).takeUnretainedValue()
                wheel.hasTicked = true
                unsafe wheel.loop?.wake()
            }, DeadlineWheel.tick, DeadlineWheel.tick)
    }

    /// The clock has made a leap, and the timer has not ticked for it.
    func clockWasSkipped() {
        guard count > 0 else { return }
        hasTicked = true
        unsafe loop?.wake()
    }

    /// Whether there are entries to be looked at in this turn.
    var hasDue: Bool { hasTicked || !due.isEmpty }

    /// Serves what is due, as much as the turn has room for; the loop calls it behind the look at its sockets.
    func serveDue() {
        guard let loop = unsafe loop else { return }
        if hasTicked {
            hasTicked = false
            collect(to: loop.now)
        }
        loop.beginSlice()
        var number = 0
        while !due.isEmpty {
            serveNext(now: loop.now)
            number += 1
            guard number % 32 == 0 else { continue }
            _ = loop.endSlice()
            if loop.isTurnOver { return loop.wake() }
        }
    }

    /// Serves every slot up to `now`, in milliseconds of the loop's clock.
    package func advance(to now: UInt64) {
        collect(to: now)
        while !due.isEmpty { serveNext(now: now) }
    }

    /// Takes up the entries of every slot up to `now`.
    private func collect(to now: UInt64) {
        let last = now / DeadlineWheel.tick
        // After a stall of a whole turn each slot is due once.
        let first = max(current, last &- min(last, UInt64(DeadlineWheel.slots - 1)))
        guard first <= last else { return }
        for tick in first...last {
            current = tick + 1
            let slot = Int(tick % UInt64(DeadlineWheel.slots))
            var entry = heads[slot]
            while let present = entry {
                due.append((present, slot))
                entry = present.next
            }
        }
    }

    private func serveNext(now: UInt64) {
        let (entry, slot) = due.removeFirst()
        // It may have left its slot meanwhile, by itself or by what another one's `deadlinePassed` has closed.
        guard Int(entry.slot) == slot else { return }
        if entry.deadline <= now {
            remove(entry)
            entry.clearDeadline()
            entry.deadlinePassed()
        } else if entry.deadline == .max {
            remove(entry)
        } else {
            move(entry)
        }
    }
}
