import Crane

extension CommentQuery {
    /// The reference to the page after this one for the Link field (RFC 8288); `nil` when this one was not full.
    ///
    /// - Parameter root: the path under which the client sees the service.
    func nextPage(after list: CommentList, under root: String) -> String? {
        guard list.count == limit, let last = list.lastID else { return nil }
        var target = root + "/comments/?"
        if let talkID { target += "talk_id=\(talkID)&" }
        if let userIP { target += "user_ip=\(userIP.percentEncoded())&" }
        if order != .id { target += "sort=\(order.rawValue)&" }
        // Votes come and go: in their order there is no last one to go on behind.
        let place = order == .top ? "offset=\(offset + limit)" : "after=\(last)"
        return "<\(target)limit=\(limit)&\(place)>; rel=\"next\""
    }
}
