public import CraneSchema
public import HTTPTypes

/// A header field: `Header("user_agent", String?.self)` reads `user-agent`.
///
/// Underscores in the name stand for hyphens. Of several lines the first one counts; a list takes them all.
public typealias Header<Content: Schema> = Parameter<HeaderSource, Content>

/// The request's header fields.
public enum HeaderSource: ParameterSource {
    public static var place: InputLocation { .header }

    /// `nil` for what is no name, which `App.build()` refuses.
    public static func key(_ name: String) -> HTTPField.Name? {
        HTTPField.Name(wireName(name))
    }

    public static func wireName(_ name: String) -> String {
        String(name.map { $0 == "_" ? "-" : $0 })
    }

    public static func text(of key: HTTPField.Name?, in inputs: borrowing Inputs) -> String? {
        guard let key else { return nil }
        return inputs.request.headers.first(key)
    }

    public static func texts(of key: HTTPField.Name?, in inputs: borrowing Inputs) -> [String] {
        guard let key else { return [] }
        return inputs.request.headers.values(key)
    }
}
