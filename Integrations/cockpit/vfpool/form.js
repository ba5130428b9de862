// Fields of a dialog's form, and what stands in them.
import { el } from "./dom.js";

let count = 0;

/**
 * Of each field: `name`, `label`, `kind` (text, select, check, checks), `value`, `options` as [value, words], `help`, `pattern`, `required`,
 * `when`: a function of all values that says whether the field is asked for.
 */
export function fields(list) {
    const made = list.map(field => ({ field, ...input(field) }));
    const values = () => Object.fromEntries(made.map(({ field, value }) => [field.name, value()]));
    const update = () => {
        const now = values();
        for (const { field, element, inputs } of made) {
            const hidden = field.when ? !field.when(now) : false;
            element.hidden = hidden;
            for (const one of inputs)
                one.disabled = hidden;
        }
    };
    for (const { element } of made)
        element.addEventListener("change", update);
    update();
    return {
        elements: made.map(({ element }) => element),
        /** What is not asked for is not there. */
        values: () => {
            const now = values();
            return Object.fromEntries(list.map(({ name, when }) => [name, when && !when(now) ? undefined : now[name]]));
        },
    };
}

function input(field) {
    const id = `field-${++count}`;
    const help = field.help ? el("p", { class: "help", id: `${id}-help` }, field.help) : null;
    const common = { id, name: field.name, "aria-describedby": help ? `${id}-help` : null };
    if (field.kind === "checks") {
        const boxes = field.options.map(([value, words]) => [value, el("input", { type: "checkbox", id: `field-${++count}`, checked: field.value?.includes(value) }), words]);
        const element = el("fieldset", { class: "field", "aria-describedby": common["aria-describedby"] }, el("legend", {}, field.label),
                           boxes.map(([, box, words]) => el("div", { class: "check" }, box, el("label", { for: box.id }, words))), help);
        return { element, inputs: boxes.map(([, box]) => box), value: () => boxes.filter(([, box]) => box.checked).map(([value]) => value) };
    }
    if (field.kind === "check") {
        const box = el("input", { ...common, type: "checkbox", checked: field.value });
        return { element: el("div", { class: "field check" }, box, el("label", { for: id }, field.label), help), inputs: [box], value: () => box.checked };
    }
    const box = field.kind === "select"
        ? el("select", common, field.options.map(([value, words]) => el("option", { value, selected: value === field.value }, words)))
        : el("input", { ...common, type: "text", autocomplete: "off", spellcheck: "false", pattern: field.pattern, required: field.required });
    if (field.kind === "select") {
        // Of an option's value nothing is changed, as an attribute's text would be.
        field.options.forEach(([value], index) => { box.options[index].value = value; });
        box.value = field.value ?? field.options[0]?.[0] ?? "";
    } else {
        box.value = field.value ?? "";
    }
    return { element: el("div", { class: "field" }, el("label", { for: id }, field.label), box, help), inputs: [box], value: () => box.value.trim() };
}
