import CraneSystem

/// A route's path, taken apart: `/comments/{comment_id}` is the text `comments` and a parameter.
///
/// A class, so that a copy is one reference.
final class RoutePattern: Sendable {
    enum Segment: Sendable, Equatable {
        case text([UInt8])
        case parameter
        case rest
    }

    struct Placeholder: Sendable, Equatable {
        let name: String
        /// Which segment of the path it takes, counted from 0.
        let segment: Int
        /// Whether it takes all that follows too, slashes included.
        let takesRest: Bool
    }

    let text: String
    let segments: [Segment]
    let parameters: [Placeholder]

    /// Which of the parameters has the name; copies none of them.
    func number(of name: String) -> Int? {
        var number = 0
        while number < parameters.count {
            if parameters[number].name == name { return number }
            number += 1
        }
        return nil
    }

    /// Takes a pattern apart; throws a `RegistrationError` that names `route`.
    init(_ text: String, route: String) throws(RegistrationError) {
        func mistake(_ reason: String) -> RegistrationError {
            RegistrationError(route: route, reason: reason)
        }
        guard text.begins(with: "/") else { throw mistake("a path begins with a slash") }
        var segments: [Segment] = []
        var parameters: [Placeholder] = []
        let parts = Array(text.pieces(at: "/").dropFirst())
        guard !parts.dropLast().contains(where: \.isEmpty) else {
            throw mistake("a path has no two slashes beside each other")
        }
        for (index, part) in parts.enumerated() {
            guard part.hasBrace else {
                segments.append(.text(Array(part.utf8)))
                continue
            }
            guard part.utf8.first == UInt8(ascii: "{"), part.utf8.last == UInt8(ascii: "}") else {
                throw mistake("a parameter takes a whole segment, which \"\(part)\" does not")
            }
            let inside = Substring(part.utf8.dropFirst().dropLast()).pieces(at: ":")
            guard inside.count == 1 || inside.count == 2 && inside[1] == "path" else {
                throw mistake("\"\(part)\" is neither {name} nor {name:path}")
            }
            let name = String(inside[0])
            guard !name.isEmpty, !name.hasBrace else {
                throw mistake("\"\(part)\" has no name")
            }
            guard !parameters.contains(where: { $0.name == name }) else {
                throw mistake("two parameters are called \(name)")
            }
            let takesRest = inside.count == 2
            guard !takesRest || index == parts.count - 1 else {
                throw mistake("\"\(part)\" takes all the rest and so stands last")
            }
            segments.append(takesRest ? .rest : .parameter)
            parameters.append(Placeholder(name: name, segment: index, takesRest: takesRest))
        }
        self.text = text
        self.segments = segments
        self.parameters = parameters
    }
}

extension StringProtocol {
    fileprivate var hasBrace: Bool { utf8.contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") } }
}
