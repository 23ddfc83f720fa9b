/// Why a value of a `Codable` type could not be written: its `encode(to:)` threw.
public struct EncodingFailure: Error, CustomStringConvertible {
    /// The names of the members on the way to the value, the outermost first.
    public var path: [String]
    /// What was thrown.
    public let reason: any Error

    init(_ error: any Error) {
        reason = error
        guard case .invalidValue(_, let context) = error as? EncodingError else {
            path = []
            return
        }
        path = context.codingPath.map(\.stringValue)
    }

    public var description: String {
        var text = "\(reason)"
        if case .invalidValue(let value, let context) = reason as? EncodingError {
            text = "\(context.debugDescription) (\(value))"
        }
        return path.isEmpty ? text : "\(path.joined(separator: ".")): \(text)"
    }
}
