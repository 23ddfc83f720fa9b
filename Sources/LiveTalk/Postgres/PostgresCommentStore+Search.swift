import Crane
import CranePostgres
import CraneSchema
import CraneService

extension PostgresCommentStore {
    func search(
        _ search: CommentSearch, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> MatchList {
        let query = SearchQuery(search.text)
        var ids: [Int] = []
        // No words find nothing.
        if !query.phrases.isEmpty {
            ids = try await StoreError.translating {
                try await database.query(Self.ranking(search, query)).map { try $0.int("id") }
            }
        }
        return try await matches(ids[...], query, on: loop, for: client)
    }

    func rest(
        of list: MatchList, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> MatchList {
        try await matches(list.rest, list.query, on: loop, for: client)
    }

    /// The ids of the matches, the best first.
    ///
    /// Words that many have in common count less by their number in the text alone: PostgreSQL does not know how rare a word is.
    private static func ranking(_ search: CommentSearch, _ query: SearchQuery) -> PostgresQuery {
        let words = SearchVector.query(query)
        return """
            SELECT id FROM (
                SELECT id, words FROM comment WHERE words @@ \(words)::tsquery\(and: "talk_id =", search.talkID)
                ORDER BY id DESC LIMIT \(CommentSearch.rankedMatches)
            ) AS newest
            ORDER BY ts_rank(words, \(words)::tsquery, 1) DESC, id LIMIT \(search.limit) OFFSET \(search.offset)
            """
    }

    /// Reads the first comments, and makes their snippets on a worker thread.
    private func matches(
        _ ids: ArraySlice<Int>, _ query: SearchQuery, on loop: any LoopServices, for client: PeerAddress
    ) async throws -> MatchList {
        let found = try await StoreError.translating {
            try await database.query(
                """
                SELECT * FROM (
                    SELECT \(raw: Self.columns), place,
                        sum(octet_length(comment_text)) OVER (ORDER BY place) - octet_length(comment_text) AS before
                    FROM unnest(\(Array(ids))) WITH ORDINALITY AS found (id, place) JOIN comment USING (id)
                ) AS bounded WHERE before < \(CommentQuery.heldBytes) ORDER BY place
                """
            ).rows(Comment.self)
        }
        let comments = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        // Those behind the last one that was read come with the next part; those before it that are not there have been deleted.
        let end = found.last.flatMap { last in ids.firstIndex(of: last.id).map { $0 + 1 } } ?? ids.endIndex
        return try await longReads.run(on: loop, for: client) { _, cancellation in
            let list = try MatchList(of: ids[..<end], query, unless: cancellation) { comments[$0] }
            return MatchList(list, before: ids[list.rest.startIndex...])
        }
    }
}

extension MatchList {
    /// The same with another rest.
    init(_ list: MatchList, before rest: ArraySlice<Int>) {
        json = list.json
        query = list.query
        self.rest = rest
    }
}
