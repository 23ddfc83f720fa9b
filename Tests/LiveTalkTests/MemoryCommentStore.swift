import Crane
import CraneSchema
import CraneService
import CraneTesting
import Synchronization
import Testing

@testable import LiveTalk

/// Comments in memory, as plainly as it can be said: what the other stores are held to.
final class MemoryCommentStore: CommentStore {
    private struct State {
        var comments: [Int: LiveTalk.Comment] = [:]
        var keys: [String: LiveTalk.Comment] = [:]
        var lastID = 0
    }

    private let state = Mutex(State())

    func comment(_ id: Int) -> LiveTalk.Comment? { state.withLock { $0.comments[id] } }

    func representation(of id: Int) -> Eventual<CommentRepresentation?> {
        .ready(comment(id).map { CommentRepresentation($0) })
    }

    func shortList(_ query: CommentQuery) -> CommentList? { list(query) }

    func longList(_ query: CommentQuery, on loop: any LoopServices, for client: PeerAddress) -> CommentList {
        list(query)
    }

    private func list(_ query: CommentQuery) -> CommentList {
        let chosen = chosen(query)
        return CommentListWriter.list(limit: chosen.count, bound: CommentQuery.heldBytes) { list, json in
            for comment in chosen {
                if list.isFull(json) {
                    list.skip(id: comment.id)
                } else {
                    _ = list.append(id: comment.id, to: &json) {
                        LiveTalk.Comment.schema.write(comment, to: &$0)
                        return true
                    }
                }
            }
        }
    }

    private func chosen(_ query: CommentQuery) -> [LiveTalk.Comment] {
        let all = state.withLock { $0.comments.values.sorted { $0.id < $1.id } }
        let chosen = all.filter { comment in
            (query.talkID ?? comment.talkID) == comment.talkID
                && (query.userIP ?? comment.userIP) == comment.userIP
                && (query.order == .newest
                    ? comment.id < query.after ?? .max : comment.id > query.after ?? .min)
        }
        // Nobody votes here.
        let ordered = query.order == .newest ? chosen.reversed() : chosen
        return Array(ordered.dropFirst(query.offset).prefix(query.limit))
    }

    func search(
        _ search: CommentSearch, on loop: any LoopServices, for client: PeerAddress
    ) throws -> MatchList {
        let wanted = search.text.lowercased().split(separator: " ")
        let all = chosen(CommentQuery(talkID: search.talkID, limit: .max))
        let found = all.filter { comment in
            let words = comment.text.lowercased().split { !$0.isLetter && !$0.isNumber }
            return wanted.allSatisfy { part in
                words.contains { part.hasSuffix("*") ? $0.hasPrefix(part.dropLast()) : $0 == part }
            }
        }
        let ids = found.dropFirst(search.offset).prefix(search.limit).map(\.id)
        return try MatchList(of: ids[...], SearchQuery(search.text), unless: Cancellation(), find: comment)
    }

    func rest(of list: MatchList, on loop: any LoopServices, for client: PeerAddress) throws -> MatchList {
        try MatchList(of: list.rest, list.query, unless: Cancellation(), find: comment)
    }

    func insert(
        _ comment: CommentCreate, key: PostKey?, by participant: Participant?, named name: String?
    ) async throws -> LiveTalk.Comment {
        try state.withLock { state in
            if let key, let earlier = state.keys[key.text] {
                guard earlier.talkID == comment.talkID, earlier.userIP == comment.userIP,
                    earlier.text.utf8.elementsEqual(comment.text.utf8)
                else { throw CommentConflict.keyReused }
                return earlier
            }
            state.lastID += 1
            let now = Timestamp.now
            let inserted = LiveTalk.Comment(
                id: state.lastID, talkID: comment.talkID, userIP: comment.userIP, text: comment.text,
                createdAt: now, updatedAt: now)
            state.comments[inserted.id] = inserted
            if let key { state.keys[key.text] = inserted }
            return inserted
        }
    }

    func update(
        _ id: Int, _ update: CommentUpdate, if condition: CommentCondition?, by editor: CommentEditor
    ) async throws -> LiveTalk.Comment? {
        try state.withLock { state in
            guard let old = state.comments[id] else { return nil }
            guard condition?(old) ?? true else { throw CommentConflict.changed }
            if old.text.utf8.elementsEqual(update.text.utf8) { return old }
            let moved = Timestamp(microseconds: old.updatedAt.microseconds + 1)
            let changed = LiveTalk.Comment(
                id: id, talkID: old.talkID, userIP: old.userIP, text: update.text, createdAt: old.createdAt,
                updatedAt: max(.now, moved))
            state.comments[id] = changed
            return changed
        }
    }

    func delete(_ id: Int, if condition: CommentCondition?, by editor: CommentEditor) async throws -> Bool {
        try state.withLock { state in
            guard let old = state.comments[id] else { return false }
            guard condition?(old) ?? true else { throw CommentConflict.changed }
            state.comments[id] = nil
            return true
        }
    }
}

extension CommentStore {
    /// The comments of a list, read from its JSON.
    func comments(_ query: CommentQuery) async throws -> [LiveTalk.Comment] {
        let list = try await list(query, on: InProcessLoop(), for: .unixSocket)
        let comments = try [LiveTalk.Comment].schema.decode(list.json)
        #expect([LiveTalk.Comment].schema.encode(comments) == list.json)
        #expect((comments.count, comments.last?.id) == (list.count, list.lastID))
        return comments
    }
}

extension SQLiteCommentStore {
    /// What a search finds in the index as it is.
    func matches(_ search: CommentSearch) throws -> [CommentMatch] {
        try ranked(search).compactMap { id in
            try comment(id).map { CommentMatch(comment: $0, SearchQuery(search.text)) }
        }
    }
}
