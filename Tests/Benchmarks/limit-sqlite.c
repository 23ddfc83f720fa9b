/*
 * The floor for database work: SQLite inside the same libuv loop, JSON by hand, one connection.
 *
 *     limit-sqlite PORT DATABASE ROWS [turn]
 *
 * DATABASE is made anew and filled with ROWS comments. It answers GET /comments/{id} (a read transaction
 * each), GET /comments/?limit=N and POST /comments/ (a commit each). With `turn`, all inserts of a loop turn
 * share one commit, and their answers leave after it.
 */
#define _GNU_SOURCE
#include "loop.h"

#include <sqlite3.h>
#include <unistd.h>

#include "json.h"

enum { TURN_LIMIT = 65536 };

static const char schema[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "CREATE TABLE comments (id INTEGER PRIMARY KEY AUTOINCREMENT, talk_id INTEGER NOT NULL,"
    " user_ip TEXT NOT NULL, comment_text TEXT NOT NULL,"
    " created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);"
    "CREATE INDEX idx_talk_id ON comments (talk_id);"
    "CREATE INDEX idx_user_ip ON comments (user_ip);";

static sqlite3 *database;
static sqlite3_stmt *select_one, *select_list, *insert, *begin, *commit;
static text output, body, scratch;
static int by_turn, in_transaction;

/* Answers that wait for the turn's commit; they end with the turn, before any close callback runs. */
static struct {
    connection *client;
    size_t offset, size;
} waiting[TURN_LIMIT];
static size_t waiting_count;

static void date_changed(void) {}

static void must(int code, const char *what) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(database));
    exit(1);
}

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    must(sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), sql);
    return statement;
}

static void execute(sqlite3_stmt *statement, const char *what) {
    must(sqlite3_step(statement), what);
    must(sqlite3_reset(statement), what);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void answer(const char *status) {
    PUT(&output, "HTTP/1.1 ");
    put(&output, status, strlen(status));
    PUT(&output, "\r\ncontent-type: application/json\r\ncontent-length: ");
    put_integer(&output, (int64_t)body.size);
    PUT(&output, "\r\ndate: ");
    put(&output, date, DATE_SIZE);
    PUT(&output, "\r\n\r\n");
    put(&output, body.bytes, body.size);
}

static void refuse(const char *status) {
    PUT(&body, "{\"detail\":\"");
    put(&body, status + 4, strlen(status + 4));
    PUT(&body, "\"}");
    answer(status);
}

static void put_comment(
    int64_t id, int64_t talk, const char *ip, size_t ip_size, const char *comment, size_t comment_size,
    int64_t created, int64_t updated
) {
    PUT(&body, "{\"id\":");
    put_integer(&body, id);
    PUT(&body, ",\"talk_id\":");
    put_integer(&body, talk);
    PUT(&body, ",\"user_ip\":");
    put_string(&body, ip, ip_size);
    PUT(&body, ",\"comment_text\":");
    put_string(&body, comment, comment_size);
    PUT(&body, ",\"created_at\":");
    put_time(&body, created);
    PUT(&body, ",\"updated_at\":");
    put_time(&body, updated);
    PUT(&body, "}");
}

static void put_row(sqlite3_stmt *row) {
    const char *ip = (const char *)sqlite3_column_text(row, 2);
    const char *comment = (const char *)sqlite3_column_text(row, 3);
    put_comment(
        sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), ip, (size_t)sqlite3_column_bytes(row, 2),
        comment, (size_t)sqlite3_column_bytes(row, 3), sqlite3_column_int64(row, 4),
        sqlite3_column_int64(row, 5));
}

static void get_one(int64_t id) {
    sqlite3_bind_int64(select_one, 1, id);
    int step = sqlite3_step(select_one);
    must(step, "select");
    if (step == SQLITE_ROW) put_row(select_one);
    must(sqlite3_reset(select_one), "select");
    if (step == SQLITE_ROW) answer("200 OK");
    else refuse("404 Not Found");
}

static void get_list(int64_t limit) {
    sqlite3_bind_int64(select_list, 1, limit);
    PUT(&body, "[");
    while (sqlite3_step(select_list) == SQLITE_ROW) {
        if (body.size > 1) PUT(&body, ",");
        put_row(select_list);
    }
    must(sqlite3_reset(select_list), "select list");
    PUT(&body, "]");
    answer("200 OK");
}

static void insert_row(
    int64_t talk, const char *ip, int ip_size, const char *comment, int size, int64_t time
) {
    sqlite3_bind_int64(insert, 1, talk);
    sqlite3_bind_text(insert, 2, ip, ip_size, SQLITE_STATIC);
    sqlite3_bind_text(insert, 3, comment, size, SQLITE_STATIC);
    sqlite3_bind_int64(insert, 4, time);
    sqlite3_bind_int64(insert, 5, time);
    execute(insert, "insert");
}

