import CraneSQLite

extension Migration {
    /// What the room and its moderators make of comments.
    ///
    /// A comment that waits or is hidden is not in the table `comment` but in `held_comment`: no list, search or read of the open
    /// routes can come upon it. `standing` has a row for a comment that was voted for or staged; of its votes `logged_votes` stand in the log.
    static let room = Migration(
        10, "room",
        sql: """
            CREATE TABLE held_comment (
                id INTEGER PRIMARY KEY,
                talk_id INTEGER NOT NULL,
                user_ip TEXT NOT NULL,
                comment_text TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                state TEXT NOT NULL
            );
            CREATE INDEX idx_held_comment_state ON held_comment (talk_id, state);
            CREATE TRIGGER talk_held_insert AFTER INSERT ON held_comment BEGIN
                UPDATE talk SET waiting = waiting + (new.state = 'waiting'), hidden = hidden + (new.state = 'hidden')
                    WHERE id = new.talk_id;
            END;
            CREATE TRIGGER talk_held_update AFTER UPDATE OF state ON held_comment BEGIN
                UPDATE talk SET
                    waiting = waiting + (new.state = 'waiting') - (old.state = 'waiting'),
                    hidden = hidden + (new.state = 'hidden') - (old.state = 'hidden')
                    WHERE id = new.talk_id;
            END;
            CREATE TRIGGER talk_held_delete AFTER DELETE ON held_comment BEGIN
                UPDATE talk SET waiting = waiting - (old.state = 'waiting'), hidden = hidden - (old.state = 'hidden')
                    WHERE id = old.talk_id;
            END;
            CREATE TABLE standing (
                comment_id INTEGER PRIMARY KEY,
                talk_id INTEGER NOT NULL,
                votes INTEGER NOT NULL DEFAULT 0,
                stage TEXT NOT NULL DEFAULT 'none',
                is_pinned INTEGER NOT NULL DEFAULT 0,
                answer TEXT,
                logged_votes INTEGER NOT NULL DEFAULT 0,
                logged_at INTEGER NOT NULL DEFAULT 0
            );
            CREATE INDEX idx_standing_now ON standing (talk_id) WHERE stage = 'now';
            CREATE INDEX idx_standing_unlogged ON standing (comment_id) WHERE votes <> logged_votes;
            CREATE TABLE vote (
                comment_id INTEGER NOT NULL, participant BLOB NOT NULL, PRIMARY KEY (comment_id, participant)
            ) WITHOUT ROWID;
            CREATE TABLE author (comment_id INTEGER PRIMARY KEY, participant BLOB NOT NULL);
            CREATE TABLE block (participant BLOB PRIMARY KEY, ends_at INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE secret (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;
            """)
}
