/// Where in a request an input stands, in the order in which faults are told.
public enum InputLocation: String, Sendable, CaseIterable {
    /// Inside a dependency, whatever place it is there.
    case dependency
    case path, query, header, cookie, body
}
