// Both pages: schemas, their types in words, their limits, their properties.

// The schema without references, single-choice wrappers and null, and whether null was a choice.
function unwrap(schema) {
    let nullable = false;
    for (let turns = 0; turns < 20; turns++) {
        schema = resolve(schema);
        const { anyOf, oneOf, allOf, ...rest } = schema;
        const choices = anyOf ?? oneOf;
        if (Array.isArray(rest.type)) {
            const types = rest.type.filter((type) => type !== "null");
            nullable ||= types.length < rest.type.length;
            const each = types.map((type) => ({ ...rest, type }));
            schema = each.length > 1 ? { anyOf: each } : { ...schema, type: types[0] ?? "null" };
            return { schema, nullable };
        }
        if (Array.isArray(choices)) {
            const present = choices.filter((choice) => resolve(choice).type !== "null");
            nullable ||= present.length < choices.length;
            if (present.length !== 1) return { schema: { ...rest, anyOf: present }, nullable };
            schema = { ...resolve(present[0]), ...rest };
        } else if (Array.isArray(allOf)) {
            schema = allOf.map((part) => unwrap(part).schema).concat(rest).reduce((whole, part) => ({
                ...whole, ...part,
                ...(whole.properties || part.properties)
                    && { properties: { ...whole.properties, ...part.properties } },
                ...(whole.required || part.required)
                    && { required: [...list(whole.required), ...list(part.required)] },
            }), {});
        } else {
            return { schema, nullable };
        }
    }
    return { schema: {}, nullable };
}

// The name of the schema, or of the one that it wraps.
function ownName(source) {
    const wrapped = list(source?.anyOf ?? source?.oneOf ?? source?.allOf)
        .filter((one) => resolve(one).type !== "null");
    return referenceName(wrapped.length === 1 ? wrapped[0] : source);
}

const isFile = (schema) => schema.format === "binary"
    || schema.contentMediaType === "application/octet-stream";

function typeName(source, depth = 0) {
    const { schema, nullable } = unwrap(source);
    const named = schema.type === "object" || schema.properties ? ownName(source) : "";
    return (named || bareType(schema, depth)) + (nullable ? " or null" : "");
}

function bareType(schema, depth) {
    if (depth > 6) return "any";
    if (schema.anyOf) {
        return [...new Set(schema.anyOf.map((one) => typeName(one, depth + 1)))].join(" or ");
    }
    if (isFile(schema)) return "file";
    if (Array.isArray(schema.prefixItems)) {
        return `tuple of ${schema.prefixItems.map((one) => typeName(one, depth + 1)).join(", ")}`;
    }
    if (schema.type === "array") {
        return `list of ${isObject(schema.items) ? typeName(schema.items, depth + 1) : "any"}`;
    }
    if (schema.type === "object" && isObject(schema.additionalProperties)) {
        return `map of ${typeName(schema.additionalProperties, depth + 1)}`;
    }
    const type = schema.type ?? (schema.properties ? "object" : typeOfValues(schema));
    // A whole number's width says nothing that its bounds do not.
    return schema.format && !/^u?int\d*$/.test(schema.format) ? `${type} (${schema.format})` : type;
}

function typeOfValues(schema) {
    const sample = schema.const ?? list(schema.enum)[0];
    return sample === undefined ? "any" : typeof sample;
}

// The limits and the default, in words.
function limits(source) {
    const { schema } = unwrap(source);
    const words = [];
    const say = (key, phrase) => {
        if (schema[key] !== undefined) words.push(phrase(schema[key]));
    };
    const range = (least, most, unit) => {
        const [low, high] = [schema[least], schema[most]];
        const units = (count) => `${count} ${unit}${count === 1 ? "" : "s"}`;
        if (low !== undefined && high !== undefined) words.push(`${low} to ${units(high)}`);
        else if (low !== undefined) words.push(`at least ${units(low)}`);
        else if (high !== undefined) words.push(`at most ${units(high)}`);
    };
    say("minimum", (value) => `\u2265 ${value}`);
    say("exclusiveMinimum", (value) => `> ${value}`);
    say("maximum", (value) => `\u2264 ${value}`);
    say("exclusiveMaximum", (value) => `< ${value}`);
    say("multipleOf", (value) => `multiple of ${value}`);
    range("minLength", "maxLength", "character");
    say("pattern", (value) => `matches ${value}`);
    range("minItems", "maxItems", "item");
    if (schema.uniqueItems === true) words.push("no item twice");
    if (Array.isArray(schema.enum)) {
        words.push("one of " + schema.enum.map((one) => JSON.stringify(one)).join(", "));
    }
    say("const", (value) => `always ${JSON.stringify(value)}`);
    say("discriminator", (value) => `told apart by ${text(value?.propertyName)}`);
    say("default", (value) => `default ${JSON.stringify(value)}`);
    if (schema.readOnly) words.push("read only");
    if (schema.writeOnly) words.push("write only");
    if (schema.deprecated) words.push("deprecated");
    if (schema.type === "object" && schema.additionalProperties === false) {
        words.push("no other properties");
    }
    return words;
}

// Name, type, limits and description in one block.
function term(name, schema, { required = false, place = "", about } = {}) {
    return h("div", { class: "term" },
        name && h("code", { class: "name" }, name),
        required && h("span", { class: "required" }, "required"),
        place && h("span", { class: "place" }, place),
        h("span", { class: "type" }, typeName(schema)),
        limits(schema).map((words) => h("span", { class: "limit" }, words)),
        prose(about ?? unwrap(schema).schema.description, "prose small"));
}

// What is inside a schema: properties, items, choices. `within` holds the names on the way here.
function inside(source, unfolded, within = []) {
    const { schema } = unwrap(source);
    const name = ownName(source);
    if (name && within.includes(name)) {
        return h("p", { class: "soft small" }, `${name} again, as above`);
    }
    if (within.length > 12) return null;
    const path = [...within, name || "-"];
    const parts = [];
    if (Array.isArray(schema.anyOf)) {
        for (const choice of schema.anyOf) {
            const nested = inside(choice, unfolded, path);
            if (nested) parts.push(folded(typeName(choice), nested, unfolded));
        }
    }
    if (isObject(schema.properties)) {
        parts.push(h("ul", { class: "schema" }, entries(schema.properties).map(([key, value]) => {
            const nested = inside(value, unfolded, path);
            return h("li", {},
                term(key, value, { required: list(schema.required).includes(key) }),
                nested && (unfolded ? nested : folded("properties", nested, false)));
        })));
    }
    const members = [...list(schema.prefixItems), schema.items, schema.additionalProperties];
    for (const member of members.filter(isObject)) {
        const nested = inside(member, unfolded, path);
        if (nested) parts.push(nested);
    }
    return parts.length ? h("div", { class: "inside" }, parts) : null;
}

const folded = (title, content, open) =>
    h("details", { open }, h("summary", {}, title), content);

const isDescribed = (media) => media.schema && Object.keys(resolve(media.schema)).length > 0;
const headersOf = (response) => entries(response.headers).map(([name, header]) =>
    term(name, resolve(header).schema ?? {}, { about: resolve(header).description }));
const schemaOf = (parameter) =>
    parameter.schema ?? entries(parameter.content)[0]?.[1]?.schema ?? {};

// A whole schema: its type, then what is inside.
function schemaView(schema, unfolded) {
    return h("div", { class: "whole" }, term("", schema), inside(schema, unfolded));
}
