// The interactive page: credentials for the security schemes, which live in the page's memory only and end with it.

// Scheme name -> { token } or { username, password }.
const credentials = new Map();

// Adds the credentials of the first alternative that is complete.
function authorize(one, places) {
    const complete = securityOf(one).map(Object.keys)
        .find((names) => names.length && names.every((name) => credentials.has(name)));
    for (const name of complete ?? []) {
        const scheme = resolve(api.components?.securitySchemes?.[name]);
        const { token, username, password } = credentials.get(name);
        if (scheme.type === "apiKey") {
            const value = scheme.in === "cookie" ? encodeURIComponent(token) : token;
            places[scheme.in]?.push([scheme.name, value]);
        } else {
            const kind = scheme.type === "http" ? text(scheme.scheme).toLowerCase() : "bearer";
            const value = username === undefined ? token
                : base64(new TextEncoder().encode(`${username}:${password}`));
            const known = { basic: "Basic", bearer: "Bearer" };
            places.header.push(["Authorization", `${known[kind] ?? scheme.scheme} ${value}`]);
        }
    }
}

const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const base64url = (bytes) =>
    base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// A form for each scheme. The browser closes the dialog on Escape and gives the focus back.
function authorizationDialog() {
    const titleID = nextID();
    const dialog = h("dialog", {
        "aria-labelledby": titleID,
        onclick: (event) => event.target === dialog && dialog.close(),
    },
    h("h2", { id: titleID }, "Authorize"),
    h("p", { class: "soft small" }, "Kept in this page only, until it is closed or reloaded."),
    schemes().map(([name, scheme]) => schemeForm(name, scheme)),
    h("p", {}, h("button", { type: "button", onclick: () => dialog.close() }, "Close")));
    return dialog;
}

function schemeForm(name, scheme) {
    const flows = entries(scheme.flows);
    const state = h("p", { class: "small", role: "status" });
    const parts = flows.length
        ? flows.map(([flow, about]) => flowForm(name, flow, about, state))
        : credentialForm(name, scheme, state);
    const forget = () => {
        credentials.delete(name);
        state.textContent = "Forgotten.";
        credentialsChanged();
    };
    return h("section", { class: "scheme", "aria-label": name },
        h("h3", {}, name, " ", h("span", { class: "soft" }, schemeKind(scheme))),
        prose(scheme.description, "prose small"), parts,
        h("div", { class: "row" }, state,
            h("button", { type: "button", class: "quiet", onclick: forget }, "Forget")));
}

function input(label, type = "text") {
    const id = nextID();
    const control = h("input", {
        id, type, spellcheck: "false", autocapitalize: "off",
        autocomplete: type === "password" ? "new-password" : "off",
    });
    const element = h("div", { class: "field" }, h("label", { for: id }, label), control);
    return { control, element };
}

function form(fields, action, submit) {
    return h("form", {
        onsubmit: (event) => {
            event.preventDefault();
            submit(...fields.map((each) => each.control.value));
        },
    }, fields.map((each) => each.element), h("button", {}, action));
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

// What each OAuth2 flow (RFC 6749) asks the reader for.
const flowFields = {
    password: ["username", "password", "client_id", "client_secret"],
    clientCredentials: ["client_id", "client_secret"],
    authorizationCode: ["client_id", "client_secret"],
    implicit: ["client_id"],
};

function flowForm(name, flow, about, state) {
    const names = flowFields[flow] ?? [];
    const kind = (name) => /password|secret/.test(name) ? "password" : "text";
    const fields = names.map((name) => input(name, kind(name)));
    const scopes = entries(about.scopes).map(([scope, words]) => h("label", { class: "check" },
        h("input", { type: "checkbox", value: scope }), " ", h("code", {}, scope), " ", text(words)));
    const ask = async (...values) => {
        state.textContent = "Asking\u2026";
        const chosen = scopes.map((each) => each.firstChild).filter((box) => box.checked);
        const entered = [...names.map((each, at) => [each, values[at]]),
            ["scope", chosen.map((box) => box.value).join(" ")]].filter(([, value]) => value);
        try {
            const answer = await tokenFor(flow, about, Object.fromEntries(entered));
            keep(name, { token: text(answer.access_token) }, state);
        } catch (error) {
            state.textContent = error.message;
        }
    };
    const title = h("p", { class: "soft small" }, flowKind(flow, about));
    return [title, scopes, form(fields, "Get a token", ask)];
}

function tokenFor(flow, about, entered) {
    if (flow === "password") return askToken(about, { grant_type: "password", ...entered });
    if (flow !== "clientCredentials") return tokenByRedirect(flow, about, entered);
    return askToken(about, { grant_type: "client_credentials", ...entered });
}

async function askToken(about, fields) {
    const answer = await fetch(new URL(text(about.tokenUrl), serverOf() + "/"), {
        method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(fields),
    });
    const result = await answer.json().catch(() => ({}));
    if (answer.ok && result.access_token) return result;
    const words = result.error_description ?? result.error ?? result.detail ?? "no token came";
    throw new Error(`${answer.status}: ${text(words)}`);
}

// Sends the reader to the authorization server in a window that comes back to /docs/oauth2-redirect,
// with a state of our own (RFC 6749, section 10.12) and a code challenge (RFC 7636).
async function tokenByRedirect(flow, about, { client_secret, ...fields }) {
    const target = new URL(text(about.authorizationUrl), serverOf() + "/");
    if (!/^https?:$/.test(target.protocol)) throw new Error("The authorization URL is not usable.");
    const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
    const [state, verifier] = [random(), random()];
    const redirect_uri = location.origin + location.pathname.replace(/\/$/, "") + "/oauth2-redirect";
    const response_type = flow === "implicit" ? "token" : "code";
    const asked = { response_type, redirect_uri, state, ...fields };
    if (flow !== "implicit") {
        const digest = await crypto.subtle?.digest("SHA-256", new TextEncoder().encode(verifier));
        asked.code_challenge = digest ? base64url(new Uint8Array(digest)) : verifier;
        asked.code_challenge_method = digest ? "S256" : "plain";
    }
    for (const [name, value] of Object.entries(asked)) target.searchParams.set(name, value);
    const popup = open(target.href, "_blank", "popup,width=600,height=700");
    if (!popup) throw new Error("The browser blocked the window of the authorization server.");
    const answer = await answerOf(popup);
    if (answer.state !== state) throw new Error("The answer carried another state; it is not used.");
    if (answer.error) throw new Error(answer.error_description ?? answer.error);
    if (flow === "implicit") return answer;
    return askToken(about, {
        grant_type: "authorization_code", code: answer.code ?? "", redirect_uri,
        client_id: fields.client_id ?? "", code_verifier: verifier,
        ...client_secret && { client_secret },
    });
}

// What the redirect page says, heard only from our own origin; closing the window ends the wait.
function answerOf(popup) {
    return new Promise((resolve, reject) => {
        const end = () => {
            removeEventListener("message", hear);
            clearInterval(watch);
        };
        const hear = ({ origin, data }) => {
            if (origin !== location.origin || data?.kind !== "oauth2-redirect") return;
            end();
            resolve(Object.fromEntries(new URLSearchParams(text(data.answer))));
        };
        const watch = setInterval(() => {
            if (!popup.closed) return;
            end();
            reject(new Error("The window was closed before an answer came."));
        }, 500);
        addEventListener("message", hear);
    });
}
