import CraneCelery
import CraneJobs
import CraneSQLite

extension Migration {
    /// All that this version knows, in order: a new one goes to the end.
    static let all = [
        comments, users, search, commentCounts, keys, searchWords, keyDigests, changes, talks, room,
        authorNames, inserts, .celery(13), .jobs(14), commentTotals,
    ]
}
