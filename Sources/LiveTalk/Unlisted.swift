import Crane

/// An input that the OpenAPI document does not show.
struct Unlisted<Base: Input>: Input {
    private let base: Base

    init(_ base: Base) {
        self.base = base
    }

    var step: InputStep { base.step }

    func value(in inputs: inout Inputs) async throws -> Base.Value? { try await base.value(in: &inputs) }
}
