/*
 * Requests at a constant rate, whose latency counts from when each was due and not from when it could be sent: a server that
 * stalls delays all that is due meanwhile, and all of it is counted (no coordinated omission; the method of wrk2).
 *
 *     steady-load PORT SECONDS CONNECTIONS ROWS RATE [POSTS]
 *
 * RATE requests a second, GET /comments/{id} of random ids up to ROWS; of /plaintext where ROWS is 0. Beside them, on as
 * many connections of their own, POSTS comments a second. A request that is due while every connection is busy waits for
 * the first that is free. Prints a line for each kind, in microseconds: requests, p50, p99, p99.9, the longest, and how
 * late this program itself was in sending (the longest; a figure close to it says nothing of the server).
 */
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

enum { MOST = 4096, BUFFER = 16384 };

typedef struct {
    double rate;
    long rows;
    int is_post;
    size_t wanted, sent, answered;
    int64_t latest, *latencies;
    /* The connections that are free, used in turn: none of them idles for long. */
    int *idle, first_idle, idle_count;
} kind;

typedef struct {
    int socket;
    kind *kind;
    int64_t due;
    size_t held;
    char bytes[BUFFER];
} connection;

static connection *connections;
static int epoll, port, clients;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void fail(const char *what) {
    fprintf(stderr, "steady-load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void set_idle(kind *kind, int number) {
    kind->idle[(kind->first_idle + kind->idle_count++) % clients] = number;
}

static int take_idle(kind *kind) {
    int number = kind->idle[kind->first_idle];
    kind->first_idle = (kind->first_idle + 1) % clients;
    kind->idle_count--;
    return number;
}

static void open_connection(int number, kind *kind) {
    connection *client = &connections[number];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int yes = 1;
    client->kind = kind;
    client->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (client->socket < 0 || connect(client->socket, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, client->socket, &event)) fail("epoll_ctl");
    set_idle(kind, number);
}

static void send_request(connection *client, int64_t due) {
    static const char body[] = "{\"talk_id\":1,\"user_ip\":\"192.168.100.100\",\"comment_text\":\"Does it hold under load?\"}";
    char request[512], path[40] = "/plaintext";
    int size;
    if (client->kind->is_post) {
        size = snprintf(request, sizeof request,
                        "POST /comments/ HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n%s", port, sizeof body - 1, body);
    } else {
        if (client->kind->rows > 0) snprintf(path, sizeof path, "/comments/%ld", random() % client->kind->rows + 1);
        size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", path, port);
    }
    client->due = due;
    client->held = 0;
    if (send(client->socket, request, size, MSG_NOSIGNAL) != size) fail("send");
}

/* Sends what is due, as far as connections are free. */
static void send_due(kind *kind, int64_t begin) {
    int64_t time = now();
    while (kind->sent < kind->wanted && kind->idle_count) {
        int64_t due = begin + (int64_t)(kind->sent * 1e9 / kind->rate);
        if (due > time) return;
        send_request(&connections[take_idle(kind)], due);
        kind->sent++;
        if (kind->idle_count && time - due > kind->latest) kind->latest = time - due;
    }
}

/* Whether the response is whole; anything but 200 ends the run. */
static int is_whole(connection *client) {
    client->bytes[client->held] = 0;
    char *end = strstr(client->bytes, "\r\n\r\n");
    if (!end) return 0;
    if (strncmp(client->bytes, "HTTP/1.1 200", 12)) {
        fprintf(stderr, "steady-load: %.60s\n", client->bytes);
        exit(1);
    }
    char *length = strcasestr(client->bytes, "\r\ncontent-length:");
    if (!length || length > end) {
        fprintf(stderr, "steady-load: no content-length\n");
        exit(1);
    }
    return client->held >= (size_t)(end + 4 - client->bytes) + strtoul(length + 17, NULL, 10);
}

static void receive(int number) {
    connection *client = &connections[number];
    ssize_t got = recv(client->socket, client->bytes + client->held, BUFFER - 1 - client->held, 0);
    if (got <= 0) fail("the server closed a connection");
    client->held += got;
    if (!is_whole(client)) return;
    kind *kind = client->kind;
    kind->latencies[kind->answered++] = now() - client->due;
    set_idle(kind, number);
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void report(kind *kind) {
    int64_t *latencies = kind->latencies;
    size_t count = kind->answered;
    qsort(latencies, count, sizeof *latencies, compare);
    printf("%zu %.1f %.1f %.1f %.1f %.1f\n", count, latencies[count / 2] / 1e3, latencies[count * 99 / 100] / 1e3,
           latencies[(size_t)(count * 0.999)] / 1e3, latencies[count - 1] / 1e3, kind->latest / 1e3);
}

int main(int count, char **arguments) {
    if (count != 6 && count != 7) return fprintf(stderr, "steady-load PORT SECONDS CONNECTIONS ROWS RATE [POSTS]\n"), 2;
    port = atoi(arguments[1]);
    double seconds = atof(arguments[2]);
    clients = atoi(arguments[3]);
    kind kinds[2] = {{.rows = atol(arguments[4]), .rate = atof(arguments[5])},
                     {.is_post = 1, .rate = count == 7 ? atof(arguments[6]) : 0}};
    int used = kinds[1].rate > 0 ? 2 : 1;
    if (port < 1 || seconds <= 0 || clients < 1 || clients > MOST || kinds[0].rows < 0 || kinds[0].rate < 1)
        return fprintf(stderr, "steady-load: a number is out of its range\n"), 2;
    connections = calloc(2 * clients, sizeof *connections);
    epoll = epoll_create1(0);
    if (!connections || epoll < 0) fail("memory");
    for (int number = 0; number < used; number++) {
        kind *kind = &kinds[number];
        kind->wanted = kind->rate * seconds < 1 ? 1 : kind->rate * seconds;
        kind->latencies = calloc(kind->wanted, sizeof *kind->latencies);
        kind->idle = calloc(clients, sizeof *kind->idle);
        if (!kind->latencies || !kind->idle) fail("memory");
        for (int i = 0; i < clients; i++) open_connection(number * clients + i, kind);
    }
    int64_t begin = now() + 1000000;
    while (kinds[0].answered < kinds[0].wanted || kinds[1].answered < kinds[1].wanted) {
        for (int number = 0; number < used; number++) send_due(&kinds[number], begin);
        /* Never asleep: waking up would be counted as the server's time. */
        struct epoll_event events[64];
        int ready = epoll_wait(epoll, events, 64, 0);
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < ready; i++) receive(events[i].data.u32);
        if (now() - begin > (seconds + 30) * 1e9) {
            fprintf(stderr, "steady-load: %zu of %zu answered in time\n", kinds[0].answered, kinds[0].wanted);
            return 1;
        }
    }
    for (int number = 0; number < used; number++) report(&kinds[number]);
    return 0;
}
