/*
 * The event loop that both limit servers share: one uv_loop_t, one read buffer for all connections,
 * try-write first and a queued write only for what the socket did not take.
 *
 * The including file defines `serve`: it consumes the complete requests at the start of `bytes`, answers
 * them with `send_bytes`, and returns how many bytes it consumed, or REFUSED to close the connection.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

enum { READ_SIZE = 65536, PARTIAL_LIMIT = 65536, QUEUE_LIMIT = 4 << 20, DATE_SIZE = 29 };
#define REFUSED ((size_t)-1)

/* `tcp` stays first: libuv's pointers to the handle are cast to the connection. */
typedef struct connection {
    uv_tcp_t tcp;
    char *partial; /* an incomplete request kept from read to read; NULL while idle */
    size_t held;
} connection;

typedef struct {
    uv_write_t request;
    char bytes[];
} queued_write;

static size_t serve(connection *client, const char *bytes, size_t size);
static void date_changed(void);

static char read_buffer[READ_SIZE];
static char date[DATE_SIZE + 1];

static void check(int code, const char *what) {
    if (code >= 0) return;
    fprintf(stderr, "%s: %s\n", what, uv_strerror(code));
    exit(1);
}

static void on_close(uv_handle_t *handle) {
    connection *client = (connection *)handle;
    free(client->partial);
    free(client);
}

static void close_connection(connection *client) {
    uv_handle_t *handle = (uv_handle_t *)client;
    if (!uv_is_closing(handle)) uv_close(handle, on_close);
}

static void on_written(uv_write_t *request, int status) {
    if (status < 0) close_connection((connection *)request->handle);
    free(request);
}

/* uv_try_write gives UV_EAGAIN while an earlier write is queued, so answers keep their order. */
static void send_bytes(connection *client, const char *bytes, size_t size) {
    uv_stream_t *stream = (uv_stream_t *)client;
    if (uv_is_closing((uv_handle_t *)client)) return;
    uv_buf_t buffer = uv_buf_init((char *)bytes, (unsigned)size);
    int sent = uv_try_write(stream, &buffer, 1);
    if (sent == (int)size) return;
    if (sent == UV_EAGAIN) sent = 0;
    size_t rest = size - (size_t)(sent < 0 ? 0 : sent);
    if (sent < 0 || uv_stream_get_write_queue_size(stream) + rest > QUEUE_LIMIT) {
        close_connection(client);
        return;
    }
    queued_write *write = malloc(sizeof *write + rest);
    if (!write) {
        close_connection(client);
        return;
    }
    memcpy(write->bytes, bytes + sent, rest);
    buffer = uv_buf_init(write->bytes, (unsigned)rest);
    if (uv_write(&write->request, stream, &buffer, 1, on_written) < 0) {
        free(write);
        close_connection(client);
    }
}

static void on_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    (void)handle, (void)suggested;
    *buffer = uv_buf_init(read_buffer, READ_SIZE);
}

/* Keeps the last `size` bytes, which do not make a whole request yet. */
static int keep(connection *client, const char *bytes, size_t size) {
    if (size > PARTIAL_LIMIT) return -1;
    char *kept = NULL;
    if (size) {
        kept = malloc(size);
        if (!kept) return -1;
        memcpy(kept, bytes, size);
    }
    free(client->partial);
    client->partial = kept;
    client->held = size;
    return 0;
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer) {
    connection *client = (connection *)stream;
    if (size == 0) return;
    if (size < 0) {
        close_connection(client);
        return;
    }
    const char *bytes = buffer->base;
    size_t total = (size_t)size;
    if (client->partial) {
        char *joined = realloc(client->partial, client->held + total);
        if (!joined) {
            close_connection(client);
            return;
        }
        memcpy(joined + client->held, buffer->base, total);
        client->partial = joined;
        bytes = joined;
        total += client->held;
    }
    size_t used = serve(client, bytes, total);
    if (used == total && !client->partial) return;
    if (used == REFUSED || keep(client, bytes + used, total - used) < 0) close_connection(client);
}

static void on_connection(uv_stream_t *listener, int status) {
    connection *client = status < 0 ? NULL : calloc(1, sizeof *client);
    if (!client) return;
    uv_tcp_init(listener->loop, &client->tcp);
    if (uv_accept(listener, (uv_stream_t *)client) < 0) {
        close_connection(client);
        return;
    }
    uv_tcp_nodelay(&client->tcp, 1);
    uv_read_start((uv_stream_t *)client, on_buffer, on_read);
}

static void on_second(uv_timer_t *timer) {
    (void)timer;
    struct tm now;
    time_t seconds = time(NULL);
    gmtime_r(&seconds, &now);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &now);
    date_changed();
}

/*
 * Listens on 127.0.0.1, prints the port (0 asks for a free one) and serves until a signal ends it. Another process may
 * listen on the same port: the kernel divides the connections.
 */
static int run(uv_loop_t *loop, int port) {
    int shared = 1;
    uv_os_fd_t descriptor;
    struct sockaddr_in address;
    uv_tcp_t listener;
    uv_timer_t timer;
    check(uv_timer_init(loop, &timer), "timer");
    on_second(&timer);
    check(uv_timer_start(&timer, on_second, 1000, 1000), "timer");
    check(uv_ip4_addr("127.0.0.1", port, &address), "address");
    check(uv_tcp_init_ex(loop, &listener, AF_INET), "socket");
    check(uv_fileno((uv_handle_t *)&listener, &descriptor), "descriptor");
    check(setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &shared, sizeof shared), "shared port");
    check(uv_tcp_bind(&listener, (struct sockaddr *)&address, 0), "bind");
    check(uv_listen((uv_stream_t *)&listener, 4096, on_connection), "listen");
    int size = sizeof address;
    check(uv_tcp_getsockname(&listener, (struct sockaddr *)&address, &size), "port");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return uv_run(loop, UV_RUN_DEFAULT);
}

#endif
