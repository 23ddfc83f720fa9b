import Crane
import CraneSQLite
import CraneSchema

/// A room that nobody sits in: made-up people comment on a talk and vote, a made-up moderator decides what is shown and staged.
///
/// The same seed does the same things in the same order, as long as nobody else changes the talk. When all texts have been used, the
/// oldest comment that is done with makes room: however long it runs, the talk stays of a size.
struct DemoRoom: Sendable {
    static let slug = "demo"
    /// Of each comment: once it comes, and so many times something else happens.
    static let stepsPerComment = 6
    /// Those who vote.
    private static let people = 120
    /// So many comments are left to a moderator of flesh and blood.
    private static let leftWaiting = 2

    private let comments: any CommentStore
    private let room: any RoomStore
    private let talks: any TalkStore
    private let clock: DemoClock
    private var random: SeededRandom
    /// The comments of the room that are there, the oldest first.
    private var present: [(id: Int, text: DemoText)] = []
    /// Texts that are not there, in the order in which they come.
    private var coming: [DemoText] = []
    private var talkID = 0
    private var steps = 0
    private var decisions = 0

    /// - Parameter clock: the one by which the stores go.
    init(
        _ comments: any CommentStore, _ talks: any TalkStore, _ room: any RoomStore, _ clock: DemoClock,
        seed: UInt64
    ) {
        (self.comments, self.talks, self.room, self.clock) = (comments, talks, room, clock)
        random = SeededRandom(seed: seed)
    }

    init(_ database: Database, _ changes: ChangeLog, seed: UInt64) {
        let clock = DemoClock()
        let now: @Sendable () -> Timestamp = { clock.now }
        self.init(
            SQLiteCommentStore(database, changes: changes, now: now),
            SQLiteTalkStore(database, changes, now: now),
            SQLiteRoomStore(database, changes, longReads: StateAcrossReloads().roomReads, now: now), clock,
            seed: seed)
    }

    /// Does the next thing: every sixth is a comment. Throws what the stores throw.
    mutating func step() async throws {
        defer { steps += 1 }
        switch steps % Self.stepsPerComment {
        case 0: try await ask()
        case 3: try await decide()
        default: try await vote(Int.random(in: 1...3, using: &random))
        }
    }
}

// MARK: - What was before

extension DemoRoom {
    /// Makes the talk with what has happened in it so far, one that comes next, and one that is over.
    mutating func open() async throws {
        let start = Timestamp.now
        clock.set(start + .seconds(-25 * 60))
        try await makeEarlierTalk(before: start)
        let talk = try await talks.add(
            TalkCreate(
                id: nil, slug: Self.slug, title: "Swift on one loop", speaker: "Ida Lindqvist",
                startsAt: start + .seconds(-20 * 60), moderation: .after))
        talkID = talk.id
        _ = try await talks.setWords(TalkWords(words: DemoText.blockedWords), of: talkID)
        _ = try await talks.add(
            TalkCreate(
                id: nil, slug: "queues", title: "Queues, and what waits in them", speaker: "Kofi Mensah",
                startsAt: start + .seconds(45 * 60), moderation: .before))
        coming = DemoText.opening
        for index in coming.indices {
            clock.set(start + .seconds(-18 * 60 + 75 * index))
            try await ask()
        }
        coming = DemoText.all.filter { !DemoText.opening.contains($0) }.shuffled(using: &random)
        for index in 0..<150 {
            clock.set(start + .seconds(-90 + index / 2))
            try await vote(1)
        }
        for index in present.indices.suffix(3) where present[index].text.answer != nil {
            try await answer(present[index])
        }
        try await nextOnStage()
        try await queueNext()
        clock.set(nil)
    }

    private func makeEarlierTalk(before start: Timestamp) async throws {
        let talk = try await talks.add(
            TalkCreate(
                id: nil, slug: "flames", title: "Reading flame graphs", speaker: "Noor Haddad",
                startsAt: start + .seconds(-110 * 60), moderation: .after))
        for text in ["Which tool made the pictures?", "Does it work for containers too?"] {
            _ = try await comments.insert(
                CommentCreate(talkID: talk.id, userIP: "192.0.2.9", text: text), key: nil, by: nil, named: nil
            )
        }
        _ = try await talks.update(
            talk.id,
            TalkUpdate(
                slug: nil, title: nil, speaker: nil, startsAt: nil, state: .closed, moderation: nil))
    }
}

