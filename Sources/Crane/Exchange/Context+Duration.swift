import CraneSystem

// Synchronous middleware calls these: the task that passes through it is the only one to touch `began`.
extension Context {
    /// Notes when the request came, unless somebody outside has done so.
    func begin() {
        // As above.
        if unsafe began == 0 { unsafe began = SystemTime.monotonic() }
    }

    /// Nanoseconds since then.
    var duration: UInt64 {
        // As above.
        unsafe SystemTime.monotonic() &- began
    }
}
