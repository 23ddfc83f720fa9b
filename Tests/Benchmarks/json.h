/* JSON by hand, for the one shape that the database server reads and the one that it writes. */
#ifndef JSON_H
#define JSON_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Bytes being written; it grows and is reused, so that an answer allocates nothing. */
typedef struct {
    char *bytes;
    size_t size, capacity;
} text;

static char *reserve(text *out, size_t more) {
    if (out->size + more > out->capacity) {
        out->capacity = (out->size + more) * 2;
        out->bytes = realloc(out->bytes, out->capacity);
        if (!out->bytes) abort();
    }
    return out->bytes + out->size;
}

static void put(text *out, const char *bytes, size_t size) {
    memcpy(reserve(out, size), bytes, size);
    out->size += size;
}

#define PUT(out, literal) put(out, literal, sizeof(literal) - 1)

static void put_integer(text *out, int64_t value) {
    char digits[20], *first = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do *--first = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0) PUT(out, "-");
    put(out, first, (size_t)(digits + sizeof digits - first));
}

static void put_string(text *out, const char *bytes, size_t size) {
    static const char hex[] = "0123456789abcdef";
    char *end = reserve(out, size * 6 + 2), *start = end;
    *end++ = '"';
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte == '"' || byte == '\\') {
            *end++ = '\\';
            *end++ = (char)byte;
        } else if (byte < 0x20) {
            memcpy(end, "\\u00", 4);
            end[4] = hex[byte >> 4];
            end[5] = hex[byte & 15];
            end += 6;
        } else {
            *end++ = (char)byte;
        }
    }
    *end++ = '"';
    out->size += (size_t)(end - start);
}

static char *digits(char *end, unsigned value, int width) {
    for (int i = width - 1; i >= 0; i--, value /= 10) end[i] = (char)('0' + value % 10);
    return end + width;
}

/* Microseconds since 1970 as "2026-01-31T12:00:00.000000Z"; civil days by Howard Hinnant's algorithm. */
static void put_time(text *out, int64_t microseconds) {
    int64_t seconds = microseconds / 1000000, days = seconds / 86400 + 719468;
    unsigned second = (unsigned)(seconds % 86400), era = (unsigned)(days / 146097);
    unsigned day = (unsigned)(days - (int64_t)era * 146097);
    unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    unsigned of_year = day - (365 * year + year / 4 - year / 100), shifted = (5 * of_year + 2) / 153;
    unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
    char *start = reserve(out, 29), *end = start;
    *end++ = '"';
    end = digits(end, year + era * 400 + (month <= 2), 4), *end++ = '-';
    end = digits(end, month, 2), *end++ = '-';
    end = digits(end, of_year - (153 * shifted + 2) / 5 + 1, 2), *end++ = 'T';
    end = digits(end, second / 3600, 2), *end++ = ':';
    end = digits(end, second / 60 % 60, 2), *end++ = ':';
    end = digits(end, second % 60, 2), *end++ = '.';
    end = digits(end, (unsigned)(microseconds % 1000000), 6), *end++ = 'Z', *end++ = '"';
    out->size += (size_t)(end - start);
}

typedef struct {
    const char *next, *end;
    text *scratch; /* decoded strings; a string is given as an offset, since the bytes may move */
} reader;

typedef struct {
    size_t offset, size;
} slice;

static int skip_to(reader *in, char wanted) {
    while (in->next < in->end && strchr(" \t\r\n", *in->next)) in->next++;
    if (in->next == in->end || *in->next != wanted) return 0;
    in->next++;
    return 1;
}

static int read_integer(reader *in, int64_t *value) {
    while (in->next < in->end && strchr(" \t\r\n", *in->next)) in->next++;
    int negative = in->next < in->end && *in->next == '-', count = 0;
    uint64_t sum = 0;
    for (in->next += negative; in->next < in->end && *in->next >= '0' && *in->next <= '9'; in->next++) {
        if (++count > 18) return 0;
        sum = sum * 10 + (uint64_t)(*in->next - '0');
    }
    *value = negative ? -(int64_t)sum : (int64_t)sum;
    return count > 0;
}

/* \uXXXX as UTF-8; a surrogate is refused. */
static int read_unicode(reader *in) {
    char hex[5] = {0}, *stop, utf8[3];
    if (in->end - in->next < 4) return 0;
    memcpy(hex, in->next, 4);
    unsigned long scalar = strtoul(hex, &stop, 16);
    if (stop != hex + 4 || (scalar >= 0xd800 && scalar < 0xe000)) return 0;
    in->next += 4;
    size_t size = scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : 3;
    utf8[0] = (char)(size == 1 ? scalar : size == 2 ? 0xc0 | scalar >> 6 : 0xe0 | scalar >> 12);
    if (size == 3) utf8[1] = (char)(0x80 | (scalar >> 6 & 0x3f));
    if (size > 1) utf8[size - 1] = (char)(0x80 | (scalar & 0x3f));
    put(in->scratch, utf8, size);
    return 1;
}

static int read_string(reader *in, slice *value) {
    if (!skip_to(in, '"')) return 0;
    value->offset = in->scratch->size;
    while (in->next < in->end && *in->next != '"') {
        const char *run = in->next;
        while (in->next < in->end && *in->next != '"' && *in->next != '\\') {
            if ((unsigned char)*in->next++ < 0x20) return 0;
        }
        put(in->scratch, run, (size_t)(in->next - run));
        if (in->next == in->end || *in->next == '"') break;
        if (++in->next == in->end) return 0;
        static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
        char name = *in->next++;
        const char *known = name ? strchr(names, name) : NULL;
        if (known) put(in->scratch, bytes + (known - names), 1);
        else if (name != 'u' || !read_unicode(in)) return 0;
    }
    value->size = in->scratch->size - value->offset;
    return skip_to(in, '"');
}

#endif
