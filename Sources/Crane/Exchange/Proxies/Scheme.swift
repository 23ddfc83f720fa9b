/// The scheme of a request's URL, as its client sees it.
public enum Scheme: String, Sendable {
    case http
    case https
}
