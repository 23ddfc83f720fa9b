// echo-load PORT PATH CONNECTIONS SECONDS BYTES: texts sent over WebSockets and awaited back, one in flight on each.
// Prints "ready" once all have shaken hands, waits for a line, and prints messages, seconds and the 50th and 99th
// percentile of the round trips in microseconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 1 << 20, LARGEST = 1 << 15 };

static int frame_length, answer_length;
static unsigned char frame[LARGEST + 16], answer[LARGEST + 16];
static uint32_t slots[SLOTS]; // round trips by whole microseconds

struct connection {
    int descriptor;
    int got;
    double sent;
    unsigned char input[2 * LARGEST];
};

static void fail(const char *what) {
    fprintf(stderr, "echo-load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

// RFC 6455, section 5.2: a client's frame is masked, a server's is not.
static int head(unsigned char *to, int size, unsigned char masked) {
    to[0] = 0x81;
    if (size < 126) return to[1] = masked | size, 2;
    to[1] = masked | 126, to[2] = size >> 8, to[3] = size & 0xFF;
    return 4;
}

static void make_frames(int size) {
    static const unsigned char key[4] = {1, 2, 3, 4};
    int start = head(frame, size, 0x80);
    memcpy(frame + start, key, 4);
    int answered = head(answer, size, 0);
    for (int i = 0; i < size; i++) {
        answer[answered + i] = 'a' + i % 26;
        frame[start + 4 + i] = answer[answered + i] ^ key[i % 4];
    }
    frame_length = start + 4 + size, answer_length = answered + size;
}

static void shake_hands(struct connection *one, int port, const char *path) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    one->descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(one->descriptor, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(one->descriptor, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    char text[4096] = {0};
    int length = snprintf(
        text, sizeof text,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", path, port);
    if (write(one->descriptor, text, length) != length) fail("handshake");
    int got = 0;
    for (text[0] = 0; !strstr(text, "\r\n\r\n"); text[got] = 0) {
        int more = read(one->descriptor, text + got, sizeof text - 1 - got);
        if (more <= 0) fail("handshake");
        got += more;
    }
    if (!strstr(text, " 101 ")) fail("refused");
}

static void send_one(struct connection *one) {
    one->sent = now();
    if (send(one->descriptor, frame, frame_length, MSG_NOSIGNAL) != frame_length) fail("send");
}

// Takes what has come; 1 when it was the rest of an answer.
static int receive(struct connection *one) {
    int more = recv(one->descriptor, one->input + one->got, sizeof one->input - one->got, MSG_DONTWAIT);
    if (more < 0 && errno == EAGAIN) return 0;
    if (more <= 0) fail("the connection has ended");
    one->got += more;
    if (one->got < answer_length) return 0;
    if (one->got > answer_length || memcmp(one->input, answer, answer_length)) fail("a wrong answer");
    one->got = 0;
    uint64_t took = (now() - one->sent) * 1e6;
    slots[took < SLOTS ? took : SLOTS - 1]++;
    return 1;
}

static int percentile(long count, double part) {
    long before = 0;
    for (int slot = 0; slot < SLOTS; slot++)
        if ((before += slots[slot]) >= count * part) return slot;
    return SLOTS;
}

int main(int count, char **arguments) {
    if (count != 6) return fprintf(stderr, "echo-load PORT PATH CONNECTIONS SECONDS BYTES\n"), 2;
    int connections = atoi(arguments[3]), size = atoi(arguments[5]);
    double seconds = atof(arguments[4]);
    if (connections < 1 || size < 0 || size > LARGEST) return fprintf(stderr, "echo-load: out of range\n"), 2;
    make_frames(size);
    struct connection *all = calloc(connections, sizeof *all);
    int poll = epoll_create1(0);
    for (int i = 0; i < connections; i++) {
        shake_hands(&all[i], atoi(arguments[1]), arguments[2]);
        epoll_ctl(poll, EPOLL_CTL_ADD, all[i].descriptor, &(struct epoll_event){EPOLLIN, {.ptr = &all[i]}});
    }
    puts("ready");
    fflush(stdout);
    if (getchar() == EOF) return 1;
    double begin = now(), end = begin + seconds, time = begin;
    for (int i = 0; i < connections; i++) send_one(&all[i]);
    long messages = 0;
    while (time < end) {
        struct epoll_event events[256];
        int ready = epoll_wait(poll, events, 256, 100);
        for (int i = 0; i < ready; i++)
            if (receive(events[i].data.ptr)) messages++, send_one(events[i].data.ptr);
        time = now();
    }
    printf("%ld %.6f %d %d\n", messages, time - begin, percentile(messages, 0.5), percentile(messages, 0.99));
    return 0;
}
