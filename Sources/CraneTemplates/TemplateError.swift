/// What is wrong with a template.
public enum TemplateError: Error, Hashable, CustomStringConvertible {
    /// There is no template of that name.
    case missing(String)
    /// A page includes a template that is not there.
    case includeMissing(String, in: String)
    /// It cannot be parsed: where, and why.
    case malformed(String, line: Int, column: Int, String)
    /// The file cannot be read.
    case unreadable(String, String)

    public var description: String {
        switch self {
        case .missing(let name): "there is no template \(name)"
        case .includeMissing(let name, let page): "there is no template \(name), which \(page) includes"
        case .malformed(let name, let line, let column, let reason):
            "template \(name), line \(line), column \(column): \(reason)"
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        }
    }
}
