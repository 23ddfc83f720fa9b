/// The routes' tree while it grows; `frozen()` lays it out for the router.
struct RouteTreeBuilder {
    private struct Branch {
        var ends: [Router.End] = []
        var texts: [(text: [UInt8], branch: Int)] = []
        var parameter = -1
        var rest = -1
    }

    private var branches = [Branch()]

    /// Adds a route where its segments lead; gives back a route of the same method that ends there already.
    mutating func insert(_ end: Router.End, at segments: [RoutePattern.Segment]) -> Int? {
        let branch = segments.reduce(0) { descend(from: $0, $1) }
        if let twin = branches[branch].ends.first(where: { $0.method == end.method }) { return twin.route }
        branches[branch].ends.append(end)
        return nil
    }

    private mutating func descend(from branch: Int, _ segment: RoutePattern.Segment) -> Int {
        let new = branches.count
        switch segment {
        case .text(let text):
            if let known = branches[branch].texts.first(where: { $0.text == text }) { return known.branch }
            branches[branch].texts.append((text, new))
        case .parameter:
            if branches[branch].parameter >= 0 { return branches[branch].parameter }
            branches[branch].parameter = new
        case .rest:
            if branches[branch].rest >= 0 { return branches[branch].rest }
            branches[branch].rest = new
        }
        branches.append(Branch())
        return new
    }

    func frozen() -> (nodes: [Router.Node], edges: [Router.Edge], ends: [Router.End], labels: [UInt8]) {
        var edges: [Router.Edge] = []
        var ends: [Router.End] = []
        var labels: [UInt8] = []
        let nodes = branches.map { branch in
            let firstEdge = edges.count
            edges += branch.texts.map { text, branch in
                var hash = SegmentHash()
                for byte in text { hash.add(byte) }
                let label = labels.count..<(labels.count + text.count)
                labels += text
                return Router.Edge(hash: hash, label: label, node: branch)
            }.sorted { $0.hash < $1.hash }
            let firstEnd = ends.count
            ends += branch.ends
            return Router.Node(
                ends: firstEnd..<ends.count, edges: firstEdge..<edges.count, parameter: branch.parameter,
                rest: branch.rest)
        }
        return (nodes, edges, ends, labels)
    }
}
