import CCurl
import Crane
import CraneHTTP
import CraneSystem
import HTTPTypes

/// One request on its way, and libcurl's handle for it. Loop's thread only, once it is started.
@safe
final class CurlTransfer: @unchecked Sendable {
    let request: ClientRequest
    let configuration: HTTPClientConfiguration
    let curl: UnsafePointer<crane_curl>
    var continuation: UnsafeContinuation<ClientResponse, any Error>?
    /// A cancellation can reach the loop before the start does.
    var isCancelled = false

    // What libcurl's callbacks have brought.
    private var body: [UInt8] = []
    private var headSize = 0
    /// Why a callback has ended the transfer.
    private var tooLarge: HTTPClientError?
    /// Whether the last address that libcurl wanted to connect to was refused.
    private var isRefused = false

    /// libcurl's handle, from `prepare` to `release`.
    private(set) var easy: UnsafeMutableRawPointer?
    var lines: UnsafeMutablePointer<curl_slist>?
    // libcurl writes its error's text here, and has the address while the handle lives.
    let errorText: UnsafeMutablePointer<CChar>

    /// The most bytes of heads: of informational responses, redirects and the response together, with its trailers.
    private static let headBound = 256 << 10

    /// Takes up a request; throws for one that cannot be sent.
    init(
        _ request: ClientRequest, _ configuration: HTTPClientConfiguration, _ library: CurlLibrary
    ) throws(HTTPClientError) {
        self.request = request
        self.configuration = configuration
        unsafe curl = library.functions
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        // libcurl guesses a scheme where there is none, and a C string ends at a NUL.
        let url = request.url.utf8
        guard url.allSatisfy({ $0 > 32 && $0 != 127 }), url.count <= 64 << 10,
            ["http://", "https://"].contains(where: { request.url.prefix($0.count).isSpeltWithoutCase($0) })
        else { throw HTTPClientError(.invalidURL, request.origin, "not a URL of HTTP or HTTPS") }
        guard request.method != .head || request.body == nil else {
            throw HTTPClientError(.invalidRequest, request.origin, "HEAD has no body")
        }
        for name: HTTPField.Name in [.contentLength, .transferEncoding, .connection, .expect, .te, .upgrade]
        where request.headers[name] != nil {
            throw HTTPClientError(
                .invalidRequest, request.origin, "the field \(name.canonicalName) is the client's own")
        }
    }

    deinit {
        release()
        unsafe errorText.deallocate()
    }

    // MARK: Begin

    /// Makes libcurl's handle of the request; false when memory is short.
    func prepare() -> Bool {
        guard let easy = unsafe curl.pointee.easy_init() else { return false }
        unsafe self.easy = easy
        unsafe setBounds(easy)
        unsafe setRequest(easy)
        unsafe setReceivers(easy)
        return true
    }

