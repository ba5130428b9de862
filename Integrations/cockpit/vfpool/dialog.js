// A change: what is wanted, then vfpool's plan, then the same command without `--dry-run`.
import { button, diff, el, failure, finding, hints, notice, table } from "./dom.js";
import { fields } from "./form.js";
import { CommandFailed, change } from "./host.js";
import { planKey, shellWords } from "./words.js";

/**
 * Asks, shows the plan, and makes the change. Ends when the dialog is closed; true if something was changed.
 * `words`: what the command is, of the values of `form`'s fields. A change without a form is planned at once.
 */
export function changeDialog({ title, about, form = [], words }) {
    return new Promise(resolve => new ChangeDialog(title, about, form, words, resolve).open());
}

class ChangeDialog {
    constructor(title, about, form, words, ended) {
        Object.assign(this, { title, about, words, ended, busy: false, changed: false, command: [] });
        this.form = form.length ? fields(form) : null;
        this.body = el("div", { class: "body" });
        this.foot = el("div", { class: "foot" });
        this.heading = el("h1", { id: "dialog-title", tabindex: "-1" }, title);
        this.dialog = el("dialog", {
            "aria-labelledby": "dialog-title", "aria-modal": "true",
            oncancel: event => { event.preventDefault(); this.close(); },
            onclose: () => { this.dialog.remove(); this.ended(this.changed); },
            onkeydown: event => this.keepFocus(event),
        }, this.heading, this.body, this.foot);
    }

    open() {
        document.body.append(this.dialog);
        this.dialog.showModal();
        if (this.form)
            this.ask();
        else
            this.plan({});
    }

    /** Not while vfpool is at it: that would end it. */
    close() {
        if (!this.busy)
            this.dialog.close();
    }

    /** Tab goes round within the dialog. */
    keepFocus(event) {
        if (event.key !== "Tab")
            return;
        const stops = [...this.dialog.querySelectorAll("button, input, select, a[href], summary, [tabindex='0']")]
            .filter(stop => !stop.disabled && stop.getClientRects().length);
        const edge = event.shiftKey ? stops[0] : stops.at(-1);
        if (stops.length && (document.activeElement === edge || !stops.includes(document.activeElement))) {
            event.preventDefault();
            (event.shiftKey ? stops.at(-1) : stops[0]).focus();
        }
    }

    show(content, ...buttons) {
        this.dialog.setAttribute("aria-busy", String(this.busy));
        // Else a second Escape closes it whatever `cancel` says.
        this.dialog.setAttribute("closedby", this.busy ? "none" : "closerequest");
        this.body.replaceChildren(...content.filter(Boolean));
        this.foot.replaceChildren(...buttons.filter(Boolean));
    }

    wait(text) {
        this.busy = true;
        this.show([el("p", { class: "busy", role: "status" }, text)]);
        this.heading.focus();
    }

    ask(problem) {
        const submit = el("button", { type: "submit", class: "primary", form: "dialog-form" }, "Show plan");
        const form = el("form", {
            id: "dialog-form",
            onsubmit: event => { event.preventDefault(); this.plan(this.form.values()); },
        }, this.form.elements);
        this.show([this.about ? el("p", {}, this.about) : null, problem ? failure(problem) : null, form],
                  submit, button("Cancel", () => this.close(), { kind: "link" }));
        (problem ? submit : form.querySelector("input, select") ?? submit).focus();
    }

    async plan(values) {
        this.command = this.words(values);
        this.wait("vfpool makes the plan…");
        try {
            const answer = await change(this.command, ["--dry-run"]);
            this.busy = false;
            this.showPlan(answer);
        } catch (thrown) {
            this.busy = false;
            this.failed(thrown);
        }
    }

    failed(thrown) {
        const error = errorOf(thrown);
        if (this.form)
            return this.ask(error);
        this.show([failure(error)], button("Close", () => this.close(), { kind: "primary" }));
        this.foot.firstChild.focus();
    }

    showPlan(answer, heed = null) {
        const { plan } = answer;
        const back = this.form ? button("Back", () => this.ask()) : null;
        const cancel = button("Cancel", () => this.close(), { kind: "link" });
        const said = [heed, commandLine(this.command), ...advice(answer)];
        if (!plan.steps.length) {
            this.show([el("p", {}, "Nothing to do."), ...said], button("Close", () => this.close(), { kind: "primary" }), back);
        } else {
            const heavy = plan.steps.some(step => step.cutsLink || (step.effect === "remove" && !step.upkeep));
            this.show([el("p", {}, `Plan: ${plan.add} to add, ${plan.change} to change, ${plan.remove} to remove.`), ...said, ...planOf(plan)],
                      button("Apply", () => this.apply(planKey(plan)), { kind: heavy ? "danger" : "primary" }), back, cancel);
        }
        this.body.scrollTop = 0;
        this.heading.focus();
    }

    /** The plan that was shown, if it is still that: else it is shown anew. */
    async apply(shown) {
        this.wait("vfpool makes the change…");
        try {
            const again = await change(this.command, ["--dry-run"]);
            if (planKey(again.plan) !== shown) {
                this.busy = false;
                return this.showPlan(again, notice("warning", "The host has changed since this plan was made. Nothing was done: this is the plan now."));
            }
            const answer = await change(this.command, ["--yes"]);
            this.changed = true;
            this.busy = false;
            const other = planKey(answer.plan) === shown ? null
                : notice("warning", "The host changed meanwhile: what was done is not the plan that was shown. This is what was done:");
            this.show([notice("done", answer.summary.map(line => el("p", {}, line)), answer.changed ? null : el("p", {}, "Nothing to do.")),
                       ...(other ? [other, ...planOf(answer.plan)] : []),
                       answer.change ? el("p", { class: "aside" }, "In the journal: change ", el("code", {}, answer.change)) : null],
                      button("Close", () => this.close(), { kind: "primary" }));
        } catch (thrown) {
            this.busy = false;
            this.changed = true;
            this.show([failure(errorOf(thrown)), commandLine(this.command)], button("Close", () => this.close(), { kind: "primary" }),
                      this.form ? button("Back", () => this.ask()) : null);
        }
        this.heading.focus();
    }
}

function errorOf(thrown) {
    return thrown instanceof CommandFailed ? thrown.error : { code: null, message: String(thrown), cause: null, hints: [] };
}

function commandLine(words) {
    return el("p", { class: "aside" }, "The same in a shell: ", el("code", {}, shellWords(words)));
}

function advice({ plan, migration }) {
    return [
        ...plan.warnings.map(finding),
        ...(migration?.leftOut ?? []).map(({ guest, error }) => notice("warning", `guest ${guest} is left out: ${error.message} `, el("code", {}, error.code), hints(error.hints))),
        plan.notes.length ? el("ul", { class: "notes" }, plan.notes.map(note => el("li", {}, note))) : null,
    ];
}

const effects = { add: "+ add", change: "~ change", remove: "− remove" };

function planOf(plan) {
    const rows = plan.steps.map(step => [
        step.subject,
        el("span", { class: `effect ${step.effect}` }, effects[step.effect]),
        [step.action, step.cutsLink ? el("strong", { class: "cuts" }, " cuts the guest's link") : null],
        step.detail ?? "",
    ]);
    return [
        table("Steps", ["What", "Effect", "Step", "Detail"], rows, ""),
        ...plan.documents.map(document => el("details", { open: true }, el("summary", {}, document.subject), diff(document.diff))),
    ];
}
