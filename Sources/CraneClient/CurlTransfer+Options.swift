import CCurl
import Crane
import HTTPTypes

// What libcurl is told of a request (curl_easy_setopt(3)).
extension CurlTransfer {
    func setBounds(_ easy: UnsafeMutableRawPointer) {
        // Signals are the program's (CURLOPT_NOSIGNAL).
        unsafe crane_curl_set_long(curl, easy, CURLOPT_NOSIGNAL, 1)
        // Ending a transfer would wait for the resolver's thread otherwise (Curl_resolver_kill).
        unsafe crane_curl_set_long(curl, easy, CURLOPT_QUICK_EXIT, 1)
        let timeout = request.timeout ?? configuration.timeout
        unsafe crane_curl_set_long(curl, easy, CURLOPT_TIMEOUT_MS, timeout.curlMilliseconds)
        unsafe crane_curl_set_long(
            curl, easy, CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.curlMilliseconds)
        if request.method != .head {
            unsafe crane_curl_set_size(
                curl, easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(configuration.maximumResponseSize))
        }
        unsafe crane_curl_set_text(curl, easy, CURLOPT_PROTOCOLS_STR, "http,https")
        let isSecure = request.url.utf8.dropFirst(4).first.map { $0 | 0x20 } == UInt8(ascii: "s")
        unsafe crane_curl_set_text(curl, easy, CURLOPT_REDIR_PROTOCOLS_STR, isSecure ? "https" : "http,https")
        unsafe crane_curl_set_long(
            curl, easy, CURLOPT_FOLLOWLOCATION, configuration.maximumRedirects > 0 ? 1 : 0)
        unsafe crane_curl_set_long(curl, easy, CURLOPT_MAXREDIRS, configuration.maximumRedirects)
        unsafe crane_curl_set_long(curl, easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        // Empty ones turn the environment's off.
        unsafe crane_curl_set_text(curl, easy, CURLOPT_PROXY, configuration.proxy ?? "")
        unsafe crane_curl_set_text(curl, easy, CURLOPT_NOPROXY, "")
        if let file = configuration.certificateAuthorities {
            unsafe crane_curl_set_text(curl, easy, CURLOPT_CAINFO, file)
            unsafe crane_curl_set_pointer(curl, easy, CURLOPT_CAPATH, nil)
        }
    }

    func setRequest(_ easy: UnsafeMutableRawPointer) {
        unsafe crane_curl_set_text(curl, easy, CURLOPT_URL, request.url)
        // All that this libcurl can take apart.
        unsafe crane_curl_set_text(curl, easy, CURLOPT_ACCEPT_ENCODING, "")
        unsafe crane_curl_set_text(curl, easy, CURLOPT_USERAGENT, configuration.userAgent.fieldValue)
        if let bytes = request.body?.bytes ?? (request.method == .post ? [] : nil) {
            unsafe crane_curl_set_size(curl, easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
            // libcurl copies so many bytes.
            unsafe bytes.withUnsafeBytes { bytes in
                _ = unsafe crane_curl_set_pointer(
                    curl, easy, CURLOPT_COPYPOSTFIELDS,
                    UnsafeMutableRawPointer(mutating: bytes.baseAddress ?? UnsafeRawPointer(errorText)))
            }
            if request.method != .post {
                unsafe crane_curl_set_text(curl, easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
            }
        } else if request.method == .head {
            unsafe crane_curl_set_long(curl, easy, CURLOPT_NOBODY, 1)
        } else if request.method != .get {
            unsafe crane_curl_set_text(curl, easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        unsafe setFields(easy)
    }

    private func setFields(_ easy: UnsafeMutableRawPointer) {
        for field in request.headers {
            // An empty value is spelled with a semicolon (CURLOPT_HTTPHEADER).
            add(
                field.value.isEmpty ? "\(field.name.rawName);" : "\(field.name.rawName): \(field.value)")
        }
        if request.headers[.contentType] == nil {
            // Without a value libcurl leaves its own out.
            add("Content-Type:" + (request.body?.contentType.map { " " + $0.fieldValue } ?? ""))
        }
        add("Expect:")
        unsafe crane_curl_set_pointer(curl, easy, CURLOPT_HTTPHEADER, lines)
    }

    private func add(_ line: String) {
        // The list stays what it was when memory is short.
        unsafe lines = curl.pointee.slist_append(lines, line) ?? lines
    }
}

extension String {
    /// The text as a field may have it, without what would end its line.
    fileprivate var fieldValue: String { HTTPField(name: .userAgent, value: self).value }
}

extension Duration {
    /// Milliseconds as libcurl takes them: at least one, as none means its own default.
    fileprivate var curlMilliseconds: Int {
        let parts = components
        let seconds = min(max(0, parts.seconds), Int64(Int32.max) / 1000)
        return max(1, Int(seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000))
    }
}
