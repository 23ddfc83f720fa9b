import Crane

extension CommentList {
    /// The page as a body, which goes out in pieces when it is long.
    ///
    /// Of a page beyond `CommentQuery.heldBytes` the rest is read while the client takes it, so that slow clients hold a part each
    /// and not the page. Each part is what the database holds at its time: a comment that is deleted meanwhile is not in it.
    func body(of query: CommentQuery, from service: CommentService, _ context: Context) -> ResponseBody {
        guard isCut else { return LongBody.body(json, on: context.loop) }
        let (loop, client) = (context.loop, context.client)
        return ResponseBody(length: nil, holding: json.count) { writer in
            var list = self
            var rest = query.rest(after: list)
            try await LongBody.write(list.json.dropLast(), to: writer, on: loop)
            while let query = rest {
                list = try await service.rest(query, on: loop, for: client)
                if list.written == 0 { break }
                rest = query.rest(after: list)
                try await writer.write([UInt8(ascii: ",")])
                try await LongBody.write(list.json.dropFirst().dropLast(), to: writer, on: loop)
            }
            try await writer.write([UInt8(ascii: "]")])
        }
    }
}
