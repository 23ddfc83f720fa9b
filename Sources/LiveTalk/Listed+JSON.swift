import Crane

extension Listed {
    /// An answer of JSON, which may be long.
    init(json: [UInt8], on loop: any LoopServices) {
        self.init(json: LongBody.body(json, on: loop))
    }

    /// An answer whose body is JSON.
    init(json body: ResponseBody) {
        var response = Response.json([])
        response.body = body
        self.init(response)
    }
}
