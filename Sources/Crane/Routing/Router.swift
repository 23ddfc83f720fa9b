import CraneHTTP
import CraneSchema
import HTTPTypes

/// Tells most texts of segments apart before their bytes are compared: FNV-1a in 64 bits. What a client can make collide costs
/// it a comparison.
struct SegmentHash: Hashable {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
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
        /// The children reached by text, as a range of `edges`.
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
        let endpoint: Endpoint
    }

    let routes: [Entry]
    let methods: [HTTPRequest.Method]
    private let nodes: [Node]
    private let edges: [Edge]
    private let ends: [End]
    private let labels: [UInt8]

    init(
        _ registrations: [Registration], overrides: [ObjectIdentifier: any AnyDependency] = [:]
    ) throws(RegistrationError) {
        var routes: [Entry] = []
        var methods: [HTTPRequest.Method] = []
        var tree = RouteTree()
        var components = SchemaComponents()
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
                    method: registration.method,
                    endpoint: Endpoint(
                        pattern: pattern,
                        preparation: try registration.plan(
                            for: pattern, overrides: overrides, components: &components),
                        handler: registration.handler())))
        }
        self.routes = routes
        self.methods = methods
        (nodes, edges, ends, labels) = tree.frozen()
    }

    /// What answers the request, `nil` for nothing; `GET` answers `HEAD` where nothing else does.
    func endpoint(for request: Request) -> Endpoint? {
        // The bytes are read during this call only; the caller holds the request.
        let path = unsafe request.pathBytes
        if let method = methods.firstIndex(of: request.method) {
            let found = unsafe find(path, method: method)
            if found >= 0 { return routes[found].endpoint }
        }
        guard request.method == .head, let get = methods.firstIndex(of: .get) else { return nil }
        let found = unsafe find(path, method: get)
        return found >= 0 ? routes[found].endpoint : nil
    }

    /// The methods of all routes whose pattern fits the path, in order of registration.
    func methods(at path: UnsafeRawBufferPointer) -> [HTTPRequest.Method] {
        var found: [Int] = []
        for method in methods.indices {
            // A pattern that is hidden behind a better one answers its other methods all the same.
            let route = unsafe find(path, method: method)
            if route >= 0 { found.append(route) }
        }
        return found.sorted().map { routes[$0].method }
    }

    /// The index of the best route for path and method, -1 for none.
    private func find(_ path: UnsafeRawBufferPointer, method: Int) -> Int {
        guard unsafe path.first == UInt8(ascii: "/") else { return -1 }
        return unsafe find(path, from: 1, node: 0, method: method)
    }

    private func find(_ path: UnsafeRawBufferPointer, from start: Int, node index: Int, method: Int) -> Int {
        // Past the end: the last segment was the path's last.
        let node = nodes[index]
        if start > path.count { return route(in: node.ends, method: method) }
        var end = start
        var hash = SegmentHash()
        while end < path.count, unsafe path[end] != UInt8(ascii: "/") {
            unsafe hash.add(path[end])
            end &+= 1
        }
        let segment = unsafe UnsafeRawBufferPointer(rebasing: path[start..<end])
        for edge in edges[node.edges] where unsafe edge.hash == hash && equals(segment, labels: edge.label) {
            let found = unsafe find(path, from: end + 1, node: edge.node, method: method)
            if found >= 0 { return found }
            break
        }
        if end > start, node.parameter >= 0 {
            let found = unsafe find(path, from: end + 1, node: node.parameter, method: method)
            if found >= 0 { return found }
        }
        return node.rest >= 0 ? route(in: nodes[node.rest].ends, method: method) : -1
    }

    private func route(in range: Range<Int>, method: Int) -> Int {
        for index in range where ends[index].method == method { return ends[index].route }
        return -1
    }

    private func equals(_ segment: UnsafeRawBufferPointer, labels label: Range<Int>) -> Bool {
        // The caller holds the request, whose path the segment is of.
        unsafe segment.elementsEqual(labels[label])
    }
}
