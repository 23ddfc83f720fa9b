/// Names a value that a request carries from middleware to middleware and to its handler, or an application for all its requests.
///
/// ```swift
/// enum CurrentUser: ContextKey { static let defaultValue: User? = nil }
/// context[CurrentUser.self] = user
/// ```
public protocol ContextKey {
    associatedtype Value: Sendable
    /// What is read before anything is written.
    static var defaultValue: Value { get }
}
