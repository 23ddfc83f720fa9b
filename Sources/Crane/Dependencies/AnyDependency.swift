/// A dependency whose value's type is forgotten.
protocol AnyDependency: AnyObject, Sendable {
    var inputs: [any Input] { get }
    var isConstant: Bool { get }
}

extension Dependency: AnyDependency {
    var isConstant: Bool {
        if case .constant = maker { true } else { false }
    }
}
