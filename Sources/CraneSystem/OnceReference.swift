import Synchronization

/// A reference that is put in place once, by whichever thread is first, and read by all without a lock.
///
/// As `AtomicLazyReference`, into which the library looks without knowing the type, at 400 instructions; a look here is a load and a retain.
/// For that it must be inlined, so it is public: the compiler specialises no generic type that cannot be copied.
@safe
public struct OnceReference<Value: AnyObject & Sendable>: ~Copyable, Sendable {
    // The object's address, retained; 0 before there is one.
    @usableFromInline
    let bits = Atomic<UInt>(0)

    @inlinable
    public init() {}

    deinit {
        let bits = bits.load(ordering: .acquiring)
        if let object = unsafe OnceReference.unmanaged(bits) { unsafe object.release() }
    }

    @inlinable
    @inline(__always)
    static func unmanaged(_ bits: UInt) -> Unmanaged<Value>? {
        guard let object = unsafe UnsafeRawPointer(bitPattern: bits) else { return nil }
        return unsafe Unmanaged.fromOpaque(object)
    }

    /// What is in place; `nil` before the first `store`.
    @inlinable
    public var value: Value? {
        @inline(__always)
        get {
            // It is retained until this goes.
            unsafe OnceReference.unmanaged(bits.load(ordering: .acquiring))?.takeUnretainedValue()
        }
    }

    /// Puts `new` in place unless there is one; returns the one that is.
    @inlinable
    @inline(__always)
    @discardableResult
    public func store(_ new: Value) -> Value {
        let retained = unsafe Unmanaged.passRetained(new)
        let (isFirst, present) = unsafe bits.compareExchange(
            expected: 0, desired: UInt(bitPattern: retained.toOpaque()), ordering: .acquiringAndReleasing)
        if isFirst { return new }
        unsafe retained.release()
        // Another's, which stays.
        return unsafe OnceReference.unmanaged(present)?.takeUnretainedValue() ?? new
    }
}
