// The examples of Docs/Guide/Sessions.md.
import Crane
import CraneTesting
import Testing

struct Cart: SchemaRepresentable {
    var items: [String] = []

    static let schema = Object(Cart.init) {
        Field("items", \.items)
    }
}

func cartApp(secret: String = "a secret of thirty-two bytes or more") -> App {
    var app = App(title: "Carts")
    app.middleware = [Sessions(secrets: [secret]), CSRF()]
    app.post("/cart/{item}", Path("item", String.self), SessionInput()) { item, session in
        var cart = session.value("cart", as: Cart.self) ?? Cart()
        cart.items.append(item)
        session.set("cart", to: cart)
        return cart
    }
    app.get("/cart", SessionInput()) { session in session.value("cart", as: Cart.self) ?? Cart() }
    app.delete("/cart", SessionInput()) { session in session.clear() }

    app.get("/order", SessionInput()) { session in
        HTML(
            """
            <form method="post"><input type="hidden" name="csrf_token" value="\(CSRF.token(for: session))">
            <input name="address"><button>Order</button></form>
            """)
    }
    app.post("/order", Form("address", String.self)) { address in
        PlainText("Sent to \(address)")
    }.dependencies(CSRF.formToken)
    return app
}

@Test("sends an order with its token, and none without")
func ordering() async throws {
    let client = TestClient(cartApp())
    let page = try await client.get("/order").text
    let token = page.split(separator: "\"").first { $0.utf8.count == 43 }
    let sent = try await client.post("/order", form: ["address": "Oslo", "csrf_token": String(token ?? "")])
    #expect(sent.text == "Sent to Oslo")
    #expect(try await client.post("/order", form: ["address": "Oslo"]).status == .forbidden)
}
