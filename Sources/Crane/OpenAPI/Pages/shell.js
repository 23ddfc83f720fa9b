// Both pages: the frame; reading the document, contents, filter, keys.

// The document and what it lists, or a message in place of the page.
async function readDocument() {
    try {
        const answer = await fetch(documentURL, { headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(`it answered ${answer.status} ${answer.statusText}`);
        api = await answer.json();
        if (!isObject(api)) throw new Error("it is no JSON object");
        return true;
    } catch (error) {
        find("main").replaceChildren(h("p", { role: "alert", class: "problem" },
            `The description at ${documentURL.href} could not be read: ${error.message}`));
        return false;
    } finally {
        find("main").setAttribute("aria-busy", "false");
    }
}

const badge = (method) => h("span", { class: `method ${method}` }, method.toUpperCase());
const lock = () => find("lock").content.cloneNode(true);
const succeeds = (code) => /^[123d]/.test(code);
const status = (code) => h("code", { class: `status s${code[0]}` }, code);

const schemes = () =>
    entries(api.components?.securitySchemes).map(([name, scheme]) => [name, resolve(scheme)]);
const schemeKind = (scheme) => scheme.type === "http" ? `HTTP ${text(scheme.scheme)}`
    : scheme.type === "apiKey" ? `API key in ${scheme.in}: ${scheme.name}` : text(scheme.type);
const flowKind = (flow, about) => `${flow} flow, ${text(about.tokenUrl ?? about.authorizationUrl)}`;
const securityOf = (one) => list(one.operation.security ?? api.security).filter(isObject);
const moreOf = ({ externalDocs }) => externalDocs?.url
    && h("p", {}, link(externalDocs.url, externalDocs.description ?? "More documentation"));

// Title, version, description and the links of the document.
function opening(...more) {
    const info = isObject(api.info) ? api.info : {};
    const { other } = document.documentElement.dataset;
    const links = [
        link(documentURL.href, "OpenAPI document"),
        other && link(new URL(other, location.href).href,
            document.body.className === "reading" ? "Try it out" : "Reference to read"),
        info.termsOfService && link(info.termsOfService, "Terms of service"),
        info.contact?.url && link(info.contact.url, info.contact.name ?? "Contact"),
        info.contact?.email && link(`mailto:${info.contact.email}`, info.contact.email),
        info.license?.name && (info.license.url
            ? link(info.license.url, info.license.name) : h("span", {}, info.license.name)),
    ];
    return h("div", { class: "opening" },
        h("h1", {}, text(info.title ?? "API"), " ",
            info.version && h("span", { class: "version" }, text(info.version))),
        info.summary && h("p", {}, text(info.summary)),
        prose(info.description),
        h("p", { class: "links" }, links),
        moreOf(api),
        more);
}

// The contents at the side, and the filter over contents and page alike.
function listContents(groups, sections) {
    const nav = find("links");
    const items = [];
    for (const [tag, { operations }] of groups) {
        const links = (isOld) => operations.filter((one) => !one.operation.deprecated === !isOld).map((one) => {
            const name = h("span", { class: isOld && "old" }, one.name);
            const item = h("li", {}, h("a", { href: `#${one.anchor}` }, badge(one.method), name));
            items.push([item, one]);
            return item;
        });
        const old = links(true);
        nav.append(h("section", {}, h("h2", {}, tag), h("ul", {}, links(false)), old.length > 0
            && h("details", {}, h("summary", {}, `Deprecated (${old.length})`), h("ul", {}, old))));
    }
    const filter = () => {
        const words = find("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
        let shown = 0;
        for (const [item, one] of items) {
            const about = `${one.method} ${one.path} ${one.name} ${one.tags.join(" ")}`.toLowerCase();
            const matches = words.every((word) => about.includes(word));
            item.hidden = !matches;
            find(one.anchor).hidden = !matches;
            shown += matches ? 1 : 0;
        }
        for (const part of [...nav.querySelectorAll("section, details"), ...sections]) {
            part.hidden = !part.querySelector("li:not([hidden]), .operation:not([hidden])");
            if (part.localName === "details") part.open = words.length > 0;
        }
        find("found").textContent = words.length ? `${shown} of ${items.length} operations` : "";
    };
    find("filter").addEventListener("input", filter);
    nav.addEventListener("click", (event) => {
        if (event.target.closest("a")) showContents(false);
    });
}

function showContents(shown) {
    find("menu").setAttribute("aria-expanded", String(shown));
    document.body.classList.toggle("contents", shown);
}

find("menu").addEventListener("click", () => {
    showContents(find("menu").getAttribute("aria-expanded") !== "true");
});

// "/" goes to the filter, Enter to what it found; Escape empties it, then closes the contents.
document.addEventListener("keydown", (event) => {
    const filter = find("filter");
    const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        showContents(true);
        filter.focus();
        filter.select();
    } else if (event.key === "Escape" && event.target === filter && filter.value) {
        event.preventDefault();
        filter.value = "";
        filter.dispatchEvent(new Event("input"));
    } else if (event.key === "Enter" && event.target === filter) {
        find("links").querySelector("li:not([hidden]) a")?.click();
    } else if (event.key === "Escape" && document.body.classList.contains("contents")) {
        showContents(false);
        if (find("nav").contains(event.target)) find("menu").focus();
    }
});

// Where requests go: the operation's own server, else the document's, else where the application is.
function serverOf(one) {
    const chosen = find("server")?.value;
    const root = document.documentElement.dataset.root;
    const server = list(one?.servers)[0] ?? list(api.servers)[Number(chosen ?? 0)] ?? { url: root };
    const url = text(server.url ?? root).replace(/\{([^}]+)\}/g, (whole, name) =>
        text(server.variables?.[name]?.default ?? whole));
    return (parseURL(url)?.href ?? location.origin).replace(/\/+$/, "");
}

// A word for the shell: in single quotes, which end for each quote inside.
const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`;

function copyButton(source) {
    return h("button", {
        type: "button", class: "quiet", onclick: async (event) => {
            const button = event.currentTarget;
            try {
                await navigator.clipboard.writeText(source());
                button.textContent = "Copied";
            } catch {
                button.textContent = "Not allowed here";
            }
            setTimeout(() => { button.textContent = "Copy"; }, 2000);
        },
    }, "Copy");
}
