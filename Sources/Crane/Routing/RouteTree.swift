/// The routes' tree while it grows; `frozen()` lays it out for the router.
struct RouteTree {
    private struct Branch {
        var routes: [Int] = []
        var texts: [(text: [UInt8], branch: Int)] = []
        var parameter = -1
        var rest = -1
    }

    private var branches = [Branch()]

    /// Adds a route where its segments lead, unless one that `collides` ends there: that one is given back.
    mutating func insert(
        _ route: Int, at segments: [RoutePattern.Segment], collides: (Int) -> Bool
    ) -> Int? {
        let branch = segments.reduce(0) { descend(from: $0, $1) }
        if let twin = branches[branch].routes.first(where: collides) { return twin }
        branches[branch].routes.append(route)
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

    func frozen() -> (nodes: [Router.Node], edges: [Router.Edge], ends: [Int], labels: [UInt8]) {
        var edges: [Router.Edge] = []
        var ends: [Int] = []
        var labels: [UInt8] = []
        let nodes = branches.map { branch in
            let firstEdge = edges.count
            for (text, branch) in branch.texts {
                edges.append(Router.Edge(label: labels.count..<(labels.count + text.count), node: branch))
                labels += text
            }
            let firstEnd = ends.count
            ends += branch.routes
            return Router.Node(
                ends: firstEnd..<ends.count, edges: firstEdge..<edges.count, parameter: branch.parameter,
                rest: branch.rest)
        }
        return (nodes, edges, ends, labels)
    }
}
