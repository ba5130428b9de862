// Changes that vfpool made.
import { undo } from "./changes.js";
import { badge, card, el, facts, link, notice, table } from "./dom.js";
import { read } from "./host.js";
import { shellWords } from "./words.js";

const time = text => text === null ? "—" : el("time", { datetime: text }, new Date(text).toLocaleString());

function result(entry) {
    const word = entry.undoneBy ? "undone" : entry.result;
    return badge(word, { done: "active", undone: "inactive", reverted: "warn", partial: "warn" }[word] ?? "fail");
}

/** Whether it can be undone says vfpool: that is only not asked where there is nothing left to undo. */
function undoButton(entry, context) {
    return entry.undoneBy || entry.result === "reverted" || entry.host?.here === false ? ""
        : context.act("Undo", () => undo(entry.id), { key: `undo ${entry.id}`, "aria-label": `Undo change ${entry.id}` });
}

export const changes = {
    read: () => read("log", ["--limit=100"]),

    show({ changes, unreadable, older }, path, context) {
        return [
            el("div", { class: "title" }, el("h1", {}, "Changes"), el("div", { class: "actions" }, context.act("Undo the last change", () => undo(null)))),
            unreadable.length ? notice("warning", `Entries that can't be read: ${unreadable.join(", ")}`) : null,
            card("Journal", table("Changes", ["Change", "Time", "User", "Command", "Result", ""], changes.map(entry => [
                link(entry.id, "log", entry.id), time(entry.time), entry.user, el("code", {}, shellWords(entry.command)), result(entry), undoButton(entry, context),
            ]), context.limits() ? "Changes by root are in root's journal." : "vfpool has changed nothing yet."), older ? el("p", { class: "aside" }, `${older} older ones: vfpool log --limit 0`) : null),
        ];
    },
};

export const change = {
    read: ([id]) => read("log", [], [id]),

    show({ changes }, [id], context) {
        const entry = changes[0];
        return [
            el("nav", { class: "crumbs", "aria-label": "Path" }, el("a", { href: "#/log" }, "Changes"), " › ", el("span", { "aria-current": "page" }, id)),
            el("div", { class: "title" }, el("h1", {}, `Change ${id}`), el("div", { class: "actions" }, undoButton(entry, context))),
            card("Change", facts([
                ["Command", el("code", {}, shellWords(entry.command))], ["Result", result(entry), entry.message ? ` ${entry.message}` : "", entry.error ? [" ", el("code", {}, entry.error)] : ""],
                ["Began", time(entry.time)], ["Ended", time(entry.endTime)], ["User", entry.user],
                entry.undoes && ["Undoes", link(entry.undoes, "log", entry.undoes)], entry.undoneBy && ["Undone by", link(entry.undoneBy, "log", entry.undoneBy)],
                ["Documents", el("code", {}, entry.folder)],
            ])),
            card("Steps", table("Steps", ["Step", "What", "Done", "Progress"], entry.steps.map(step => [String(step.number), step.subject, step.action, step.progress]), "It has no step.")),
        ];
    },
};
