/// JavaScript of the interactive page: credentials for the document's security schemes.
///
/// They live in the page's memory only, and end with it.
extension DocsPages {
    static let authorisation = #"""
        // Scheme name -> { token } or { username, password }.
        const credentials = new Map();
        const schemes = () => entries(api.components?.securitySchemes).map(([name, one]) => [name, resolve(one)]);
        const required = (one) => list(one.operation.security ?? api.security).filter(isObject);

        // Adds the credentials of the first alternative that is complete.
        function authorise(one, { query, headers, cookies }) {
            const complete = required(one).find((all) => Object.keys(all).every((name) => credentials.has(name)));
            for (const name of Object.keys(complete ?? {})) {
                const scheme = Object.fromEntries(schemes())[name] ?? {};
                const { token, username, password } = credentials.get(name);
                if (scheme.type === "apiKey") {
                    const places = { query, header: headers, cookie: cookies };
                    places[scheme.in]?.push([scheme.name, scheme.in === "cookie" ? encodeURIComponent(token) : token]);
                } else if (username !== undefined) {
                    headers.push(["Authorization", "Basic " + base64(`${username}:${password}`)]);
                } else if (scheme.scheme?.toLowerCase() === "bearer" || scheme.type !== "http") {
                    headers.push(["Authorization", `Bearer ${token}`]);
                } else {
                    headers.push(["Authorization", `${scheme.scheme} ${token}`]);
                }
            }
        }

        function base64(value) {
            return btoa(String.fromCharCode(...new TextEncoder().encode(value)));
        }

        // The dialog with a form for each scheme. The browser closes it on Escape and returns the focus.
        function authorisationDialog() {
            const titleID = nextID();
            const forms = schemes().map(([name, scheme]) => schemeForm(name, scheme));
            const dialog = h("dialog", { "aria-labelledby": titleID },
                h("h2", { id: titleID }, "Authorise"),
                h("p", { class: "soft small" }, "Kept in this page only, until it is closed or reloaded."),
                forms,
                h("p", {}, h("button", { type: "button", onclick: () => dialog.close() }, "Close")));
            dialog.addEventListener("click", (event) => {
                if (event.target === dialog) dialog.close();
            });
            return dialog;
        }

        function schemeForm(name, scheme) {
            const kind = { http: text(scheme.scheme), apiKey: `API key in ${scheme.in}: ${scheme.name}` }[scheme.type]
                ?? text(scheme.type);
            const flows = scheme.type === "oauth2" ? entries(scheme.flows) : [];
            const state = h("p", { class: "small", role: "status" });
            const parts = flows.length
                ? flows.map(([flow, about]) => flowForm(name, flow, about, state))
                : credentialForm(name, scheme, state);
            const forget = h("button", {
                type: "button", class: "quiet", onclick: () => {
                    credentials.delete(name);
                    state.textContent = "Forgotten.";
                    credentialsChanged();
                },
            }, "Forget");
            return h("section", { class: "scheme", "aria-label": name },
                h("h3", {}, name, " ", h("span", { class: "soft" }, kind)), prose(scheme.description, "prose small"),
                parts, h("div", { class: "row" }, state, forget));
        }

        function input(label, type = "text") {
            const id = nextID();
            const control = h("input", {
                id, type, spellcheck: "false", autocapitalize: "off",
                autocomplete: type === "password" ? "new-password" : "off",
            });
            return { control, element: h("div", { class: "field" }, h("label", { for: id }, label), control) };
        }

        function form(fields, action, submit) {
            return h("form", {
                onsubmit: (event) => {
                    event.preventDefault();
                    submit(...fields.map((one) => one.control.value));
                },
            }, fields.map((one) => one.element), h("button", {}, action));
        }

        function keep(name, value, state) {
            credentials.set(name, value);
            state.textContent = "Used from now on.";
            credentialsChanged();
        }

        function credentialForm(name, scheme, state) {
            if (scheme.type === "http" && text(scheme.scheme).toLowerCase() === "basic") {
                return form([input("Username"), input("Password", "password")], "Use",
                    (username, password) => keep(name, { username, password }, state));
            }
            const label = scheme.type === "apiKey" ? text(scheme.name) : "Token";
            return form([input(label, "password")], "Use", (token) => keep(name, { token }, state));
        }

