// Light or dark: as the system says, until the reader says otherwise.

import { h } from "./dom";

const DARK = window.matchMedia("(prefers-color-scheme: dark)");
let chosen: "light" | "dark" | null = null;

/** The switch between light and dark. `onChange` is called when the colours have changed. */
export function themeSwitch(onChange: () => void): HTMLElement {
  const button = h("button", { type: "button", "data-testid": "theme", onclick: () => {
    chosen = current() === "dark" ? "light" : "dark";
    apply();
  } });
  function apply(): void {
    const theme = current();
    document.documentElement.dataset.theme = theme;
    button.textContent = theme === "dark" ? "☀" : "☾";
    button.title = theme === "dark" ? "light colours" : "dark colours";
    button.setAttribute("aria-label", button.title);
    onChange();
  }
  DARK.addEventListener("change", apply);
  apply();
  return button;
}

function current(): "light" | "dark" {
  return chosen ?? (DARK.matches ? "dark" : "light");
}
