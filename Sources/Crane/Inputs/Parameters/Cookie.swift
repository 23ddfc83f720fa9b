public import CraneSchema
import HTTPTypes

/// A cookie: `Cookie("session", String?.self)`.
public typealias Cookie<Content: Schema> = Parameter<CookieSource, Content>

/// The request's cookies.
public enum CookieSource: ParameterSource {
    public static var place: InputLocation { .cookie }

    public static func key(_ name: String) -> String { name }

    public static func text(of key: String, in inputs: borrowing Inputs) -> String? {
        inputs.request.headers[.cookie].flatMap { CookieField.value(of: key, in: $0) }
    }

    public static func texts(of key: String, in inputs: borrowing Inputs) -> [String] {
        text(of: key, in: inputs).map { [$0] } ?? []
    }
}
