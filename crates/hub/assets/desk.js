// Keys of the desk. Everything they do is also a link or a button that Tab reaches.
"use strict";
(() => {
  const help = document.getElementById("keys-help");
  const rows = [...document.querySelectorAll("[data-row]")];
  let here = -1;

  function choose(at) {
    if (rows.length === 0) return;
    rows[here]?.classList.remove("here");
    here = Math.max(0, Math.min(rows.length - 1, at));
    const row = rows[here];
    row.classList.add("here");
    const target = row.querySelector("[data-open]") ?? row;
    target.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  // The element of a key: in the chosen row first, then on the page outside any row.
  function of(key) {
    const own = rows[here]?.querySelector(`[data-key="${key}"]:not([disabled])`);
    if (own) return own;
    return [...document.querySelectorAll(`[data-key="${key}"]:not([disabled])`)].find(
      (e) => !e.closest("[data-row]"),
    );
  }

  function press(key) {
    const element = of(key);
    if (!element) return;
    if (element.localName === "summary") {
      element.parentElement.open = true;
      const first = element.parentElement.querySelector("[data-first], input:not([type=hidden]), select, textarea, button");
      (first ?? element).focus();
      return;
    }
    element.focus();
    element.click();
  }

  function over(open) {
    if (open) help.setAttribute("data-over", "");
    else help.removeAttribute("data-over");
    help.open = open;
    (open ? help.querySelector("summary") : document.querySelector("[data-row].here [data-open]"))?.focus();
  }

  const deeds = {
    j: () => choose(here + 1),
    ArrowDown: () => choose(here + 1),
    k: () => choose(here - 1),
    ArrowUp: () => choose(here - 1),
    o: () => rows[here]?.querySelector("[data-open]")?.click(),
    "/": () => document.querySelector("[data-filter]")?.focus(),
    "?": () => over(!help.hasAttribute("data-over")),
  };
  for (const key of ["a", "h", "q", "r", "t", "u"]) deeds[key] = () => press(key);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && help?.hasAttribute("data-over")) {
      over(false);
      return;
    }
    if (help?.dataset.keys !== "on" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !"jkArrowDownArrowUp".includes(event.key)) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    // Arrows scroll a page without rows, as everywhere.
    if (event.key.startsWith("Arrow") && !document.querySelector(".queue")) return;
    const deed = Object.hasOwn(deeds, event.key) ? deeds[event.key] : undefined;
    if (!deed) return;
    event.preventDefault();
    deed();
  });
  // Where Tab goes is where keys act.
  document.addEventListener("focusin", (event) => {
    const at = rows.indexOf(event.target.closest("[data-row]"));
    if (at >= 0 && at !== here) {
      rows[here]?.classList.remove("here");
      here = at;
      rows[here].classList.add("here");
    }
  });
})();
