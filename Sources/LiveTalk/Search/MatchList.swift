import Crane
import CraneSchema
import CraneService

/// A page of found comments as it is answered, or a part of it.
struct MatchList: Sendable {
    /// The matches as `[CommentMatch].schema` writes them.
    let json: [UInt8]
    /// The comments that the JSON does not hold, in their order.
    let rest: ArraySlice<Int>
    /// What was looked for.
    let query: SearchQuery

    /// Reads comments until there are `CommentQuery.heldBytes` of JSON: for a worker thread.
    ///
    /// A comment that has been deleted since it was found is left out. Throws `StoreError`, and `CancellationError` when it is
    /// cancelled.
    init(
        of ids: ArraySlice<Int>, _ query: SearchQuery, unless cancellation: Cancellation,
        find: (Int) throws -> Comment?
    ) throws {
        var json = JSONWriter()
        var rest = ids
        json.byte(UInt8(ascii: "["))
        while json.count < CommentQuery.heldBytes, let id = rest.popFirst() {
            if cancellation.hasHappened { throw CancellationError() }
            guard let comment = try find(id) else { continue }
            if json.count > 1 { json.byte(UInt8(ascii: ",")) }
            CommentMatch.schema.write(CommentMatch(comment: comment, query), to: &json)
        }
        json.byte(UInt8(ascii: "]"))
        self.json = json.bytes
        self.rest = rest
        self.query = query
    }

    /// The page as a body, of which the rest is read while the client takes it.
    func body(from service: CommentService<some CommentStore>, _ context: Context) -> ResponseBody {
        let (loop, client) = (context.loop, context.client)
        return LongBody.array(json, rest: rest.isEmpty ? nil : self, on: loop) { list in
            let next = try await service.rest(of: list, on: loop, for: client)
            return (next.json, next.rest.isEmpty ? nil : next)
        }
    }
}
