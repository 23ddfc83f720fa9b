/*
 * The practical limit of an echo over WebSockets: a libuv server that unmasks each frame and sends it back.
 * It checks nothing, knows the load's key only, and takes frames of less than 64 KiB; GET /plaintext answers 200.
 *
 *     echo-limit PORT
 */
#define _GNU_SOURCE
#include "loop.h"

static const char plain[] = "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 13\r\n\r\n"
                            "Hello, World!";
/* RFC 6455, section 1.3: the answer to the key of its example, which the load sends. */
static const char upgrade[] = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
                              "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
static unsigned char answer[READ_SIZE + PARTIAL_LIMIT];

static void date_changed(void) {}

static size_t serve_head(connection *client, const char *bytes, size_t size) {
    const char *end = memmem(bytes, size, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = (size_t)(end - bytes) + 4;
    if (memmem(bytes, head, "Sec-WebSocket-Key", 17)) send_bytes(client, upgrade, sizeof upgrade - 1);
    else send_bytes(client, plain, sizeof plain - 1);
    return head;
}

/* Answers the whole frames of the read in one write. */
static size_t serve(connection *client, const char *bytes, size_t size) {
    const unsigned char *input = (const unsigned char *)bytes;
    if (size && bytes[0] == 'G') return serve_head(client, bytes, size);
    size_t used = 0, made = 0;
    while (size - used >= 6) {
        const unsigned char *frame = input + used;
        size_t head = 2, length = frame[1] & 0x7F;
        if (length == 127 || (frame[0] & 0x0F) == 8) return REFUSED;
        if (length == 126) {
            length = (size_t)frame[2] << 8 | frame[3];
            head = 4;
        }
        if (size - used < head + 4 + length) break;
        const unsigned char *key = frame + head, *payload = key + 4;
        memcpy(answer + made, frame, head);
        answer[made + 1] &= 0x7F;
        for (size_t i = 0; i < length; i++) answer[made + head + i] = payload[i] ^ key[i % 4];
        used += head + 4 + length;
        made += head + length;
    }
    if (made) send_bytes(client, (const char *)answer, made);
    return used;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: echo-limit PORT\n");
        return 2;
    }
    return run(uv_default_loop(), atoi(argv[1]));
}
