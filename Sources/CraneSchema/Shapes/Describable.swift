/// A type that has a shape of its own, so that fields need not name one.
public protocol Describable: Sendable {
    associatedtype Description: Shape where Description.Value == Self
    static var schema: Description { get }
}
