// fanload: subscribers of a live feed (WebSocket or server-sent events) and a publisher, on one epoll loop.
//
// Each post carries "fl:RUN:NUMBER:TIME:", TIME being the moment it was due on CLOCK_MONOTONIC, so that a publisher held up by
// the server hides nothing. A bitmap for each subscriber tells what is missing, came twice or out of order. With --churn
// subscribers are dropped and come back with the position they had. Loopback only. Prints one line of JSON.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// The key of RFC 6455, section 1.3, and its answer.
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
#define SECOND 1000000000ull
enum { POSITION = 48, BUCKETS = 2048, CONNECTING_AT_ONCE = 128 };

struct address { char host[64], path[400]; int port; bool web_socket; struct sockaddr_in socket; };

enum phase { WAITING, CONNECTING, HANDSHAKE, OPEN, GONE };

struct subscriber {
    int descriptor;
    enum phase phase;
    bool silent; // never reads
    bool chunked;
    int chunk_phase;
    size_t chunk_left;
    unsigned char *kept; // an event that has not come to its end
    size_t kept_length;
    uint64_t *had; // a bit for each post
    int newest;
    uint64_t retry_at, lost_at;
    char epoch[24], position[POSITION]; // what it says when it comes back
};

static struct address feeds[2], target;
static int feed_count, count = 1000, silent_count, size = 200, burst = 1;
static double rate = 20, seconds = 10, warm = 1, churn, linger = 5;
static const char *body = "\"%\"", *label = "server", *server_pids = "", *core = "cpu0";
static bool resumes;

static int epoll, run, total, warm_total, next_due, next_sent;
static struct subscriber *subscribers;
static uint64_t *due, *answered, *first, *last;
static uint32_t *received;
static bool *accepted; // of the others each may have reached all or nobody
static uint64_t delivered, measured, twice, reordered, drops, returns, failures, closed, beats, resets, errors, published, longest_away;
static int opening, open_now, next_subscriber;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(2);
}

// MARK: Times, in steps of 1.6 %

struct times { uint64_t count[BUCKETS], total, longest; };
static struct times receipts, to_last, answers;

static void note(struct times *times, int64_t nanoseconds) {
    uint64_t us = nanoseconds < 0 ? 0 : nanoseconds / 1000;
    int exponent = us < 128 ? 0 : 63 - __builtin_clzll(us);
    int bucket = us < 128 ? (int)us : 128 + (exponent - 7) * 64 + (int)(us >> (exponent - 6) & 63);
    times->count[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
    times->total++;
    if (us > times->longest) times->longest = us;
}

static double milliseconds(struct times *times, double share) {
    uint64_t wanted = share * times->total + 0.999999, seen = 0;
    for (int bucket = 0; bucket < BUCKETS && times->total; bucket++) {
        if ((seen += times->count[bucket]) < (wanted ? wanted : 1)) continue;
        int step = bucket - 128, exponent = step / 64 + 7;
        return (bucket < 128 ? (uint64_t)bucket : (1ull << exponent) + ((uint64_t)(step % 64) << (exponent - 6))) / 1e3;
    }
    return times->longest / 1e3;
}

// MARK: The server's processes (proc(5))

static void each_process(void (*visit)(const char *pid, double *sum), double *sum) {
    char list[512];
    snprintf(list, sizeof list, "%s", server_pids);
    for (char *pid = strtok(list, ","); pid; pid = strtok(NULL, ",")) visit(pid, sum);
}

static void add_cpu(const char *pid, double *sum) {
    char path[320];
    snprintf(path, sizeof path, "/proc/%s/task", pid);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "/proc/%.20s/task/%.200s/schedstat", pid, entry->d_name);
        FILE *file = fopen(path, "r");
        unsigned long long ran = 0;
        if (file && fscanf(file, "%llu", &ran) == 1) *sum += ran / 1e9;
        if (file) fclose(file);
    }
    if (folder) closedir(folder);
}

static void add_memory(const char *pid, double *sum) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%s/status", pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (!strncmp(line, "VmRSS:", 6)) *sum += atof(line + 6);
    if (file) fclose(file);
}

static double server_cpu(void) { double sum = 0; each_process(add_cpu, &sum); return sum; }
static double server_kib(void) { double sum = 0; each_process(add_memory, &sum); return sum; }

