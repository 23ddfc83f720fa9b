import CraneHTTP
import CraneSchema
import CraneSystem
import HTTPTypes

/// Gathers the fields and files of a `multipart/form-data` body; within Starlette's bounds.
struct MultipartForm {
    private static let mostFiles = 1000
    /// A field that is no file takes so many bytes.
    private static let fieldLimit = 1 << 20
    /// A file past so many bytes goes to the disk.
    private static let memoryLimit = 1 << 20
    /// So many bytes are written at once.
    private static let pieceLength = 256 << 10

    private let context: Context
    private let body: RequestBody
    /// How many bytes the files of a name may still bring.
    private var room: [Spelling: Int]
    private var parser: MultipartParser
    private var form = FormData()
    private var part: Part?
    private var fieldCount = 0
    private var fileCount = 0
    /// Bytes in memory, of this part and those before it.
    private var heldBytes = 0

    /// The part that is arriving.
    private struct Part {
        let name: String
        /// `nil` for a field.
        let fileName: String?
        let contentType: String?
        /// What is not on the disk yet.
        var bytes: [UInt8] = []
        var file: OpenFile?
        var written = 0
    }

    /// Reads the whole body; throws 400 for one that is malformed or past the bounds, and 413 past the limits
    /// of `plan`.
    static func read(_ request: Request, _ context: Context, _ plan: BodyPlan) async throws -> FormData {
        let type = HeaderParameters(request.headers.first(.contentType) ?? "")
        guard let boundary = type["boundary"] else {
            throw HTTPError(.badRequest, "Missing boundary in multipart.")
        }
        guard (1...200).contains(boundary.utf8.count) else {
            throw FormData.malformed
        }
        var reading = MultipartForm(
            context: context, body: request.body, room: plan.uploadLimits,
            parser: MultipartParser(boundary: boundary))
        var size = 0
        do {
            for try await bytes in request.body {
                size += bytes.count
                guard size <= plan.limit else { throw RequestBodyError.tooLarge }
                for event in try reading.parser.take(bytes) { try await reading.take(event) }
            }
            // No body at all is no form; one that breaks off has lost something.
            if size > 0 { for event in try reading.parser.finish() { try await reading.take(event) } }
        } catch is MultipartParser.Malformed {
            throw FormData.malformed
        }
        return reading.form
    }

    private init(context: Context, body: RequestBody, room: [Spelling: Int], parser: MultipartParser) {
        self.context = context
        self.body = body
        self.room = room
        self.parser = parser
    }

    private mutating func take(_ event: MultipartParser.Event) async throws {
        switch event {
        case .head(let lines): try begin(lines)
        case .data(let bytes): try await append(bytes)
        case .end: try await end()
        }
    }

    private mutating func begin(_ head: [UInt8]) throws {
        guard let text = String(validating: head, as: UTF8.self) else { throw FormData.malformed }
        let lines = text.pieces(at: "\r")
        // The two bytes of a line break stand together only.
        guard lines.enumerated().allSatisfy({ $0 == 0 || $1.begins(with: "\n") }),
            text.pieces(at: "\n").count == lines.count
        else { throw FormData.malformed }
        func field(_ name: String) -> String? {
            for line in lines {
                let line = line.begins(with: "\n") ? line[line.utf8.index(after: line.startIndex)...] : line
                guard let (before, value) = line.halves(at: ":"), before.isSpeltWithoutCase(name) else {
                    continue
                }
                return String(value.withoutBlanks)
            }
            return nil
        }
        let disposition = HeaderParameters(field("content-disposition") ?? "")
        guard let name = disposition["name"] else {
            throw HTTPError(
                .badRequest, "The Content-Disposition header field \"name\" must be provided.")
        }
        part = Part(name: name, fileName: disposition["filename"], contentType: field("content-type"))
        if part?.fileName == nil { fieldCount += 1 } else { fileCount += 1 }
        guard fieldCount <= FormData.mostFields else { throw FormData.tooManyFields }
        guard fileCount <= MultipartForm.mostFiles else {
            throw HTTPError(
                .badRequest, "Too many files. Maximum number of files is \(MultipartForm.mostFiles).")
        }
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) async throws {
        heldBytes += bytes.count
        try body.hold(heldBytes)
        part?.bytes += bytes
        guard let part else { return }
        if part.fileName == nil {
            guard part.bytes.count <= MultipartForm.fieldLimit else {
                throw HTTPError(.badRequest, "Part exceeded maximum size of 1024KB.")
            }
            return
        }
        if let left = room[Spelling(part.name)] {
            guard bytes.count <= left else { throw RequestBodyError.tooLarge }
            room[Spelling(part.name)] = left - bytes.count
        }
        if part.bytes.count
            > (part.file == nil ? MultipartForm.memoryLimit : MultipartForm.pieceLength)
        {
            try await flush()
        }
    }

    /// Writes what has come of a file to the disk.
    private mutating func flush() async throws {
        guard var part else { return }
        let (bytes, offset, known) = (part.bytes, part.written, part.file)
        part.file = try await context.blocking {
            let file = try known ?? OpenFile.temporary()
            try file.write(bytes, at: offset)
            return file
        }
        part.written += bytes.count
        part.bytes = []
        heldBytes -= bytes.count
        self.part = part
    }

    private mutating func end() async throws {
        if part?.file != nil { try await flush() }
        guard let part else { return }
        self.part = nil
        guard let fileName = part.fileName else {
            guard let text = String(validating: part.bytes, as: UTF8.self) else { throw FormData.malformed }
            form.append(part.name, .text(text))
            return
        }
        // What browsers send for an input in which no file has been chosen.
        if fileName.isEmpty, part.bytes.isEmpty, part.file == nil { return }
        let content = part.file.map { FileContent.disk($0) } ?? .memory(part.bytes)
        form.append(
            part.name,
            .file(
                UploadedFile(
                    name: fileName, contentType: part.contentType, size: part.written + part.bytes.count,
                    content: content, context: context)))
    }
}
