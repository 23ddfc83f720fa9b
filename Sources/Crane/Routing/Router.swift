import CraneHTTP
import CraneSchema
import CraneSystem
import HTTPTypes

/// Tells most texts of segments apart before their bytes are compared: each is folded into the next byte of one word, round and
/// round. Where all bytes but the last eight are equal, equal hashes say that those are too.
struct SegmentHash: Equatable {
    /// The bytes at the end of a text that need not be compared.
    static let width = 8
    private var value: UInt64 = 0

    @inline(__always)
    mutating func add(_ byte: UInt8) { value = (value &<< 8 | value &>> 56) ^ UInt64(byte) }

    @inline(__always)
    static func < (left: SegmentHash, right: SegmentHash) -> Bool { left.value < right.value }
}

/// All routes, frozen into a tree of path segments.
///
/// A look-up compares bytes of the decoded path and allocates nothing. Text goes before `{name}`, and that before
/// `{name:path}`; a branch that leads nowhere, or to other methods only, is left for the next one.
final class Router: Sendable {
    /// The tree's nodes stand in one array and name each other by index, so that walking it counts no references.
    struct Node: Sendable {
        /// The routes that end here, as a range of `ends`.
        var ends = 0..<0
        /// The children reached by text, as a range of `edges` in the order of their hashes.
        var edges = 0..<0
        /// The child reached by a parameter, and the one that takes all the rest; -1 for none.
        var parameter = -1
        var rest = -1
    }

    struct Edge: Sendable {
        let hash: SegmentHash
        /// Where the segment's text stands in `labels`.
        let label: Range<Int>
        let node: Int
    }

    /// A route where it ends: its place in `routes`, and its method's in `methods`.
    struct End: Sendable {
        let route: Int
        let method: Int
    }

    /// A method and a path with what answers them.
    struct Entry: Sendable {
        let method: HTTPRequest.Method
        /// As the route was called.
        let name: String?
        let endpoint: Endpoint
    }

    let routes: [Entry]
    let methods: [HTTPRequest.Method]
    /// The first cell of counters that belongs to none of the routes.
    let endCell: Int
    private let nodes: [Node]
    private let edges: [Edge]
    private let ends: [End]
    private let labels: [UInt8]
    /// The place of `GET` in `methods`; -1 for none.
    private let get: Int

    init(
        _ registrations: [Registration], overrides: [ObjectIdentifier: any AnyDependency] = [:],
        firstCell: Int = EndpointCells.first
    ) throws(RegistrationError) {
        var routes: [Entry] = []
        var methods: [HTTPRequest.Method] = []
        var tree = RouteTreeBuilder()
        var components = SchemaComponents.forMistakes
        for registration in registrations {
            let name = registration.name
            let pattern = try RoutePattern(registration.path, route: name)
            let method = methods.firstIndex(of: registration.method) ?? methods.count
            if method == methods.count { methods.append(registration.method) }
            if let twin = tree.insert(End(route: routes.count, method: method), at: pattern.segments) {
                let other = registrations[twin].name
                throw RegistrationError(route: name, reason: "answers the same requests as \(other)")
            }
            routes.append(
                Entry(
                    method: registration.method, name: registration.operation?.name,
                    endpoint: Endpoint(
                        pattern: pattern, number: firstCell + routes.count * EndpointCells.ofRoute,
                        takesAnyMethod: false,
                        preparation: try registration.plan(
                            for: pattern, overrides: overrides, components: &components),
                        errorHandlers: registration.errorHandlers,
                        handler: registration.handler())))
        }
        if components.hasTwins { try Registration.checkNames(of: registrations, overrides: overrides) }
        self.routes = routes
        self.methods = methods
        endCell = firstCell + routes.count * EndpointCells.ofRoute
        get = methods.firstIndex(of: .get) ?? -1
        (nodes, edges, ends, labels) = tree.frozen()
    }

    /// What answers the request, `nil` for nothing; `GET` answers `HEAD` where nothing else does.
    func endpoint(for request: Request) -> Endpoint? {
        let path = request.pathBytes
        let method = request.isGet ? get : methods.firstIndex(of: request.method) ?? -1
        var found = method < 0 ? -1 : find(path, method: method)
        if found < 0, request.isHead, get >= 0 { found = find(path, method: get) }
        return found < 0 ? nil : routes[found].endpoint
    }

    /// The pattern of the first route of that name.
    func pattern(named name: String) -> RoutePattern? {
        routes.first { $0.name == name }?.endpoint.pattern
    }

    /// The methods of all routes whose pattern fits the path, in order of registration.
    func methods(at path: Span<UInt8>) -> [HTTPRequest.Method] {
        var found: [Int] = []
        for method in methods.indices {
            // A pattern that is hidden behind a better one answers its other methods all the same.
            let route = find(path, method: method)
            if route >= 0 { found.append(route) }
        }
        return found.sorted().map { routes[$0].method }
    }

    /// The index of the best route for path and method, -1 for none.
    private func find(_ path: Span<UInt8>, method: Int) -> Int {
        guard path.first == UInt8(ascii: "/") else { return -1 }
        return find(path, from: 1, node: 0, method: method)
    }

    private func find(_ path: Span<UInt8>, from start: Int, node index: Int, method: Int) -> Int {
        // Past the end: the last segment was the path's last.
        let node = nodes[index]
        if start > path.count { return route(in: node.ends, method: method) }
        var end = start
        var hash = SegmentHash()
        while end < path.count {
            let byte = path[end]
            if byte == UInt8(ascii: "/") { break }
            hash.add(byte)
            end &+= 1
        }
        var edge = firstEdge(of: hash, in: node.edges)
        while edge < node.edges.upperBound, edges[edge].hash == hash {
            if equals(path, start, end, labels: edges[edge].label) {
                let found = find(path, from: end &+ 1, node: edges[edge].node, method: method)
                if found >= 0 { return found }
                break
            }
            edge &+= 1
        }
        if end > start, node.parameter >= 0 {
            let found = find(path, from: end &+ 1, node: node.parameter, method: method)
            if found >= 0 { return found }
        }
        return node.rest >= 0 ? route(in: nodes[node.rest].ends, method: method) : -1
    }

    /// Where the edges of that hash begin, or would.
    private func firstEdge(of hash: SegmentHash, in range: Range<Int>) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low &+ high) &>> 1
            if edges[middle].hash < hash { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    private func route(in range: Range<Int>, method: Int) -> Int {
        var index = range.lowerBound
        while index < range.upperBound {
            if ends[index].method == method { return ends[index].route }
            index &+= 1
        }
        return -1
    }

    /// Whether the bytes of the path from `start` to `end` are the label's, whose hash they have.
    private func equals(
        _ path: Span<UInt8>, _ start: Int, _ end: Int, labels label: Range<Int>
    ) -> Bool {
        guard label.count == end &- start else { return false }
        var (index, place) = (start, label.lowerBound)
        while index < end &- SegmentHash.width {
            if path[index] != labels[place] { return false }
            index &+= 1
            place &+= 1
        }
        return true
    }
}
