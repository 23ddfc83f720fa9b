import CraneHTTP
import Testing

@testable import Crane

@Suite("The codings that a client takes")
struct AcceptedCodingTests {
    private func best(_ fields: String..., of offered: [ContentCoding] = [.gzip, .deflate]) throws
        -> ContentCoding?
    {
        AcceptedCodings(
            try Call("GET", "/", fields.map { ("accept-encoding", $0) }).request()
        ).best(of: offered)
    }

    @Test("the one with the most weight is chosen, the first offered of several")
    func weights() throws {
        #expect(try best("gzip") == .gzip)
        #expect(try best("gzip, deflate, br, zstd") == .gzip)
        #expect(try best("gzip, deflate, br, zstd", of: [.zstd, .brotli, .gzip]) == .zstd)
        #expect(try best("gzip;q=0.5, deflate;q=0.8") == .deflate)
        #expect(try best("deflate;q=0.500, gzip;q=0.5") == .gzip)
        #expect(try best("br;q=1.0, gzip;q=0.8, *;q=0.1") == .gzip)
        #expect(try best("gzip;q=0.001") == .gzip)
        #expect(try best("*") == .gzip)
        #expect(try best("*;q=0.5, gzip;q=0") == .deflate)
        #expect(try best("deflate", "gzip;q=0.1") == .deflate)
    }

    @Test("names are compared without case, and blanks mean nothing")
    func spelling() throws {
        #expect(try best("GZIP") == .gzip)
        #expect(try best("x-gzip") == .gzip)
        #expect(try best(" ,\t, gzip ;\tq=0.2 ,") == .gzip)
        #expect(try best("gzip;Q=0.2") == .gzip)
    }

    @Test("what is refused, not named, or no coding at all is none")
    func none() throws {
        #expect(try best() == nil)
        #expect(try best("") == nil)
        #expect(try best("identity") == nil)
        #expect(try best("gzip;q=0") == nil)
        #expect(try best("gzip;q=0.000, deflate;q=0.") == nil)
        #expect(try best("*;q=0") == nil)
        #expect(try best("br, zstd") == nil)
        #expect(try best("gzipped, ungzip, gzip2") == nil)
        #expect(try best("gzip gzip") == nil)
        #expect(try best(String(repeating: "a", count: 5000)) == nil)
        #expect(try best("gz\u{FC}ip") == nil)
    }

    @Test("a weight that is none refuses")
    func brokenWeights() throws {
        for weight in ["q=", "q=x", "q=1.1", "q=2", "q=-1", "q=0.1234", "q=.5", "level=3", "q"] {
            #expect(try best("gzip;\(weight)") == nil, "\(weight)")
        }
    }

    @Test("the plain form is sent where it weighs more")
    func identity() throws {
        #expect(try best("gzip;q=0.5, identity;q=0.9") == nil)
        #expect(try best("gzip;q=0.5, identity;q=0.5") == .gzip)
        #expect(try best("gzip, identity;q=0") == .gzip)
    }
}
