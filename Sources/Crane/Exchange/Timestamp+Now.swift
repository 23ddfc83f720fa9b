public import CraneSchema
import CraneSystem

extension Timestamp {
    /// The system's clock, to the microsecond; it may jump.
    public static var now: Timestamp {
        Timestamp(microseconds: Int(SystemTime.wall() / 1000))
    }
}