// MARK: - The people

extension DemoRoom {
    private mutating func ask() async throws {
        if coming.isEmpty { try await makeRoom() }
        guard !coming.isEmpty else { return }
        let text = coming.removeFirst()
        let person = Int.random(in: 0..<Self.people, using: &random)
        let comment = try await comments.insert(
            CommentCreate(talkID: talkID, userIP: "192.0.2.\(1 + person)", text: text.text), key: nil,
            by: Self.participant(person), named: text.name)
        present.append((comment.id, text))
    }

    /// Votes of somebody each, now and then one taken back.
    private mutating func vote(_ count: Int) async throws {
        for _ in 0..<count {
            let isGiven = Int.random(in: 0..<12, using: &random) > 0
            guard let comment = try await pick(),
                let person = Self.participant(.random(in: 0..<Self.people, using: &random))
            else { return }
            _ = try await room.setVote(isGiven, for: comment, by: person, on: nil)
        }
    }

    /// A comment that can be voted for, the more appealing ones more often.
    private mutating func pick() async throws -> Int? {
        var open: [(id: Int, text: DemoText)] = []
        for comment in present where try await isOpen(comment.id) { open.append(comment) }
        let total = open.reduce(0) { $0 + $1.text.appeal }
        guard total > 0 else { return nil }
        var place = Int.random(in: 0..<total, using: &random)
        for comment in open {
            place -= comment.text.appeal
            if place < 0 { return comment.id }
        }
        return nil
    }

    private func isOpen(_ id: Int) async throws -> Bool {
        guard let comment = try await room.comment(id) else { return false }
        return comment.state == .shown && comment.stage != .answered
    }

    private static func participant(_ person: Int) -> Participant? {
        Participant(token: "demo-participant-\(person)")
    }
}

// MARK: - The moderator

extension DemoRoom {
    /// Approves or hides one that waits; or goes on to the next question, every sixth time.
    private mutating func decide() async throws {
        decisions += 1
        var waiting: [(id: Int, text: DemoText)] = []
        for comment in present where try await room.comment(comment.id)?.state == .waiting {
            waiting.append(comment)
        }
        if waiting.count > Self.leftWaiting {
            let isUnwanted = waiting[0].text.isUnwanted
            try await set(waiting[0].id, state: isUnwanted ? .hidden : .shown)
        } else if decisions % 6 == 0 {
            for comment in present where try await room.comment(comment.id)?.stage == .now {
                try await answer(comment)
            }
            try await nextOnStage()
        } else if decisions % 6 == 3 {
            try await queueNext()
        }
    }

    private func answer(_ comment: (id: Int, text: DemoText)) async throws {
        try await set(comment.id, stage: .answered, answer: comment.text.answer)
    }

    private func nextOnStage() async throws {
        var next = try await best([.queued])
        if next == nil { next = try await best([.none]) }
        guard let next else { return }
        try await set(next, stage: .now)
    }

    private func queueNext() async throws {
        guard try await best([.queued]) == nil, let next = try await best([.none]) else { return }
        try await set(next, stage: .queued)
    }

    /// The shown comment in one of these stages that has most votes; the older one of two.
    private func best(_ stages: Set<CommentStage>) async throws -> Int? {
        var found: [RoomComment] = []
        for comment in present {
            guard let comment = try await room.comment(comment.id) else { continue }
            if comment.state == .shown, stages.contains(comment.stage) { found.append(comment) }
        }
        return found.max { $0.votes == $1.votes ? $0.id > $1.id : $0.votes < $1.votes }?.id
    }

    private func set(
        _ id: Int, state: CommentState? = nil, stage: CommentStage? = nil, answer: String? = nil
    ) async throws {
        _ = try await room.set(
            id, CommentStateUpdate(state: state, stage: stage, isPinned: nil, answer: answer))
    }

    /// Removes the oldest comment that was answered or hidden, whose text comes once more; what somebody else has removed, too.
    private mutating func makeRoom() async throws {
        var place = present.startIndex
        while place < present.endIndex, let found = try await room.comment(present[place].id),
            found.state != .hidden, found.stage != .answered
        {
            place += 1
        }
        guard place < present.endIndex else { return }
        _ = try await comments.delete(present[place].id, if: nil, by: .moderator)
        coming.append(present.remove(at: place).text)
    }
}