static double own_cpu(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// Seconds that all cores have been busy, or one of them.
static double busy(const char *name) {
    FILE *file = fopen("/proc/stat", "r");
    char line[512];
    double sum = 0;
    size_t length = strlen(name);
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, name, length) || line[length] != ' ') continue;
        double user, nice, system, idle, waits, irq, softirq, steal;
        if (sscanf(line + length, "%lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice, &system, &idle, &waits, &irq, &softirq, &steal) == 8)
            sum = (user + nice + system + irq + softirq + steal) / sysconf(_SC_CLK_TCK);
    }
    if (file) fclose(file);
    return sum;
}

// MARK: Sockets

static struct address parse(const char *text) {
    struct address address = {.web_socket = !strncmp(text, "ws:", 3)};
    if (sscanf(text, "%*[a-z]://%63[^:/]:%d%399s", address.host, &address.port, address.path) != 3) fail("%s: no address", text);
    address.socket = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(address.port)};
    if (inet_pton(AF_INET, address.host, &address.socket.sin_addr) != 1 || ntohl(address.socket.sin_addr.s_addr) >> 24 != 127)
        fail("%s: only addresses of the loopback are loaded", text);
    return address;
}

static void watch(int descriptor, int operation, uint32_t events, uint64_t number) {
    struct epoll_event event = {.events = events, .data.u64 = number};
    if (epoll_ctl(epoll, operation, descriptor, &event) < 0) fail("epoll_ctl: %s", strerror(errno));
}

static int dial(struct address *address, bool small) {
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1, few = 4096;
    if (descriptor < 0) fail("socket: %s", strerror(errno));
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (small) setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &few, sizeof few);
    // Without TIME_WAIT, which would use the ports up.
    struct linger reset = {1, 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (connect(descriptor, (struct sockaddr *)&address->socket, sizeof address->socket) < 0 && errno != EINPROGRESS)
        return close(descriptor), -1;
    return descriptor;
}

static bool is_connected(int descriptor) {
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length);
    return !error;
}

// MARK: A subscriber

static struct address *feed(struct subscriber *it) { return &feeds[(it - subscribers) % feed_count]; }

static void lose(struct subscriber *it, bool by_server) {
    if (it->phase == OPEN) open_now--, closed += by_server, it->lost_at = by_server ? now() : 0;
    else if (it->phase != WAITING) opening--, failures++;
    if (it->descriptor >= 0) close(it->descriptor);
    it->descriptor = -1, it->kept_length = 0;
    it->phase = resumes && !it->silent ? WAITING : GONE;
    it->retry_at = now() + (by_server ? SECOND / 10 : (uint64_t)(rand() % 1000) * 1000000);
}

static void begin(struct subscriber *it) {
    it->descriptor = dial(feed(it), it->silent);
    if (it->descriptor < 0) { it->retry_at = now() + SECOND / 10; return; }
    it->phase = CONNECTING, it->chunked = false, it->chunk_phase = 0, it->chunk_left = 0, it->kept_length = 0;
    opening++;
    watch(it->descriptor, EPOLL_CTL_ADD, EPOLLOUT, it - subscribers);
}

static void shake(struct subscriber *it) {
    struct address *address = feed(it);
    char text[1024];
    const char *position = it->position;
    int length = address->web_socket
        ? snprintf(text, sizeof text, "GET %s%s%s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY "\r\n\r\n",
              address->path, *position ? strchr(address->path, '?') ? "&after=" : "?after=" : "", position, address->host)
        : snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n%s%s%s\r\n",
              address->path, address->host, *position ? "Last-Event-ID: " : "", position, *position ? "\r\n" : "");
    if (send(it->descriptor, text, length, MSG_NOSIGNAL) != length) return lose(it, true);
    it->phase = HANDSHAKE;
    watch(it->descriptor, EPOLL_CTL_MOD, EPOLLIN, it - subscribers);
}

static const unsigned char *find(const unsigned char *bytes, size_t length, const char *text) {
    return memmem(bytes, length, text, strlen(text));
}

static uint64_t hexadecimal(const unsigned char *digits, int length) {
    char text[17] = {0};
    memcpy(text, digits, length);
    return strtoull(text, NULL, 16);
}

