/// The system's clocks in nanoseconds, read without a system call.
package enum SystemTime {
    /// Time that never jumps, from an unspecified start.
    @inlinable
    package static func monotonic() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// Time since 1970 in UTC; it may jump.
    @inlinable
    package static func wall() -> UInt64 { read(CLOCK_REALTIME) }

    /// `monotonic` as of the kernel's last tick, some milliseconds ago at most, at a quarter of the cost.
    @inlinable
    package static func coarseMonotonic() -> UInt64 { read(CLOCK_MONOTONIC_COARSE) }

    /// `wall` as of the kernel's last tick.
    @inlinable
    package static func coarseWall() -> UInt64 { read(CLOCK_REALTIME_COARSE) }

    @inlinable
    static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        // The pointer lives for the call, and these clocks are always there (clock_gettime(2)).
        _ = unsafe clock_gettime(clock, &time)
        return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000
            &+ UInt64(bitPattern: Int64(time.tv_nsec))
    }
}
