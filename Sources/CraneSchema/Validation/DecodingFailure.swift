/// Why a JSON body did not become a value.
public enum DecodingFailure: Error, Sendable {
    /// The bytes are no text in the encoding they seem to have, or go past a limit of the reader: status 400.
    case unreadable(Reason)
    /// The JSON is broken or does not fit the description: status 422.
    case invalid(ValidationError)

    /// What made a body unreadable.
    public enum Reason: Sendable {
        case encoding
        case depth
        case size
        case integerLength
    }

    /// The body that FastAPI sends with status 400 where `unreadable` is the case.
    public static let unreadableBody: StaticString = #"{"detail":"There was an error parsing the body"}"#
}