// What it would say to come back: the first message's epoch, and the number of each event.
static void remember(struct subscriber *it, const unsigned char *bytes, size_t length) {
    char text[128] = {0};
    memcpy(text, bytes, length < sizeof text - 1 ? length : sizeof text - 1);
    char *start = strchr(text, '{');
    uint64_t number;
    if (!start) return;
    if (sscanf(start, "{\"epoch\":\"%20[^\"]\",\"from\":%" SCNu64, it->epoch, &number) == 2
        || sscanf(start, "{\"seq\":%" SCNu64, &number) == 1)
        snprintf(it->position, POSITION, "%s%s%" PRIu64, it->epoch, *it->epoch ? "-" : "", number);
    beats += !strncmp(start, "{\"beat\"", 7), resets += !strncmp(start, "{\"reset\"", 8);
}

static void receive_event(struct subscriber *it, const unsigned char *bytes, size_t length, uint64_t time) {
    remember(it, bytes, length);
    const unsigned char *mark = find(bytes, length, "fl:");
    if (!mark || bytes + length - mark < 34 || (int)hexadecimal(mark + 3, 4) != run) return;
    int number = (int)hexadecimal(mark + 8, 8);
    if (number < 0 || number >= total) return;
    delivered++;
    if (it->had[number / 64] >> number % 64 & 1) { twice++; return; }
    it->had[number / 64] |= 1ull << number % 64;
    if (number < it->newest) reordered++; else it->newest = number;
    received[number]++;
    if (!first[number]) first[number] = time;
    last[number] = time;
    if (number >= warm_total) measured++, note(&receipts, time - hexadecimal(mark + 17, 16));
}

// RFC 6455, section 5.2. How many bytes were taken, -1 at the end of the connection.
static ssize_t take_frames(struct subscriber *it, const unsigned char *bytes, size_t length, uint64_t time) {
    size_t at = 0;
    while (length - at >= 2) {
        size_t size = bytes[at + 1], head = 2;
        if (size == 126) {
            if (length - at < 4) break;
            size = bytes[at + 2] << 8 | bytes[at + 3], head = 4;
        } else if (size >= 127) fail("a frame of more than 64 KiB, or masked");
        if (length - at < head + size) break;
        int opcode = bytes[at] & 15;
        if (opcode == 1) receive_event(it, bytes + at + head, size, time);
        if (opcode == 8) return -1;
        if (opcode == 9) { // an empty pong will do
            static const unsigned char pong[6] = {0x8A, 0x80};
            if (send(it->descriptor, pong, 6, MSG_NOSIGNAL) < 0) return -1;
        }
        at += head + size;
    }
    return at;
}

static ssize_t take_events(struct subscriber *it, const unsigned char *bytes, size_t length, uint64_t time) {
    size_t at = 0;
    for (const unsigned char *end; (end = find(bytes + at, length - at, "\n\n")); at = end + 2 - bytes)
        if (find(bytes + at, end - bytes - at, "data:")) receive_event(it, bytes + at, end - bytes - at, time);
    return at;
}

// Takes the chunks' framing out in place (RFC 9112, section 7.1); -1 at the last chunk.
static ssize_t take_chunks(struct subscriber *it, unsigned char *bytes, size_t length) {
    size_t out = 0;
    for (size_t at = 0; at < length;) {
        if (it->chunk_phase == 1) {
            size_t part = length - at < it->chunk_left ? length - at : it->chunk_left;
            memmove(bytes + out, bytes + at, part);
            out += part, at += part;
            if (!(it->chunk_left -= part)) it->chunk_phase = 2;
            continue;
        }
        unsigned char byte = bytes[at++];
        if (it->chunk_phase == 0 && isxdigit(byte)) it->chunk_left = it->chunk_left << 4 | hexadecimal(&byte, 1);
        if (byte != '\n') continue;
        if (it->chunk_phase == 0 && !it->chunk_left) return -1;
        it->chunk_phase = it->chunk_phase == 0 ? 1 : 0;
    }
    return out;
}

