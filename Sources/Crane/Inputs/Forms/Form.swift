public import CraneSchema

/// A field of the body's form: `Form("username", String.self)`.
///
/// Read from `application/x-www-form-urlencoded` and `multipart/form-data`. An empty field that need not be sent is absent, as
/// browsers send every input of a form, and an empty text else; of several of one name the last one counts; a list takes them
/// all, empty ones too.
public typealias Form<Content: Schema> = Parameter<FormSource, Content>

/// The fields of the body's form.
public enum FormSource: ParameterSource {
    public static var place: InputLocation { .body }

    public static func key(_ name: String) -> String { name }

    public static func text(of key: String, in inputs: borrowing Inputs) -> String? {
        inputs.form?.text(key)
    }

    public static func texts(of key: String, in inputs: borrowing Inputs) -> [String] {
        inputs.form?.texts(key) ?? []
    }
}
