import CLibUV
import CraneSystem

/// A libuv error: its code and the system's words for it.
public struct UVError: Error, Hashable, Sendable, CustomStringConvertible {
    /// libuv's negative error number, `UV_EADDRINUSE` and its like.
    public let code: Int32

    public init(code: Int32) {
        self.code = code
    }

    public var description: String {
        // uv_strerror gives static text for every known code.
        unsafe String(cString: uv_strerror(code))
    }

    public static let addressInUse = UVError(code: UV_EADDRINUSE.rawValue)
    /// The machine has no such address.
    public static let addressNotAvailable = UVError(code: UV_EADDRNOTAVAIL.rawValue)
    /// The system has no such addresses, IPv6 for one.
    public static let familyNotSupported = UVError(code: UV_EAFNOSUPPORT.rawValue)
    public static let invalid = UVError(code: UV_EINVAL.rawValue)

    /// Throws when `result`, as libuv's functions return it, is negative.
    @discardableResult
    static func check(_ result: Int32) throws(UVError) -> Int32 {
        guard result >= 0 else { throw UVError(code: result) }
        return result
    }

    /// The error that `errno` holds, in libuv's negative form.
    static var last: UVError { UVError(SystemError.last) }

    init(_ error: SystemError) {
        self.init(code: -error.code)
    }
}