static void read_subscriber(struct subscriber *it) {
    static unsigned char room[1 << 18];
    size_t kept = it->kept_length;
    if (kept) memcpy(room, it->kept, kept);
    ssize_t got = recv(it->descriptor, room + kept, sizeof room - kept - 1, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return lose(it, true);
    uint64_t time = now();
    unsigned char *bytes = room;
    size_t length = kept + got, fresh = kept;
    if (it->phase == HANDSHAKE) {
        room[length] = 0;
        char *end = strstr((char *)room, "\r\n\r\n");
        if (!end) goto keep;
        *end = 0;
        bool web_socket = feed(it)->web_socket;
        if (strncmp((char *)room, web_socket ? "HTTP/1.1 101" : "HTTP/1.1 200", 12)) {
            if (failures < 3) fprintf(stderr, "%s: refused: %.60s\n", label, room);
            return lose(it, true);
        }
        if (web_socket && !strstr((char *)room, ACCEPT)) fail("a wrong Sec-WebSocket-Accept");
        it->chunked = strcasestr((char *)room, "transfer-encoding: chunked");
        bytes = (unsigned char *)end + 4, length -= bytes - room, fresh = 0;
        it->phase = OPEN, opening--, open_now++, returns += it->retry_at != 0;
        if (it->lost_at && time - it->lost_at > longest_away) longest_away = time - it->lost_at;
        it->lost_at = 0;
        if (it->silent) return watch(it->descriptor, EPOLL_CTL_MOD, EPOLLRDHUP, it - subscribers);
    }
    if (it->chunked) {
        ssize_t left = take_chunks(it, bytes + fresh, length - fresh);
        if (left < 0) return lose(it, true);
        length = fresh + left;
    }
    ssize_t taken = feed(it)->web_socket ? take_frames(it, bytes, length, time) : take_events(it, bytes, length, time);
    if (taken < 0) return lose(it, true);
    bytes += taken, length -= taken;
keep:
    if (length > sizeof room / 2) fail("an event of more than %zu bytes", sizeof room / 2);
    if (length > it->kept_length) it->kept = realloc(it->kept, length);
    if (length) memmove(it->kept, bytes, length);
    else free(it->kept), it->kept = NULL;
    it->kept_length = length;
}

static void subscriber_ready(struct subscriber *it, uint32_t events) {
    if (it->phase == CONNECTING) { if (is_connected(it->descriptor)) shake(it); else lose(it, true); }
    else if (it->silent && it->phase == OPEN) { if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) lose(it, true); }
    else if (it->phase == HANDSHAKE || it->phase == OPEN) read_subscriber(it);
}

// MARK: The publisher

static struct { int descriptor; enum phase phase; int post; size_t length; char input[16384]; } publisher;

static void open_publisher(void) {
    publisher.descriptor = dial(&target, false), publisher.post = -1, publisher.length = 0;
    if (publisher.descriptor < 0) return;
    publisher.phase = CONNECTING;
    watch(publisher.descriptor, EPOLL_CTL_ADD, EPOLLOUT, count);
}

static void send_next(void) {
    if (publisher.phase != OPEN || publisher.post >= 0 || next_sent == next_due) return;
    int number = next_sent++;
    char text[8192], post[10240], request[12288];
    int length = sprintf(text, "fl:%04x:%08x:%016" PRIx64 ":", run, number, due[number]);
    const char *place = strchr(body, '%');
    while (length + (int)strlen(body) - 1 < size) text[length] = 'a' + length % 26, length++;
    int posted = snprintf(post, sizeof post, "%.*s%.*s%s", (int)(place - body), body, length, text, place + 1);
    int whole = snprintf(request, sizeof request,
        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
        target.path, target.host, posted, post);
    publisher.post = number, publisher.length = 0;
    if (send(publisher.descriptor, request, whole, MSG_NOSIGNAL) != whole) errors++;
}

static void publisher_ready(void) {
    if (publisher.phase == CONNECTING) {
        if (!is_connected(publisher.descriptor)) { close(publisher.descriptor), publisher.phase = WAITING; return; }
        publisher.phase = OPEN;
        watch(publisher.descriptor, EPOLL_CTL_MOD, EPOLLIN, count);
        return send_next();
    }
    ssize_t got = recv(publisher.descriptor, publisher.input + publisher.length, sizeof publisher.input - 1 - publisher.length, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        errors += publisher.post >= 0;
        close(publisher.descriptor), publisher.phase = WAITING;
        return;
    }
    publisher.input[publisher.length += got] = 0;
    char *end = strstr(publisher.input, "\r\n\r\n"), *field = strcasestr(publisher.input, "content-length:");
    if (!end || publisher.post < 0 || (field && publisher.length < end + 4 - publisher.input + (size_t)atol(field + 15))) return;
    int status = atoi(publisher.input + 9), number = publisher.post;
    answered[number] = now();
    if (status / 100 == 2) accepted[number] = true, published++;
    else if (errors++ < 3) fprintf(stderr, "%s: a post: %.200s\n", label, publisher.input);
    publisher.post = -1;
    send_next();
}

// MARK: The run

