import Testing

@testable import CraneHTTP

/// One case of a table: bytes and what a server must make of them.
struct WireCase: Sendable, CustomTestStringConvertible {
    enum Expectation: Sendable {
        case taken
        case refused(Int)
        case incomplete
    }

    var id: String
    var section: String
    var text: String
    var expected: Expectation

    init(_ id: String, _ section: String, _ text: String, _ expected: Expectation = .refused(400)) {
        self.id = id
        self.section = section
        self.text = text
        self.expected = expected
    }

    var testDescription: String { "\(id) (RFC \(section))" }

    func check(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
        let asExpected =
            switch (expected, outcome) {
            case (.taken, .head), (.incomplete, .incomplete): true
            case (.refused(let status), .refused(let given)): status == given
            default: false
            }
        #expect(asExpected, "\(id): \(outcome)", sourceLocation: sourceLocation)
    }
}
