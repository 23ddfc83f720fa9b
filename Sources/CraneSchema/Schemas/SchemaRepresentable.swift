/// A type that has a schema of its own, so that fields need not name one.
public protocol SchemaRepresentable: Sendable {
    associatedtype Description: Schema where Description.Value == Self
    static var schema: Description { get }
}
