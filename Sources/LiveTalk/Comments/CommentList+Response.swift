import Crane

extension CommentList {
    /// The page, with a reference to the one behind it.
    func response(
        to query: CommentQuery, from service: CommentService<some CommentStore>, _ context: Context
    ) -> Response {
        var response = Response.json(body(of: query, from: service, context))
        if let next = query.nextPage(after: self, under: context.rootPath) { response.headers[.link] = next }
        return response
    }

    /// The page as a body, which goes out in pieces when it is long.
    ///
    /// Of a page beyond `CommentQuery.heldBytes` the rest is read while the client takes it, so that slow clients hold a part each
    /// and not the page. Each part is what the database holds at its time: a comment that is deleted meanwhile is not in it.
    private func body(
        of query: CommentQuery, from service: CommentService<some CommentStore>, _ context: Context
    ) -> ResponseBody {
        let (loop, client) = (context.loop, context.client)
        return LongBody.array(json, rest: query.rest(after: self), on: loop) { query in
            let next = try await service.rest(query, on: loop, for: client)
            return (next.json, query.rest(after: next))
        }
    }
}
