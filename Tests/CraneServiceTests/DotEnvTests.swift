import Testing

@testable import CraneService

@Suite("A .env file")
struct DotEnvTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let expected: [String]
        var testDescription: String { String(reflecting: text) }
    }

    static let cases = [
        Case(text: "", expected: []),
        Case(text: "\n\n  \n", expected: []),
        Case(text: "# only a comment", expected: []),
        Case(text: "A=1", expected: ["A=1@1"]),
        Case(text: "A=1\nB=2\n", expected: ["A=1@1", "B=2@2"]),
        Case(text: "A=1\r\nB=2\r\n", expected: ["A=1@1", "B=2@2"]),
        Case(text: "  A = 1  ", expected: ["A=1@1"]),
        Case(text: "A=", expected: ["A=@1"]),
        Case(text: "A=\nB=2", expected: ["A=@1", "B=2@2"]),
        Case(text: "A\nB=2", expected: ["B=2@2"]),
        Case(text: "export A=1", expected: ["A=1@1"]),
        Case(text: "export\tA=1", expected: ["A=1@1"]),
        Case(text: "exported=1", expected: ["exported=1@1"]),
        Case(text: "A=b c", expected: ["A=b c@1"]),
        Case(text: "A=b # c", expected: ["A=b@1"]),
        Case(text: "A=b#c", expected: ["A=b#c@1"]),
        Case(text: "A=#c", expected: ["A=#c@1"]),
        Case(text: "A=b=c", expected: ["A=b=c@1"]),
        Case(text: "A='b # c' # d", expected: ["A=b # c@1"]),
        Case(text: "A=\"b # c\"# d", expected: ["A=b # c@1"]),
        Case(text: #"A="a\nb\t\"c\"""#, expected: ["A=a\nb\t\"c\"@1"]),
        Case(text: #"A='a\nb\'c'"#, expected: [#"A=a\nb'c@1"#]),
        Case(text: #"A="a\qb""#, expected: [#"A=a\qb@1"#]),
        Case(text: #"A=a\nb"#, expected: [#"A=a\nb@1"#]),
        Case(text: "A='a\nb'\nC=1", expected: ["A=a\nb@1", "C=1@3"]),
        Case(text: "'A B'=1", expected: ["A B=1@1"]),
        Case(text: "A=é", expected: ["A=é@1"]),
        Case(text: "A=1\nA=2", expected: ["A=1@1", "A=2@2"]),
        Case(text: "A=1\nB=${A}2", expected: ["A=1@1", "B=12@2"]),
        Case(text: "B=${HOME}/x", expected: ["B=/home/ada/x@1"]),
        Case(text: "B=${NONE:-d}x", expected: ["B=dx@1"]),
        Case(text: "B=${NONE}x", expected: ["B=x@1"]),
        Case(text: "B=$HOME ${", expected: ["B=$HOME ${@1"]),
    ]

    @Test("is read by python-dotenv's rules", arguments: cases)
    func parses(_ example: Case) throws {
        let file = try DotEnv(parsing: example.text, environment: ["HOME": "/home/ada"])
        #expect(file.entries.map { "\($0.name)=\($0.value)@\($0.line)" } == example.expected)
    }

    @Test(
        "names the line that is broken",
        arguments: [
            ("A=1\n=2", 2), ("A='b", 1), ("\nA=\"b\nc\n", 2), ("A='b' c", 1), ("A B=1", 1),
        ])
    func refuses(_ text: String, _ line: Int) {
        let error = #expect(throws: DotEnv.Malformed.self) { try DotEnv(parsing: text) }
        #expect(error?.line == line)
    }
}
