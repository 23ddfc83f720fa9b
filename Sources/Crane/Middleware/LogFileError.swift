import CraneSystem

/// A log file that could not be opened.
public struct LogFileError: Error, CustomStringConvertible {
    public let path: String
    /// The system's error number (errno(3)).
    public let code: Int32

    public var description: String {
        "cannot open the log file \(path): \(SystemError(code))"
    }
}
