#pragma once
#include <curl/curl.h>
#include <dlfcn.h>

#if LIBCURL_VERSION_NUM < 0x075700
#error "CraneClient needs libcurl 7.87 or a later one (CURLOPT_QUICK_EXIT)"
#endif

/* What CraneClient calls. Nothing links libcurl, so that a call which does not go through the table is an error of the linker. */
#define CRANE_CURL_FUNCTIONS(with) \
    with(global_init) with(multi_init) with(multi_setopt) with(multi_add_handle) with(multi_remove_handle) \
    with(multi_socket_action) with(multi_info_read) with(multi_strerror) with(multi_cleanup) with(easy_init) \
    with(easy_setopt) with(easy_getinfo) with(easy_nextheader) with(easy_strerror) with(easy_cleanup) \
    with(slist_append) with(slist_free_all)

struct crane_curl {
#define CRANE_CURL_MEMBER(name) __typeof__(&curl_##name) name;
    CRANE_CURL_FUNCTIONS(CRANE_CURL_MEMBER)
#undef CRANE_CURL_MEMBER
};

/* Loads libcurl for the life of the process, and fills the table; returns NULL, or what is wrong (dlerror(3)), which the thread's next call of
   the loader ends. */
static inline const char *crane_curl_load(struct crane_curl *curl) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return dlerror();
#define CRANE_CURL_FIND(name) \
    curl->name = (__typeof__(curl->name))dlsym(library, "curl_" #name); \
    if (curl->name == NULL) return dlerror();
    CRANE_CURL_FUNCTIONS(CRANE_CURL_FIND)
#undef CRANE_CURL_FIND
    return NULL;
}

/* The functions that set options and read facts are variadic, which Swift cannot call: one for each kind of value. */
static inline CURLcode crane_curl_set_long(const struct crane_curl *curl, CURL *easy, CURLoption option, long value) {
    return curl->easy_setopt(easy, option, value);
}

static inline CURLcode crane_curl_set_size(const struct crane_curl *curl, CURL *easy, CURLoption option, curl_off_t value) {
    return curl->easy_setopt(easy, option, value);
}

/* libcurl copies the text. */
static inline CURLcode crane_curl_set_text(const struct crane_curl *curl, CURL *easy, CURLoption option, const char *text) {
    return curl->easy_setopt(easy, option, text);
}

static inline CURLcode crane_curl_set_pointer(const struct crane_curl *curl, CURL *easy, CURLoption option, void *pointer) {
    return curl->easy_setopt(easy, option, pointer);
}

static inline CURLcode crane_curl_set_receiver(const struct crane_curl *curl, CURL *easy, CURLoption option, curl_write_callback receiver) {
    return curl->easy_setopt(easy, option, receiver);
}

static inline CURLcode crane_curl_set_open_socket(const struct crane_curl *curl, CURL *easy, curl_opensocket_callback open) {
    return curl->easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open);
}

static inline CURLMcode crane_curl_multi_set_long(const struct crane_curl *curl, CURLM *multi, CURLMoption option, long value) {
    return curl->multi_setopt(multi, option, value);
}

static inline CURLMcode crane_curl_multi_set_pointer(const struct crane_curl *curl, CURLM *multi, CURLMoption option, void *pointer) {
    return curl->multi_setopt(multi, option, pointer);
}

static inline CURLMcode crane_curl_multi_set_socket(const struct crane_curl *curl, CURLM *multi, curl_socket_callback callback) {
    return curl->multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
}

static inline CURLMcode crane_curl_multi_set_timer(const struct crane_curl *curl, CURLM *multi, curl_multi_timer_callback callback) {
    return curl->multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
}

static inline long crane_curl_long(const struct crane_curl *curl, CURL *easy, CURLINFO info) {
    long value = 0;
    curl->easy_getinfo(easy, info, &value);
    return value;
}

/* The text is the handle's, until it is used again. */
static inline const char *crane_curl_text(const struct crane_curl *curl, CURL *easy, CURLINFO info) {
    char *text = NULL;
    curl->easy_getinfo(easy, info, &text);
    return text;
}