    /// The pool holds the transfer for as long as libcurl has its address.
    private func setReceivers(_ easy: UnsafeMutableRawPointer) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe crane_curl_set_pointer(curl, easy, CURLOPT_ERRORBUFFER, errorText)
        unsafe crane_curl_set_pointer(curl, easy, CURLOPT_WRITEDATA, context)
        unsafe crane_curl_set_receiver(curl, easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let context = unsafe context, let bytes = unsafe bytes else { return 0 }
            let part = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
            return unsafe CurlTransfer.of(context).receive(part) ? part.count : 0
        }
        unsafe crane_curl_set_pointer(curl, easy, CURLOPT_HEADERDATA, context)
        unsafe crane_curl_set_receiver(curl, easy, CURLOPT_HEADERFUNCTION) { _, size, count, context in
            guard let context = unsafe context else { return 0 }
            return unsafe CurlTransfer.of(context).receiveHead(size * count) ? size * count : 0
        }
        guard configuration.proxy == nil else { return }
        unsafe crane_curl_set_pointer(curl, easy, CURLOPT_OPENSOCKETDATA, context)
        unsafe crane_curl_set_open_socket(curl, easy) { context, purpose, address in
            guard let context = unsafe context, let address = unsafe address else { return CURL_SOCKET_BAD }
            return unsafe CurlTransfer.of(context).openSocket(address)
        }
    }

    private static func of(_ context: UnsafeMutableRawPointer) -> CurlTransfer {
        unsafe Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    }

    // MARK: What libcurl brings

    private func receive(_ part: UnsafeRawBufferPointer) -> Bool {
        guard body.count + part.count <= configuration.maximumResponseSize else {
            tooLarge = HTTPClientError(
                .responseTooLarge, request.origin,
                "the body is longer than \(configuration.maximumResponseSize) bytes")
            return false
        }
        unsafe body.append(contentsOf: part)
        return true
    }

    private func receiveHead(_ size: Int) -> Bool {
        headSize += size
        // What came before a redirect or an informational response is none of the response.
        if headSize <= Self.headBound { return true }
        tooLarge = HTTPClientError(
            .responseTooLarge, request.origin, "the head is longer than \(Self.headBound) bytes")
        return false
    }

    /// Opens a socket for an address that may be connected to (CURLOPT_OPENSOCKETFUNCTION).
    private func openSocket(_ target: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let (family, kind, number) = unsafe (
            target.pointee.family, target.pointee.socktype, target.pointee.protocol
        )
        isRefused = unsafe !(IPAddress(target).map { configuration.addresses.contains($0) } ?? false)
        if isRefused { return CURL_SOCKET_BAD }
        return socket(family, kind | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), number)
    }

    // MARK: End

    /// Ends the transfer with what libcurl says of it.
    func finish(_ code: CURLcode) {
        guard code == CURLE_OK, let easy = unsafe easy else { return end(.failure(error(code))) }
        let url = unsafe crane_curl_text(curl, easy, CURLINFO_EFFECTIVE_URL).map {
            unsafe String(cString: $0)
        }
        let status = unsafe crane_curl_long(curl, easy, CURLINFO_RESPONSE_CODE)
        var response = ClientResponse(
            status: HTTPResponse.Status(code: status), body: body, url: url ?? request.url)
        unsafe takeFields(easy, into: &response.headers)
        end(.success(response))
    }

    private func takeFields(_ easy: UnsafeMutableRawPointer, into fields: inout HTTPFields) {
        var previous: UnsafeMutablePointer<curl_header>?
        // -1: of the last response that redirects have led to.
        while let field = unsafe curl.pointee.easy_nextheader(easy, UInt32(CURLH_HEADER), -1, previous) {
            unsafe previous = field
            if let name = unsafe HTTPField.Name(String(cString: field.pointee.name)) {
                fields.append(HTTPField(name: name, value: unsafe String(cString: field.pointee.value)))
            }
        }
    }

    /// The task is cancelled, or the loop ends.
    func cancel() {
        end(.failure(CancellationError()))
    }

    /// Ends the transfer without libcurl.
    func fail(_ code: HTTPClientError.Code, _ message: String) {
        end(.failure(HTTPClientError(code, request.origin, message)))
    }

    private func end(_ result: Result<ClientResponse, any Error>) {
        let continuation = unsafe continuation
        unsafe self.continuation = nil
        body = []
        unsafe continuation?.resume(with: result)
    }

    /// Gives libcurl's handle back, once it is in no pool.
    func release() {
        guard let easy = unsafe easy else { return }
        unsafe self.easy = nil
        unsafe curl.pointee.easy_cleanup(easy)
        unsafe curl.pointee.slist_free_all(lines)
        unsafe lines = nil
    }

    private func error(_ code: CURLcode) -> HTTPClientError {
        if let tooLarge { return tooLarge }
        if code == CURLE_COULDNT_CONNECT, isRefused {
            return HTTPClientError(
                .addressRefused, request.origin, "the address is none of those that may be connected to")
        }
        let text = unsafe String(cString: errorText)
        let name = unsafe curl.pointee.easy_strerror(code).map { unsafe String(cString: $0) }
        // The URL's own scheme is known: it is one that a redirect leads to, or a response without a head (HTTP/0.9).
        let isGarbage =
            unsafe code == CURLE_UNSUPPORTED_PROTOCOL
            && crane_curl_long(curl, easy, CURLINFO_REDIRECT_COUNT) == 0
        return HTTPClientError(
            isGarbage ? .malformedResponse : HTTPClientError.Code(code), request.origin,
            text.isEmpty ? name ?? "libcurl failed" : text)
    }
}

extension HTTPClientError.Code {
    /// What libcurl's code says (libcurl-errors(3)).
    fileprivate init(_ code: CURLcode) {
        self =
            switch code {
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .invalidURL
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .couldNotResolve
            case CURLE_COULDNT_CONNECT: .couldNotConnect
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
                CURLE_SSL_CIPHER,
                CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_ISSUER_ERROR,
                CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED:
                .tls
            case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE: .connectionLost
            case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2: .malformedResponse
            case CURLE_FILESIZE_EXCEEDED: .responseTooLarge
            case CURLE_TOO_MANY_REDIRECTS: .tooManyRedirects
            default: .failed
            }
    }
}

extension IPAddress {
    /// The address of a socket of IPv4 or IPv6; `nil` for any other.
    fileprivate init?(_ target: UnsafeMutablePointer<curl_sockaddr>) {
        // libcurl has room for any address behind `addr`, whose length it tells.
        let length = Int(unsafe target.pointee.addrlen)
        let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0
        let bytes = unsafe UnsafeRawBufferPointer(start: UnsafeRawPointer(target) + offset, count: length)
        switch unsafe target.pointee.family {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            // RFC 3493, section 3.3: port at offset 2, address behind it.
            self.init(v4: UInt32(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            self.init(
                high: UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                low: UInt64(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)))
        default: return nil
        }
    }
}
