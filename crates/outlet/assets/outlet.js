// What the pages do with script: they say what is new, and copy values. They are complete without.
"use strict";
(() => {
  // Copying: a button says what it does, then that it was done.
  const copied = document.querySelector("[data-copied]")?.dataset.copied || "";
  const readyToCopy = (root) => {
    if (!navigator.clipboard) return;
    for (const button of root.querySelectorAll("button.copy")) button.hidden = false;
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return;
    }
    const text = button.firstChild;
    const before = text.data;
    if (before === copied) return;
    text.data = copied;
    button.classList.add("done");
    setTimeout(() => {
      text.data = before;
      button.classList.remove("done");
    }, 1500);
  });
  readyToCopy(document);

  // The feed: the server says that something came, and is asked for what of it this page shows.
  const table = document.querySelector("table[data-fresh]");
  const live = document.getElementById("live");
  const button = document.getElementById("fresh");
  if (!table || !live || !button || !window.EventSource) return;
  const body = table.tBodies[0];
  const MOST = 300;
  let waiting = [];
  let more = false;
  let asking = false;
  let again = false;

  const cursor = (end) => "&after=" + encodeURIComponent(end);
  async function ask() {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      const answer = await fetch(table.dataset.fresh + cursor(table.dataset.end), { headers: { Accept: "text/html" } });
      if (answer.ok) {
        const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("tbody[data-count]");
        if (found && found.dataset.count !== "0") {
          waiting = [...found.rows];
          more = Number(found.dataset.count) > waiting.length;
          button.textContent = found.dataset.label;
          button.hidden = false;
          button.dataset.end = found.dataset.end;
        }
      }
    } catch {
      // The next event asks again.
    }
    asking = false;
    if (again) {
      again = false;
      soon();
    }
  }

  // Thousands of open pages must not ask in the same moment.
  let timer = 0;
  const soon = () => {
    if (!timer) {
      timer = setTimeout(() => {
        timer = 0;
        ask();
      }, 150 + Math.random() * 850);
    }
  };

  // Nothing moves under a reader's eyes: what is new waits for the button.
  button.addEventListener("click", () => {
    if (more) {
      // More than the server gives at once: the whole list anew.
      location.reload();
      return;
    }
    const names = new Set(waiting.map((row) => row.querySelector("a").getAttribute("href")));
    for (const row of [...body.rows]) {
      if (names.has(row.querySelector("a").getAttribute("href"))) row.remove();
    }
    for (const row of waiting) row.classList.add("fresh");
    body.prepend(...waiting);
    readyToCopy(body);
    while (body.rows.length > MOST) body.deleteRow(-1);
    document.getElementById("empty")?.remove();
    table.dataset.end = button.dataset.end;
    waiting = [];
    button.hidden = true;
    const first = body.querySelector("a");
    if (first) first.focus();
  });

  const state = (on) => {
    live.hidden = false;
    live.className = on ? "on" : "off";
    live.textContent = on ? live.dataset.on : live.dataset.off;
  };
  // Begins where this page ends; after a break the browser sends the id of the last event.
  const source = new EventSource("/stream?after=" + encodeURIComponent(table.dataset.end));
  source.onopen = () => state(true);
  source.onerror = () => state(false);
  for (const name of ["create", "update", "revoke"]) source.addEventListener(name, soon);
})();
