/// A dependency whose value's type is forgotten.
protocol AnyDependency: AnyObject, Sendable {
    var inputs: [any Input] { get }
    var isConstant: Bool { get }
}
