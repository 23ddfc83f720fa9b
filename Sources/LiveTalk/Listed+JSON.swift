import Crane

extension Listed {
    /// An answer of JSON, which may be long.
    init(json: [UInt8], on loop: any LoopServices) {
        var response = Response.json(json)
        if json.count > 2 * LongBody.piece {
            response.body = LongBody(json).body(on: loop)
        }
        self.init(response)
    }
}
