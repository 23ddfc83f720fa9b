// Both pages begin with this: elements, references and safe text.

const documentURL = new URL(document.documentElement.dataset.openapi, location.href);
let api = {};
let lastID = 0;

const nextID = () => `id-${++lastID}`;
const find = (id) => document.getElementById(id);
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const entries = (value) => isObject(value) ? Object.entries(value) : [];
const list = (value) => Array.isArray(value) ? value : [];
const text = (value) => typeof value === "string" ? value : JSON.stringify(value) ?? "";

// An element. Children that are strings become text, never HTML.
function h(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
        if (value === undefined || value === null || value === false) continue;
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat(9).filter((child) => child || child === 0));
    return element;
}

// What a local reference points at, with what is written beside it (JSON Schema 2020-12, 8.2.3.1).
function resolve(value) {
    for (let hops = 0; isObject(value) && typeof value.$ref === "string"; hops++) {
        if (hops === 20 || !value.$ref.startsWith("#/")) return {};
        let target = api;
        for (const part of value.$ref.slice(2).split("/")) {
            const key = decode(part).replaceAll("~1", "/").replaceAll("~0", "~");
            target = target && Object.hasOwn(Object(target), key) ? target[key] : undefined;
        }
        const { $ref, ...beside } = value;
        value = isObject(target) ? { ...target, ...beside } : {};
    }
    return isObject(value) ? value : {};
}

function decode(part) {
    try { return decodeURIComponent(part); } catch { return part; }
}

const referenceName = (value) =>
    isObject(value) && typeof value.$ref === "string" ? decode(value.$ref.split("/").pop()) : "";

// A link out of the document: only to the web or to a mailbox.
function link(url, ...children) {
    const target = parseURL(text(url));
    if (!/^(https?|mailto):$/.test(target?.protocol)) return h("span", {}, children);
    return h("a", { href: target.href, rel: "noopener noreferrer" }, children);
}

function parseURL(url) {
    try { return new URL(url, documentURL); } catch { return null; }
}

// A small part of Markdown, as elements: paragraphs, headings, lists, code, strong, emphasis, links.
function prose(source, className = "prose") {
    if (typeof source !== "string" || !source.trim()) return null;
    const blocks = [];
    let lines = [], items = null;
    const endText = () => {
        if (lines.length) blocks.push(h("p", {}, inline(lines.join(" "))));
        lines = [];
    };
    const rows = source.replaceAll("\r\n", "\n").split("\n");
    for (let at = 0; at < rows.length; at++) {
        const line = rows[at];
        const heading = /^\s{0,3}#{1,6}\s+(.*)$/.exec(line);
        const item = /^\s*([-*+]|\d+[.)])\s+(.*)$/.exec(line);
        if (/^\s*(```|~~~)/.test(line)) {
            endText();
            items = null;
            const code = [];
            while (++at < rows.length && !/^\s*(```|~~~)/.test(rows[at])) {
                code.push(rows[at]);
            }
            blocks.push(h("pre", { tabindex: "0" }, code.join("\n")));
        } else if (heading) {
            endText();
            items = null;
            blocks.push(h("p", { class: "heading" }, inline(heading[1])));
        } else if (item) {
            endText();
            const kind = /\d/.test(item[1]) ? "ol" : "ul";
            if (items?.localName !== kind) blocks.push(items = h(kind));
            items.append(h("li", {}, inline(item[2])));
        } else if (!line.trim()) {
            endText();
            items = null;
        } else if (items && /^\s/.test(line)) {
            items.lastChild.append(" ", ...inline(line.trim()));
        } else {
            items = null;
            lines.push(line.trim());
        }
    }
    endText();
    return h("div", { class: className }, blocks);
}

function inline(source) {
    const parts = [];
    const marks = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;
    let end = 0;
    for (const mark of source.matchAll(marks)) {
        parts.push(source.slice(end, mark.index));
        if (mark[1]) parts.push(h("code", {}, mark[1]));
        else if (mark[2]) parts.push(h("strong", {}, inline(mark[2])));
        else if (mark[3]) parts.push(h("em", {}, inline(mark[3])));
        else parts.push(link(mark[5], mark[4]));
        end = mark.index + mark[0].length;
    }
    parts.push(source.slice(end));
    return parts.filter(Boolean);
}

// The operations, each once for every tag it has, with the parameters of its path.
function operationsOf(paths) {
    const found = [];
    const methods = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];
    for (const [path, item] of entries(paths)) {
        const shared = resolve(item);
        for (const method of methods) {
            const operation = shared[method];
            if (!isObject(operation)) continue;
            const own = list(operation.parameters).map(resolve);
            const inherited = list(shared.parameters).map(resolve).filter((one) =>
                !own.some((other) => other.name === one.name && other.in === one.in));
            const tags = list(operation.tags).map(text);
            found.push({
                method, path, operation, parameters: [...inherited, ...own],
                tags: tags.length ? tags : ["default"],
                name: text(operation.summary || operation.operationId || `${method} ${path}`),
                anchor: "op-" + encodeURIComponent(operation.operationId ?? `${method}-${path}`),
                servers: operation.servers ?? shared.servers,
            });
        }
    }
    return found;
}

// The tags in the document's order, then in the order of use.
function groupsOf(operations) {
    const groups = new Map();
    for (const about of list(api.tags)) groups.set(text(about?.name), { about, operations: [] });
    for (const operation of operations) {
        operation.tags.forEach((tag, at) => {
            if (!groups.has(tag)) groups.set(tag, { about: {}, operations: [] });
            const anchor = operation.anchor + (at ? `-${at}` : "");
            groups.get(tag).operations.push({ ...operation, anchor });
        });
    }
    return [...groups].filter(([, group]) => group.operations.length);
}
