/// What a subscriber of the feed hears of: a talk as a role sees it.
struct TalkTopic: Hashable, Sendable {
    let talkID: Int
    let role: FeedRole
}
