import Schema

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Timestamp {
    /// The system's clock.
    static var now: Timestamp {
        var time = timespec()
        // The kernel fills the structure that lives for the length of the call.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: time.tv_sec * 1_000_000 + time.tv_nsec / 1000)
    }
}
