import Crane
import Schema

/// A request whose inputs do not fit: 422 with every issue in the order of the inputs.
struct InvalidInput: ResponseError {
    let error: ValidationError

    func response(for request: Request, context: Context) -> Response {
        .json(error.body, status: .unprocessableContent)
    }
}