static void post(const char *bytes, size_t size) {
    reader in = {bytes, bytes + size, &scratch};
    slice key, ip = {0, 0}, comment = {0, 0};
    int64_t talk = 0;
    int read = skip_to(&in, '{'), seen = 0;
    while (read && read_string(&in, &key) && (read = skip_to(&in, ':'))) {
        const char *name = scratch.bytes + key.offset;
        if (key.size == 7 && !memcmp(name, "talk_id", 7)) read = read_integer(&in, &talk), seen |= 1;
        else if (key.size == 7 && !memcmp(name, "user_ip", 7)) read = read_string(&in, &ip), seen |= 2;
        else if (key.size == 12 && !memcmp(name, "comment_text", 12))
            read = read_string(&in, &comment), seen |= 4;
        else read = 0;
        if (!read || !skip_to(&in, ',')) break;
    }
    if (!read || seen != 7 || !skip_to(&in, '}')) {
        refuse("422 Unprocessable Content");
        return;
    }
    if (by_turn && !in_transaction) {
        execute(begin, "begin");
        in_transaction = 1;
    }
    const char *ip_text = scratch.bytes + ip.offset, *comment_text = scratch.bytes + comment.offset;
    int64_t time = now();
    insert_row(talk, ip_text, (int)ip.size, comment_text, (int)comment.size, time);
    int64_t id = sqlite3_last_insert_rowid(database);
    put_comment(id, talk, ip_text, ip.size, comment_text, comment.size, time, time);
    answer("200 OK");
}

static size_t content_length(const char *head, const char *end) {
    static const char name[] = "\r\ncontent-length:";
    for (const char *line = head; (line = memchr(line, '\r', (size_t)(end - line))); line++)
        if (!strncasecmp(line, name, sizeof name - 1)) return strtoul(line + sizeof name - 1, NULL, 10);
    return 0;
}

static int starts(const char *bytes, size_t size, const char *prefix, size_t prefix_size) {
    return size >= prefix_size && !memcmp(bytes, prefix, prefix_size);
}

#define STARTS(bytes, size, literal) starts(bytes, size, literal, sizeof literal - 1)

/* The answer to one request, whose head is followed by more bytes or a CRLF: numbers end before it does. */
static void route(const char *request, size_t size, const char *content, size_t content_size) {
    body.size = scratch.size = 0;
    if (STARTS(request, size, "GET /comments/?limit=")) get_list(atoll(request + 21));
    else if (STARTS(request, size, "GET /comments/")) get_one(atoll(request + 14));
    else if (STARTS(request, size, "POST /comments/ ")) post(content, content_size);
    else refuse("404 Not Found");
}

static size_t serve(connection *client, const char *bytes, size_t size) {
    size_t used = 0, start = output.size;
    const char *end;
    while (used < size && (end = memmem(bytes + used, size - used, "\r\n\r\n", 4))) {
        const char *request = bytes + used, *content = end + 4;
        size_t length = *request == 'P' ? content_length(request, end + 2) : 0;
        if (length > PARTIAL_LIMIT) return REFUSED;
        if (length > size - (size_t)(content - bytes)) break;
        route(request, (size_t)(content - request), content, length);
        used = (size_t)(content - bytes) + length;
    }
    if (output.size == start) return used;
    if (by_turn) {
        if (waiting_count == TURN_LIMIT) return REFUSED;
        waiting[waiting_count].client = client;
        waiting[waiting_count].offset = start;
        waiting[waiting_count++].size = output.size - start;
    } else {
        send_bytes(client, output.bytes, output.size);
        output.size = 0;
    }
    return used;
}

/* libuv runs check handles after the reads of a turn and before its close callbacks. */
static void on_turn(uv_check_t *handle) {
    (void)handle;
    if (in_transaction) execute(commit, "commit");
    in_transaction = 0;
    for (size_t i = 0; i < waiting_count; i++)
        send_bytes(waiting[i].client, output.bytes + waiting[i].offset, waiting[i].size);
    waiting_count = output.size = 0;
}

static void open_database(const char *path, int rows) {
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char file[4096];
    for (int i = 0; i < 3; i++) {
        snprintf(file, sizeof file, "%s%s", path, suffixes[i]);
        unlink(file);
    }
    must(sqlite3_open(path, &database), "open");
    must(sqlite3_exec(database, schema, NULL, NULL, NULL), "schema");
    begin = prepare("BEGIN IMMEDIATE");
    commit = prepare("COMMIT");
    insert = prepare(
        "INSERT INTO comments (talk_id, user_ip, comment_text, created_at, updated_at) VALUES (?,?,?,?,?)");
    select_one = prepare("SELECT * FROM comments WHERE id = ?");
    select_list = prepare("SELECT * FROM comments ORDER BY id LIMIT ?");
    static const char comment[] = "A question from the room: how does this behave under load?";
    execute(begin, "begin");
    for (int row = 0; row < rows; row++)
        insert_row(1 + row % 100, "192.168.100.100", 15, comment, sizeof comment - 1, now());
    execute(commit, "commit");
}

int main(int argc, char **argv) {
    if (argc < 4 || argc > 5 || (argc == 5 && strcmp(argv[4], "turn"))) {
        fprintf(stderr, "usage: limit-sqlite PORT DATABASE ROWS [turn]\n");
        return 2;
    }
    by_turn = argc == 5;
    open_database(argv[2], atoi(argv[3]));
    uv_check_t turn;
    check(uv_check_init(uv_default_loop(), &turn), "check");
    if (by_turn) check(uv_check_start(&turn, on_turn), "check");
    return run(uv_default_loop(), atoi(argv[1]));
}
