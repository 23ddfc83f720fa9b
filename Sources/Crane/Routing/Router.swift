import HTTPTypes
import HTTPWire

/// All routes, frozen into a tree of path segments.
///
/// A look-up compares bytes of the decoded path and allocates nothing. Text goes before `{name}`, and that before
/// `{name:path}`; a branch that leads nowhere, or to other methods only, is left for the next one.
struct Router: Sendable {
    /// One route as it is kept.
    struct Entry: Sendable {
        let method: HTTPRequest.Method
        let pattern: RoutePattern
        let handler: Handler
    }

    /// The tree's nodes stand in one array and name each other by index, so that walking it counts no references.
    struct Node: Sendable {
        /// The routes that end here, as a range of `ends`.
        var ends = 0..<0
        /// The children reached by text, as a range of `edges`.
        var edges = 0..<0
        /// The child reached by a parameter, and the one that takes all the rest; -1 for none.
        var parameter = -1
        var rest = -1
    }

    struct Edge: Sendable {
        /// Where the segment's text stands in `labels`.
        let label: Range<Int>
        let node: Int
    }

    let entries: [Entry]
    let nodes: [Node]
    let edges: [Edge]
    /// Indices of entries, grouped by the node where they end.
    let ends: [Int]
    let labels: [UInt8]

    init(_ routes: [Route]) throws(RegistrationError) {
        var entries: [Entry] = []
        var tree = RouteTree()
        for (index, route) in routes.enumerated() {
            let name = "\(route.method) \(route.path)"
            let pattern = try RoutePattern(route.path, route: name)
            let twin = tree.insert(index, at: pattern.segments) { entries[$0].method == route.method }
            if let twin {
                let other = "\(entries[twin].method) \(entries[twin].pattern.text)"
                throw RegistrationError(route: name, reason: "answers the same requests as \(other)")
            }
            entries.append(Entry(method: route.method, pattern: pattern, handler: route.handler))
        }
        self.entries = entries
        (nodes, edges, ends, labels) = tree.frozen()
    }

    func pattern(_ match: RouteMatch) -> RoutePattern? {
        match == .none ? nil : entries[match.index].pattern
    }

    func handler(_ match: RouteMatch) -> Handler? {
        match == .none ? nil : entries[match.index].handler
    }

    /// The route that answers the request; `GET` answers `HEAD` where nothing else does.
    func match(_ request: Request) -> RouteMatch {
        // The bytes are read during this call only; the caller holds the request.
        let path = unsafe request.bytes(request.pathRange)
        let method = request.method
        if let index = unsafe route(at: path, for: method) { return RouteMatch(index: index) }
        if method == .head, let index = unsafe route(at: path, for: .get) { return RouteMatch(index: index) }
        return .none
    }

    private func route(at path: UnsafeRawBufferPointer, for method: HTTPRequest.Method) -> Int? {
        var found: Int?
        _ = unsafe walk(path) { ends in
            found = self.ends[ends].first { entries[$0].method == method }
            return found != nil
        }
        return found
    }

    /// The methods of all routes whose pattern fits the path, in order of registration.
    func methods(at path: UnsafeRawBufferPointer) -> [HTTPRequest.Method] {
        var found: [Int] = []
        _ = unsafe walk(path) { ends in
            found += self.ends[ends]
            return false
        }
        return found.sorted().map { entries[$0].method }
    }

    /// Calls `visit` with each group of routes whose pattern fits the path, the best first, until it says true.
    private func walk(_ path: UnsafeRawBufferPointer, visit: (Range<Int>) -> Bool) -> Bool {
        guard unsafe path.first == UInt8(ascii: "/") else { return false }
        return unsafe walk(path, from: 1, node: 0, visit: visit)
    }

    private func walk(
        _ path: UnsafeRawBufferPointer, from start: Int, node index: Int, visit: (Range<Int>) -> Bool
    ) -> Bool {
        let node = nodes[index]
        // Past the end: the last segment was the path's last.
        if start > path.count { return !node.ends.isEmpty && visit(node.ends) }
        var end = start
        while end < path.count, unsafe path[end] != UInt8(ascii: "/") { end += 1 }
        for edge in edges[node.edges] where unsafe equal(path, start..<end, labels: edge.label) {
            if unsafe walk(path, from: end + 1, node: edge.node, visit: visit) { return true }
            break
        }
        if end > start, node.parameter >= 0,
            unsafe walk(path, from: end + 1, node: node.parameter, visit: visit)
        {
            return true
        }
        return node.rest >= 0 && visit(nodes[node.rest].ends)
    }

    private func equal(_ path: UnsafeRawBufferPointer, _ range: Range<Int>, labels label: Range<Int>) -> Bool
    {
        guard range.count == label.count else { return false }
        for offset in 0..<range.count
        where unsafe path[range.lowerBound + offset] != labels[label.lowerBound + offset] {
            return false
        }
        return true
    }
}