        // OAuth2 (RFC 6749): what each flow asks for, and the token it ends with.
        function flowForm(name, flow, about, state) {
            const [username, password] = [input("Username"), input("Password", "password")];
            const [client, secret] = [input("Client id"), input("Client secret", "password")];
            const scopes = entries(about.scopes).map(([scope, words]) => {
                const box = h("input", { type: "checkbox", value: scope });
                return { box, element: h("label", { class: "check" }, box, h("code", {}, scope), " ", text(words)) };
            });
            const fields = {
                password: [username, password, client, secret], clientCredentials: [client, secret],
                implicit: [client], authorizationCode: [client, secret],
            }[flow] ?? [];
            const ask = async () => {
                state.textContent = "Asking\u2026";
                try {
                    const chosen = scopes.filter((one) => one.box.checked).map((one) => one.box.value).join(" ");
                    const answer = await tokenFor(flow, about, {
                        username: username.control.value, password: password.control.value,
                        client_id: client.control.value, client_secret: secret.control.value, scope: chosen,
                    });
                    keep(name, { token: answer.access_token }, state);
                } catch (error) {
                    state.textContent = error.message;
                }
            };
            return [
                h("p", { class: "soft small" }, `${flow} flow, `, h("code", {}, text(about.tokenUrl ?? about.authorizationUrl))),
                scopes.map((one) => one.element), form(fields, "Get a token", ask),
            ];
        }

        async function tokenFor(flow, about, { username, password, ...rest }) {
            const present = Object.fromEntries(Object.entries(rest).filter(([, value]) => value));
            if (flow === "password") {
                return await askToken(about, { grant_type: "password", username, password, ...present });
            }
            if (flow === "clientCredentials") {
                return await askToken(about, { grant_type: "client_credentials", ...present });
            }
            return await tokenByRedirect(flow, about, present);
        }

        async function askToken(about, fields) {
            const answer = await fetch(new URL(text(about.tokenUrl), serverOf() + "/"), {
                method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(fields),
            });
            const result = await answer.json().catch(() => ({}));
            if (answer.ok && result.access_token) return result;
            const words = result.error_description ?? result.error ?? result.detail ?? "no token in the answer";
            throw new Error(`${answer.status}: ${text(words)}`);
        }

        // Sends the reader to the authorisation server in a window that comes back to /docs/oauth2-redirect,
        // with a state of our own (RFC 6749, section 10.12) and a code challenge (RFC 7636).
        async function tokenByRedirect(flow, about, { client_secret, ...fields }) {
            const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
            const [state, verifier] = [random(), random()];
            const back = new URL(location.pathname.replace(/\/$/, "") + "/oauth2-redirect", location.origin).href;
            const target = new URL(text(about.authorizationUrl), serverOf() + "/");
            if (!/^https?:$/.test(target.protocol)) throw new Error("The authorisation URL is not on the web.");
            const asked = { response_type: flow === "implicit" ? "token" : "code", redirect_uri: back, state, ...fields };
            if (flow !== "implicit") {
                const digest = crypto.subtle && await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
                asked.code_challenge = digest ? base64url(new Uint8Array(digest)) : verifier;
                asked.code_challenge_method = digest ? "S256" : "plain";
            }
            for (const [name, value] of Object.entries(asked)) target.searchParams.set(name, value);
            const popup = open(target.href, "_blank", "popup,width=600,height=700");
            if (!popup) throw new Error("The browser blocked the window of the authorisation server.");
            const answer = await answerOf(popup);
            if (answer.get("state") !== state) throw new Error("The answer carried another state; it is not used.");
            if (answer.has("error")) throw new Error(answer.get("error_description") ?? answer.get("error"));
            if (flow === "implicit") return { access_token: answer.get("access_token") ?? "" };
            return await askToken(about, {
                grant_type: "authorization_code", code: answer.get("code") ?? "", redirect_uri: back,
                client_id: fields.client_id ?? "", ...client_secret && { client_secret }, code_verifier: verifier,
            });
        }

        function base64url(bytes) {
            return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
        }

        // What the redirect page says, heard only from our own origin; closing the window ends the wait.
        function answerOf(popup) {
            return new Promise((resolve, reject) => {
                const end = (action, value) => {
                    removeEventListener("message", hear);
                    clearInterval(watch);
                    action(value);
                };
                const hear = (event) => {
                    if (event.origin !== location.origin || event.data?.kind !== "oauth2-redirect") return;
                    end(resolve, new URLSearchParams(text(event.data.answer)));
                };
                const watch = setInterval(() => {
                    if (popup.closed) end(reject, new Error("The window was closed before an answer came."));
                }, 500);
                addEventListener("message", hear);
            });
        }

        """#

    static let redirectScript = #"""

        // The code comes in the query, a token of the implicit flow in the fragment.
        const answer = location.hash.length > 1 ? location.hash.slice(1) : location.search.slice(1);
        if (window.opener && answer) {
            window.opener.postMessage({ kind: "oauth2-redirect", answer }, location.origin);
            window.close();
        } else {
            document.getElementById("message").textContent =
                "This page takes the answer of an authorisation server; there is nothing to do here.";
        }

        """#
}
