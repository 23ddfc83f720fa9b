import Synchronization

/// A value that a handler leaves for the test.
final class Kept<Value: Sendable>: Sendable {
    private let kept = Mutex<Value?>(nil)

    func set(_ value: Value) { kept.withLock { $0 = value } }
    var value: Value? { kept.withLock { $0 } }
}
