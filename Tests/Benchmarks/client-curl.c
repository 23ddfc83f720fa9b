/*
 * Asks a server so many times by libcurl alone, and ends: what CraneClient is compared with.
 *
 *     client-curl easy URL COUNT            one handle, used again and again, which blocks
 *     client-curl multi URL COUNT AT-ONCE   a handle for each request, as CraneClient has, by the multi handle's sockets and epoll
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

struct answer { char *bytes; size_t size, room; };

static const char *url;
static CURLM *multi;
static int poller, running;
static long started, wanted, timeout = -1;

static void fail(const char *what, const char *why) {
    fprintf(stderr, "client-curl: %s: %s\n", what, why);
    exit(1);
}

static size_t receive(char *bytes, size_t size, size_t count, void *context) {
    struct answer *answer = context;
    size *= count;
    if (answer->size + size > answer->room) {
        answer->room = 2 * (answer->size + size);
        if (!(answer->bytes = realloc(answer->bytes, answer->room))) return 0;
    }
    memcpy(answer->bytes + answer->size, bytes, size);
    answer->size += size;
    return size;
}

static CURL *handle(struct answer *answer) {
    CURL *easy = curl_easy_init();
    if (!easy) fail("memory", "none");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, answer);
    return easy;
}

static void check(CURL *easy, CURLcode code, struct answer *answer) {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (code || status != 200 || !answer->size) fail(url, curl_easy_strerror(code));
}

static void one_after_the_other(void) {
    struct answer answer = {0};
    CURL *easy = handle(&answer);
    for (; started < wanted; started++) {
        answer.size = 0;
        check(easy, curl_easy_perform(easy), &answer);
    }
    curl_easy_cleanup(easy);
}

static int watch(CURL *easy, curl_socket_t socket, int what, void *context, void *known) {
    (void)easy, (void)context;
    struct epoll_event event = {.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0), .data.fd = socket};
    if (what == CURL_POLL_REMOVE) return epoll_ctl(poller, EPOLL_CTL_DEL, socket, NULL), 0;
    epoll_ctl(poller, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    curl_multi_assign(multi, socket, &poller);
    return 0;
}

static int set_timer(CURLM *owner, long milliseconds, void *context) {
    (void)owner, (void)context;
    return timeout = milliseconds, 0;
}

static void begin(void) {
    started++;
    struct answer *answer = calloc(1, sizeof *answer);
    CURLMcode code = curl_multi_add_handle(multi, handle(answer));
    if (code) fail("curl_multi_add_handle", curl_multi_strerror(code));
}

static void end_finished(void) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(multi, &left))) {
        CURL *easy = message->easy_handle;
        CURLcode code = message->data.result;
        struct answer *answer;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &answer);
        check(easy, code, answer);
        curl_multi_remove_handle(multi, easy);
        curl_easy_cleanup(easy);
        free(answer->bytes);
        free(answer);
        running--;
        if (started < wanted) running++, begin();
    }
}

static void at_once(int count) {
    poller = epoll_create1(EPOLL_CLOEXEC);
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)count);
    for (running = 0; running < count && started < wanted; running++) begin();
    struct epoll_event events[64];
    int active;
    while (running) {
        int found = epoll_wait(poller, events, 64, (int)timeout);
        if (found == 0) timeout = -1, curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &active);
        for (int i = 0; i < found; i++) {
            int mask = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0)
                | (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
            curl_multi_socket_action(multi, events[i].data.fd, mask, &active);
        }
        end_finished();
    }
    curl_multi_cleanup(multi);
    close(poller);
}

int main(int count, char **words) {
    if (count < 4) fail("usage", "client-curl easy|multi URL COUNT [AT-ONCE]");
    url = words[2];
    wanted = atol(words[3]);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (words[1][0] == 'e') one_after_the_other();
    else at_once(count > 4 ? atoi(words[4]) : 1);
    curl_global_cleanup();
    return 0;
}
