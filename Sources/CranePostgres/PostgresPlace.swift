import CraneLoop

/// The place of one connection in a pool: there is one, or one is being made, or the next attempt waits. Loop's thread only.
final class PostgresPlace: @unchecked Sendable {
    enum State {
        case closed
        case connecting
        case open(PostgresConnection)
        case waiting(LoopTimer)
    }

    let isReader: Bool
    var state = State.closed
    /// Attempts in a row that have failed.
    var failures = 0

    init(isReader: Bool) { self.isReader = isReader }

    var connection: PostgresConnection? {
        if case .open(let connection) = state { connection } else { nil }
    }

    /// Whether there is a connection, or will be one in a moment.
    var mayServe: Bool {
        switch state {
        case .open, .connecting: true
        case .closed, .waiting: false
        }
    }

    /// Milliseconds until the next attempt: twice as long each time up to a second, and a quarter more or less, so that a server that
    /// comes back is not asked by everybody at once.
    var delay: UInt64 { Self.delay(after: failures) }

    static func delay(after failures: Int) -> UInt64 {
        let usual = min(100 << min(failures, 8), 1000)
        return UInt64(Int.random(in: usual * 3 / 4...usual * 5 / 4))
    }

    func closeTimer() {
        guard case .waiting(let timer) = state else { return }
        timer.close()
        state = .closed
    }
}

/// Elements in the order in which they came.
struct Queue<Element> {
    private var elements: [Element] = []
    private var head = 0

    var count: Int { elements.count - head }

    /// The oldest element.
    var first: Element? { head < elements.count ? elements[head] : nil }

    mutating func append(_ element: Element) { elements.append(element) }

    /// The oldest element; there must be one.
    mutating func removeFirst() -> Element {
        let element = elements[head]
        head += 1
        // The removed ones go when they are the most, so that each costs the same.
        if head * 2 > elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    mutating func removeAll() -> [Element] {
        let all = Array(elements[head...])
        self = Queue()
        return all
    }
}
