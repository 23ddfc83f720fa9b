/// Why a test's request got no response.
public struct TestFailure: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