static void look_after(uint64_t time) {
    while (next_subscriber < count && opening < CONNECTING_AT_ONCE) begin(&subscribers[next_subscriber++]);
    if (publisher.phase == WAITING) open_publisher();
    if (!resumes) return;
    for (int i = 0; i < next_subscriber; i++)
        if (subscribers[i].phase == WAITING && subscribers[i].retry_at <= time && opening < 4 * CONNECTING_AT_ONCE) begin(&subscribers[i]);
    static double owed;
    if (next_due == 0 || next_due == total) return;
    for (owed += churn * 0.01; owed >= 1; owed -= 1) {
        struct subscriber *it = &subscribers[rand() % count];
        if (it->phase == OPEN && !it->silent && *it->position) drops++, lose(it, false);
    }
}

static uint64_t missing(void) {
    uint64_t sum = 0;
    for (int i = 0; i < total; i++)
        if (accepted[i] || received[i]) sum += (uint32_t)(count - silent_count) - received[i];
    return sum;
}

static void usage(void) {
    fail("fanload --sub ws://127.0.0.1:8000/ws --pub http://127.0.0.1:8000/pub [options]\n"
         "  -n N          subscribers (1000)           --rate R      posts a second (20)\n"
         "  --seconds S   measured (10)                --warm S      before that, not measured (1)\n"
         "  --size B      bytes of the body (200)      --burst K     K at once, rate/K times a second (1)\n"
         "  --body TEXT   posted, %% being the text     --sub2 URL    every other subscriber's\n"
         "  --silent K    of the N, never read         --churn R     dropped a second, to come back\n"
         "  --resume      come back after any loss     --linger S    wait for those behind (5)\n"
         "  --pids P,P    the server's                 --core cpu0   where it runs     --label NAME");
}

