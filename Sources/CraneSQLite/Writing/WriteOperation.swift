import Synchronization

/// A write that waits for the writer thread; the links of the queue run through it.
@usableFromInline
class AnyWriteOperation: @unchecked Sendable {
    /// Where the operation stands; exactly one side takes it out of `waiting`.
    private enum State: UInt8, AtomicRepresentable {
        case made, waiting, taken, withdrawn
    }

    /// Whether the body may be run again.
    let isRepeatable: Bool
    private let state = Atomic<State>(.made)
    // These belong to whoever holds the queue: first to the lock's holder, then to the writer.
    @safe @exclusivity(unchecked) var next: AnyWriteOperation?
    @safe @exclusivity(unchecked) var failure: (any Error)?

    @usableFromInline typealias Run = @Sendable (AnyWriteOperation, Connection) throws -> Void
    @usableFromInline typealias Complete = @Sendable (AnyWriteOperation, (any Error)?) -> Void

    /// Both are made where the value's type is known, and compiled for it: methods of the generic class would look its type up at
    /// each call.
    private let runs: Run
    private let completes: Complete

    @usableFromInline
    init(isRepeatable: Bool, runs: @escaping Run, completes: @escaping Complete) {
        self.isRepeatable = isRepeatable
        self.runs = runs
        self.completes = completes
    }

    /// Offers the operation to the writer; false when it has been withdrawn already.
    final func offer() -> Bool {
        exchange(.made, for: .waiting)
    }

    /// The claim to run or to refuse the operation; false when it has been withdrawn.
    final func take() -> Bool {
        exchange(.waiting, for: .taken)
    }

    /// The canceller's claim: answers the caller unless the writer has begun. Any thread.
    @usableFromInline
    final func withdraw() {
        // Before the offer, the one that offers resumes the caller.
        if !exchange(.made, for: .withdrawn), exchange(.waiting, for: .withdrawn) {
            complete(failing: Self.cancellation)
        }
    }

    /// Runs the body and keeps what it returned.
    final func run(_ connection: Connection) throws { try runs(self, connection) }

    /// Resumes the caller: with the error, or else with what the body returned.
    final func complete(failing error: (any Error)?) { completes(self, error) }

    static var cancellation: DatabaseError {
        DatabaseError(.cancelled, message: "the write was cancelled before it began")
    }

    private func exchange(_ expected: State, for desired: State) -> Bool {
        state.compareExchange(expected: expected, desired: desired, ordering: .acquiringAndReleasing)
            .exchanged
    }
}

/// A write with its body, what that returned, and the caller that waits for it.
@usableFromInline
@safe
final class WriteOperation<T: Sendable>: AnyWriteOperation, @unchecked Sendable {
    @usableFromInline let body: @Sendable (Connection) throws -> T
    @usableFromInline @safe @exclusivity(unchecked) var value: T?
    // Set before the operation is offered; used once, by whoever claimed the operation.
    @usableFromInline @exclusivity(unchecked) var continuation: UnsafeContinuation<T, any Error>?

    @inlinable
    init(isRepeatable: Bool, _ body: @escaping @Sendable (Connection) throws -> T) {
        self.body = body
        super.init(
            isRepeatable: isRepeatable,
            runs: { operation, connection in
                // The operation is the one that is made here.
                let operation = unsafe unsafeDowncast(operation, to: WriteOperation<T>.self)
                operation.value = try operation.body(connection)
            },
            completes: { operation, error in
                // As above.
                let operation = unsafe unsafeDowncast(operation, to: WriteOperation<T>.self)
                if let error {
                    unsafe operation.continuation?.resume(throwing: error)
                } else if let value = operation.value {
                    unsafe operation.continuation?.resume(returning: value)
                }
            })
    }
}
