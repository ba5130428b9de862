// Dark or light, as Cockpit's pages are: by the choice in its menu, else by the system's.

const classes = ["pf-theme-dark", "pf-v5-theme-dark", "pf-v6-theme-dark"];
const preference = window.matchMedia("(prefers-color-scheme: dark)");

function update(style) {
    const chosen = style ?? localStorage.getItem("shell:style") ?? "auto";
    const dark = chosen === "dark" || (chosen === "auto" && preference.matches);
    for (const name of classes)
        document.documentElement.classList.toggle(name, dark);
}

export function followTheme() {
    window.addEventListener("storage", event => { if (event.key === "shell:style") update(); });
    // Of the shell, to pages of its own window.
    window.addEventListener("cockpit-style", event => { if (event instanceof CustomEvent) update(event.detail.style); });
    preference.addEventListener("change", () => update());
    update();
}
