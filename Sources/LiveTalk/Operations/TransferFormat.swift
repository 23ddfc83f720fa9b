import CraneSchema

/// How comments are written into a file, one after the other.
public enum TransferFormat: String, CaseIterable, Sendable {
    /// One JSON object a line, as the API answers it.
    case ndjson
    /// RFC 4180, with the names of the columns in the first line.
    case csv

    /// As the media types of HTTP name it.
    var mediaType: String {
        switch self {
        case .ndjson: "application/x-ndjson"
        case .csv: "text/csv; charset=utf-8; header=present"
        }
    }

    static let schema = Choice<TransferFormat>(
        name: "TransferFormat", description: "One JSON object a line, or RFC 4180")

    /// The columns in their order, which are the members of the JSON object too.
    static let columns = Comment.table.columns.map(\.name)

    /// The format that a file's name tells.
    public init?(path: String) {
        switch path.split(separator: ".").last?.lowercased() {
        case "ndjson", "jsonl", "json": self = .ndjson
        case "csv": self = .csv
        default: return nil
        }
    }
}
