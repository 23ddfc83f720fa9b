extension ValidationError: CustomStringConvertible {
    /// A line for each issue: `environment.PORT: Input should be a valid integer`.
    public var description: String {
        issues.map { issue in
            "\(issue.location.map(\.description).joined(separator: ".")): \(issue.message)"
        }.joined(separator: "\n")
    }
}

extension DecodingFailure: CustomStringConvertible {
    /// The issues, a line each, or what made the text unreadable.
    public var description: String {
        switch self {
        case .invalid(let error): error.description
        case .unreadable(let reason): "the text cannot be read: \(reason)"
        }
    }
}

extension LocationPart: CustomStringConvertible {
    public var description: String {
        switch self {
        case .key(let name): name
        case .index(let index): "\(index)"
        }
    }
}
