// What every page of the hub does with script. Every page is complete without it.
"use strict";
(() => {
  // A second click while the first is on its way sends nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent === "yes") {
      event.preventDefault();
      return;
    }
    if (form.method === "post" && !event.defaultPrevented) form.dataset.sent = "yes";
  });
  // Back in the browser's history: the form may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
})();
