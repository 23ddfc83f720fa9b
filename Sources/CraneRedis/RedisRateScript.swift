/// The generic cell rate algorithm as a script of Redis, with the arithmetic of `RateLimiter`: one time is kept of a key.
///
/// It goes by the clock of the Redis. KEYS: the key. ARGV: the microseconds that one request stands for, how many there are, and whether one is
/// taken (1) or looked for (0). The answer: whether there is one, and the microseconds until all are back.
enum RedisRateScript {
    static let text = """
        local now = redis.call('TIME'); now = now[1] * 1000000 + now[2]
        local interval, count, taken = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
        if full - now > interval * count then full = now + interval * count end
        local isAllowed = full + interval - now <= interval * count
        if isAllowed and taken > 0 then
          full = full + interval
          redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
        end
        return {isAllowed and 1 or 0, string.format('%.0f', full - now)}
        """

    /// The text's SHA-1, by which a Redis that has run it knows it (`EVALSHA`).
    static let sha1 = "ad6e09eb4d8a47b1c7f119bcd44c1769aedfcffb"
}
