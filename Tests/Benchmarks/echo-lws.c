// echo-lws PORT: sends every WebSocket message back, on libwebsockets and its own loop; GET answers 200.
#include <libwebsockets.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST = 1 << 15 };

struct session {
    size_t length;
    int is_binary;
    unsigned char room[LWS_PRE + LARGEST];
};

static volatile sig_atomic_t stopped;

static void stop(int signal) {
    (void)signal;
    stopped = 1;
}

static int answer(struct lws *socket, enum lws_callback_reasons reason, void *user, void *in, size_t length) {
    struct session *session = user;
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        return lws_return_http_status(socket, HTTP_STATUS_OK, "Hello, World!") ? -1 : 0;
    case LWS_CALLBACK_RECEIVE:
        // The load has one message in flight and none in parts.
        if (length > LARGEST || !lws_is_final_fragment(socket)) return -1;
        memcpy(session->room + LWS_PRE, in, length);
        session->length = length;
        session->is_binary = lws_frame_is_binary(socket);
        lws_callback_on_writable(socket);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE: {
        enum lws_write_protocol kind = session->is_binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT;
        return lws_write(socket, session->room + LWS_PRE, session->length, kind) < 0 ? -1 : 0;
    }
    default:
        return 0;
    }
}

int main(int count, char **arguments) {
    struct lws_protocols protocols[] = {{"echo", answer, sizeof(struct session), LARGEST, 0, 0, 0}, {0}};
    struct lws_context_creation_info info = {
        .port = count == 2 ? atoi(arguments[1]) : 0,
        .iface = "127.0.0.1",
        .protocols = protocols,
        .gid = -1,
        .uid = -1,
        .options = LWS_SERVER_OPTION_DISABLE_IPV6,
    };
    if (!info.port) return 2;
    signal(SIGTERM, stop);
    lws_set_log_level(LLL_ERR, NULL);
    struct lws_context *context = lws_create_context(&info);
    if (!context) return 1;
    while (!stopped && lws_service(context, 0) >= 0) {}
    lws_context_destroy(context);
    return 0;
}