static void parse_options(int argc, char **argv) {
    static const struct option options[] = {{"sub", 1, 0, 1}, {"sub2", 1, 0, 1}, {"pub", 1, 0, 2}, {"rate", 1, 0, 3}, {"seconds", 1, 0, 4},
        {"warm", 1, 0, 5}, {"size", 1, 0, 6}, {"burst", 1, 0, 7}, {"body", 1, 0, 8}, {"pids", 1, 0, 9}, {"core", 1, 0, 10},
        {"silent", 1, 0, 11}, {"churn", 1, 0, 12}, {"resume", 0, 0, 13}, {"linger", 1, 0, 14}, {"label", 1, 0, 15}, {0}};
    for (int option; (option = getopt_long(argc, argv, "n:", options, NULL)) != -1;) switch (option) {
        case 'n': count = atoi(optarg); break;
        case 1: if (feed_count == 2) usage(); feeds[feed_count++] = parse(optarg); break;
        case 2: target = parse(optarg); break;
        case 3: rate = atof(optarg); break;
        case 4: seconds = atof(optarg); break;
        case 5: warm = atof(optarg); break;
        case 6: size = atoi(optarg); break;
        case 7: burst = atoi(optarg); break;
        case 8: body = optarg; break;
        case 9: server_pids = optarg; break;
        case 10: core = optarg; break;
        case 11: silent_count = atoi(optarg); break;
        case 12: churn = atof(optarg), resumes = true; break;
        case 13: resumes = true; break;
        case 14: linger = atof(optarg); break;
        case 15: label = optarg; break;
        default: usage();
    }
    if (!feed_count || !target.port || !strchr(body, '%') || size > 8000 || burst < 1 || rate <= 0) usage();
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    parse_options(argc, argv);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit), limit.rlim_cur = limit.rlim_max, setrlimit(RLIMIT_NOFILE, &limit);
    if ((rlim_t)count + 100 > limit.rlim_cur) fail("%d subscribers need more than %lu descriptors", count, (unsigned long)limit.rlim_cur);
    srand(getpid() ^ time(NULL)), run = rand() & 0xFFFF;
    warm_total = warm * rate + 0.5, total = warm_total + (int)(seconds * rate + 0.5);
    due = calloc(total, 8), answered = calloc(total, 8), first = calloc(total, 8), last = calloc(total, 8);
    received = calloc(total, 4), accepted = calloc(total, sizeof *accepted);
    subscribers = calloc(count, sizeof *subscribers);
    for (int i = 0; i < count; i++)
        subscribers[i] = (struct subscriber){.descriptor = -1, .newest = -1, .silent = i < silent_count, .had = calloc((total + 63) / 64, 8)};
    epoll = epoll_create1(EPOLL_CLOEXEC);

    double kib_before = server_kib(), kib_subscribed = 0, cpu_from = 0, own_from = 0, core_from = 0, all_from = 0;
    uint64_t begun = now(), looked = 0, settled = 0, start = 0, measured_from = 0, end = 0;
    for (;;) {
        struct epoll_event events[512];
        int ready = epoll_wait(epoll, events, 512, 1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.u64 == (uint64_t)count) publisher_ready();
            else subscriber_ready(&subscribers[events[i].data.u64], events[i].events);
        }
        uint64_t time = now();
        if (time - looked >= SECOND / 100) looked = time, look_after(time);
        if (!settled) {
            if (open_now + (int)failures >= count && !opening) settled = time + SECOND;
            else if (time - begun > 60 * SECOND) fail("%s: only %d of %d subscribers after a minute", label, open_now, count);
            continue;
        }
        if (!start) {
            if (time < settled) continue;
            kib_subscribed = server_kib(), start = time + SECOND / 50;
        }
        // The moment it was due, not the moment we got round to it.
        while (next_due < total && time >= start + (uint64_t)(next_due / burst * burst * SECOND / rate)) {
            if (next_due == warm_total) {
                cpu_from = server_cpu(), own_from = own_cpu(), core_from = busy(core), all_from = busy("cpu");
                measured_from = time;
            }
            due[next_due] = start + (uint64_t)(next_due / burst * burst * SECOND / rate);
            next_due++;
        }
        send_next();
        if (next_due < total) continue;
        if (!end) end = time + (uint64_t)(linger * SECOND);
        bool all_sent = next_sent == total && publisher.post < 0;
        if (time > end || (all_sent && !missing() && (!resumes || open_now + silent_count >= count))) break;
    }
    double wall = (now() - measured_from) / 1e9, cpu = server_cpu() - cpu_from, own = own_cpu() - own_from;
    double other = (busy("cpu") - all_from - cpu - own) / wall;
    for (int i = warm_total; i < total; i++) {
        if (last[i]) note(&to_last, last[i] - due[i]);
        if (answered[i]) note(&answers, answered[i] - due[i]);
    }
    uint64_t expected = (uint64_t)(count - silent_count) * total, lacking = missing();
    printf("{\"label\":\"%s\",\"subscribers\":%d,\"silent\":%d,\"rate\":%g,\"burst\":%d,\"size\":%d,\"seconds\":%g,"
           "\"posts\":%d,\"published\":%" PRIu64 ",\"errors\":%" PRIu64 ",\"expected\":%" PRIu64 ",\"delivered\":%" PRIu64 ","
           "\"missing\":%" PRIu64 ",\"twice\":%" PRIu64 ",\"reordered\":%" PRIu64 ",\"drops\":%" PRIu64 ",\"returns\":%" PRIu64 ","
           "\"failures\":%" PRIu64 ",\"closed\":%" PRIu64 ",\"beats\":%" PRIu64 ",\"resets\":%" PRIu64 ",\"longest_away_ms\":%.0f,"
           "\"receipt_p50_ms\":%.2f,\"receipt_p99_ms\":%.2f,\"last_p50_ms\":%.2f,\"last_p99_ms\":%.2f,\"last_max_ms\":%.2f,"
           "\"answer_p50_ms\":%.2f,\"answer_p99_ms\":%.2f,\"us_a_delivery\":%.3f,\"core_busy\":%.3f,\"client_busy\":%.3f,"
           "\"other_busy\":%.3f,\"kib_a_subscriber\":%.2f,\"kib_after\":%.2f,\"kib_grown\":%.0f}\n",
        label, count, silent_count, rate, burst, size, seconds, total, published, errors, expected, delivered, lacking, twice, reordered,
        drops, returns, failures, closed, beats, resets, longest_away / 1e6, milliseconds(&receipts, .5), milliseconds(&receipts, .99), milliseconds(&to_last, .5),
        milliseconds(&to_last, .99), to_last.longest / 1e3, milliseconds(&answers, .5), milliseconds(&answers, .99),
        measured ? cpu * 1e6 / measured : 0, (busy(core) - core_from) / wall, own / wall, other > 0 ? other : 0,
        (kib_subscribed - kib_before) / count, (server_kib() - kib_before) / count, server_kib() - kib_subscribed);
    return lacking || twice || reordered ? 1 : 0;
}
