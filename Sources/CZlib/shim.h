#pragma once
#include <zlib.h>

/* deflateInit2 and inflateInit2 are macros, which Swift cannot call. Negative window bits mean no zlib header. */
static inline int crane_deflate_init(z_stream *stream, int level, int window_bits, int memory_level) {
    return deflateInit2(stream, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY);
}

static inline int crane_inflate_init(z_stream *stream, int window_bits) {
    return inflateInit2(stream, -window_bits);
}

/* Compresses everything at once into gzip's format (RFC 1952); the bytes written, 0 for an error or too little room. */
static inline uLong crane_gzip(const Bytef *input, uLong count, Bytef *output, uLong room, int level) {
    z_stream stream = {0};
    /* 16 more than the window's bits: a header and a checksum of gzip's. */
    if (deflateInit2(&stream, level, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (Bytef *)input;
    stream.avail_in = (uInt)count;
    stream.next_out = output;
    stream.avail_out = (uInt)room;
    int result = deflate(&stream, Z_FINISH);
    uLong written = stream.total_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END ? written : 0;
}
