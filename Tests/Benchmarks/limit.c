/*
 * The practical limit: a libuv server that answers every request head with the same bytes.
 * It parses nothing but the end of the head, so it takes no request bodies.
 *
 *     limit PORT
 */
#define _GNU_SOURCE
#include "loop.h"

enum { COPIES = 64, ANSWER_LIMIT = 256 };

static const char head[] = "HTTP/1.1 200 OK\r\n"
                           "content-type: text/plain; charset=utf-8\r\n"
                           "content-length: 13\r\n"
                           "date: ";
static char answers[COPIES * ANSWER_LIMIT]; /* the same answer many times over, for pipelined requests */
static size_t answer_size;

static void date_changed(void) {
    char *end = answers;
    answer_size = sizeof head - 1 + DATE_SIZE + sizeof "\r\n\r\nHello, World!" - 1;
    for (int copy = 0; copy < COPIES; copy++) {
        end = mempcpy(end, head, sizeof head - 1);
        end = mempcpy(end, date, DATE_SIZE);
        end = mempcpy(end, "\r\n\r\nHello, World!", sizeof "\r\n\r\nHello, World!" - 1);
    }
}

/* Counts the heads of the read and answers them in one write. */
static size_t serve(connection *client, const char *bytes, size_t size) {
    size_t count = 0, used = 0;
    const char *end;
    while (used < size && (end = memmem(bytes + used, size - used, "\r\n\r\n", 4))) {
        used = (size_t)(end - bytes) + 4;
        if (++count == COPIES) {
            send_bytes(client, answers, count * answer_size);
            count = 0;
        }
    }
    if (count) send_bytes(client, answers, count * answer_size);
    return used;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: limit PORT\n");
        return 2;
    }
    return run(uv_default_loop(), atoi(argv[1]));
}
