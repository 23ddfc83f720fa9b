// floor PORT: the least that a live feed can cost on libuv. What is posted to /pub goes to all of GET /ws and GET /sse.
//
// Posts go into a ring. Passes of 256 subscribers a loop turn write to each all that it has not had, in one writev, so that posts
// are answered between slices and what comes while a pass runs leaves with the next. A limit, not a server to use: nothing is
// checked, and the handshake's answer is that of fanload's key.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uv.h>

enum { RING = 4096, AT_ONCE = 64, SLICE = 256 };
enum kind { HTTP = -1, WEB_SOCKET, EVENT_STREAM };

// A post as it goes out, framed once for each kind.
struct frame { int holders; char *bytes[2]; unsigned length[2]; };

// `tcp` stays first: libuv's pointers to the handle are cast to the client.
struct client { uv_tcp_t tcp; enum kind kind; int place, blocked; uint64_t cursor; };

// The rest of a frame that waits for the socket.
struct rest { uv_write_t request; struct frame *frame; struct client *client; };

static uv_loop_t *loop;
static uv_idle_t idle;
static struct client **subscribers;
static int count, room, place, passing, again;
static struct frame *ring[RING];
static uint64_t newest;
static char input[65536];

static struct frame *make_frame(const char *text, size_t length) {
    struct frame *frame = malloc(sizeof *frame);
    char line[64], *bytes = frame->bytes[WEB_SOCKET] = malloc(2 * length + 192);
    frame->holders = 1;
    int head = sprintf(line, "{\"seq\":%llu,\"prev\":%llu,\"text\":", (unsigned long long)newest + 1, (unsigned long long)newest);
    size_t size = head + length + 1, start = 2;
    bytes[0] = (char)0x81, bytes[1] = size < 126 ? size : 126;
    if (size >= 126) bytes[2] = size >> 8, bytes[3] = size, start = 4;
    memcpy(bytes + start, line, head), memcpy(bytes + start + head, text, length), bytes[start + size - 1] = '}';
    frame->length[WEB_SOCKET] = start + size;
    char id[64], *event = frame->bytes[EVENT_STREAM] = bytes + start + size;
    int named = sprintf(id, "id: 0-%llu\ndata: ", (unsigned long long)newest + 1);
    int chunk = sprintf(event, "%zx\r\n%s", named + size + 2, id);
    memcpy(event + chunk, bytes + start, size), memcpy(event + chunk + size, "\n\n\r\n", 4);
    frame->length[EVENT_STREAM] = chunk + size + 4;
    return frame;
}

static void let_go(struct frame *frame) {
    if (--frame->holders) return;
    free(frame->bytes[WEB_SOCKET]);
    free(frame);
}

static void closed(uv_handle_t *handle) { free(handle); }

static void drop(struct client *client) {
    if (client->place >= 0) {
        struct client *last = subscribers[--count];
        subscribers[client->place] = last, last->place = client->place, client->place = -1;
    }
    if (!uv_is_closing((uv_handle_t *)client)) uv_close((uv_handle_t *)client, closed);
}

static void catch_up(struct client *client);

static void drained(uv_write_t *request, int status) {
    struct rest *rest = (struct rest *)request;
    struct client *client = rest->client;
    let_go(rest->frame);
    free(rest);
    if (status < 0 || client->place < 0) return;
    client->blocked = 0;
    catch_up(client);
}

