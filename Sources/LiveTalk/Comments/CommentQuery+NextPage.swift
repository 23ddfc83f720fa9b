extension CommentQuery {
    /// The reference to the page after this one for the Link field (RFC 8288); `nil` when this one was not full.
    func nextPage(after list: CommentList) -> String? {
        guard list.count == limit, let last = list.lastID else { return nil }
        var target = "/comments/?"
        if let talkID { target += "talk_id=\(talkID)&" }
        if let userIP { target += "user_ip=\(Self.percentEncoded(userIP))&" }
        return "<\(target)limit=\(limit)&after=\(last)>; rel=\"next\""
    }

    /// Everything but RFC 3986's unreserved characters as `%XX` (section 2.3).
    private static func percentEncoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}