static void catch_up(struct client *client) {
    while (!client->blocked && client->cursor < newest) {
        if (newest - client->cursor > RING) return drop(client);
        uv_buf_t buffers[AT_ONCE];
        unsigned number = 0;
        size_t wanted = 0;
        for (uint64_t next = client->cursor; next < newest && number < AT_ONCE; next++, number++) {
            struct frame *frame = ring[next % RING];
            buffers[number] = uv_buf_init(frame->bytes[client->kind], frame->length[client->kind]);
            wanted += buffers[number].len;
        }
        int sent = uv_try_write((uv_stream_t *)client, buffers, number);
        if (sent == (int)wanted) { client->cursor += number; continue; }
        if (sent < 0 && sent != UV_EAGAIN) return drop(client);
        unsigned cut = 0;
        size_t done = sent < 0 ? 0 : sent;
        while (done >= buffers[cut].len) done -= buffers[cut++].len, client->cursor++;
        struct rest *rest = malloc(sizeof *rest);
        rest->client = client, rest->frame = ring[client->cursor++ % RING], rest->frame->holders++;
        client->blocked = 1;
        uv_buf_t left = uv_buf_init(buffers[cut].base + done, buffers[cut].len - done);
        uv_write(&rest->request, (uv_stream_t *)client, &left, 1, drained);
    }
}

static void pass(uv_idle_t *handle) {
    for (int end = place + SLICE; place < end && place < count;) {
        struct client *client = subscribers[place];
        catch_up(client);
        if (place < count && subscribers[place] == client) place++;
    }
    if (place < count) return;
    place = 0;
    if (again) again = 0;
    else passing = 0, uv_idle_stop(handle);
}

static void publish(const char *text, size_t length) {
    struct frame **slot = &ring[newest % RING];
    if (*slot) let_go(*slot);
    *slot = make_frame(text, length);
    newest++;
    if (passing) again = 1;
    else passing = 1, uv_idle_start(&idle, pass);
}

static void say(struct client *client, const char *text) {
    uv_buf_t buffer = uv_buf_init((char *)text, strlen(text));
    uv_try_write((uv_stream_t *)client, &buffer, 1);
}

static void subscribe(struct client *client, enum kind kind) {
    if (count == room) subscribers = realloc(subscribers, (room = room ? 2 * room : 1024) * sizeof *subscribers);
    client->kind = kind, client->cursor = newest, client->place = count;
    subscribers[count++] = client;
}

static void answer(struct client *client, char *request, char *end) {
    if (!strncmp(request, "GET /ws", 7)) {
        say(client, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
        subscribe(client, WEB_SOCKET);
    } else if (!strncmp(request, "GET /sse", 8)) {
        say(client, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        subscribe(client, EVENT_STREAM);
    } else if (!strncmp(request, "POST /pub", 9)) {
        char *field = strcasestr(request, "content-length:");
        say(client, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}");
        publish(end + 4, field ? atol(field + 15) : 0);
    } else {
        say(client, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
}

// What subscribers say is not looked at, and a request comes in one piece.
static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
    struct client *client = (struct client *)stream;
    if (length < 0) return drop(client);
    if (length == 0 || client->kind != HTTP) return;
    buffer->base[length] = 0;
    char *end = strstr(buffer->base, "\r\n\r\n");
    if (end) answer(client, buffer->base, end);
}

static void allocate(uv_handle_t *handle, size_t size, uv_buf_t *buffer) {
    (void)handle, (void)size;
    *buffer = uv_buf_init(input, sizeof input - 1);
}

static void on_connection(uv_stream_t *server, int status) {
    if (status < 0) return;
    struct client *client = calloc(1, sizeof *client);
    client->kind = HTTP, client->place = -1;
    uv_tcp_init(loop, &client->tcp);
    if (uv_accept(server, (uv_stream_t *)client)) return uv_close((uv_handle_t *)client, closed);
    uv_tcp_nodelay(&client->tcp, 1);
    uv_read_start((uv_stream_t *)client, allocate, on_read);
}

int main(int argc, char **argv) {
    uv_tcp_t server;
    struct sockaddr_in address;
    loop = uv_default_loop();
    uv_idle_init(loop, &idle);
    uv_tcp_init(loop, &server);
    uv_ip4_addr("127.0.0.1", argc > 1 ? atoi(argv[1]) : 9100, &address);
    if (uv_tcp_bind(&server, (struct sockaddr *)&address, 0) || uv_listen((uv_stream_t *)&server, 4096, on_connection)) {
        fprintf(stderr, "cannot listen\n");
        return 1;
    }
    return uv_run(loop, UV_RUN_DEFAULT);
}
