// The report form as somebody types: the panel beside it, the draft behind it, files one by one.
// Nothing is kept in this browser; the page is complete without this file.
"use strict";
(() => {
  const form = document.getElementById("report-form");
  if (!form || !window.htmx) return;
  const by = (id) => document.getElementById(id);
  const panel = by("panel"), saved = by("saved"), files = by("files"), uploads = by("uploads");
  const words = (name) => by("upload-texts").content.querySelector(`[data-text=${name}]`).textContent;
  const limit = Number(form.dataset.limit);
  // Characters from which a text is long.
  const LONG = 500000;

  document.documentElement.classList.add("with-script");
  for (const element of document.querySelectorAll(".scripted")) element.hidden = false;
  // Refusals are answers here: each has its place on the page.
  htmx.config.responseHandling = [{ code: "2..", swap: true }, { code: "...", swap: false }];

  // ---- what is wrong, where it is seen
  const show = (name, on) => { by(`notice-${name}`).hidden = !on; };
  const serverSays = (html) => {
    const place = by("notice-server");
    const found = html && new DOMParser().parseFromString(html, "text/html").querySelector("[data-notice]");
    place.hidden = !found;
    place.replaceChildren(...(found ? [found] : []));
  };
  let signedOut = false, renewing = false, renewed = false, ended = false;

  function refused(status, html) {
    if (status === 401) {
      signedOut = true;
      show("signed-out", true);
    } else {
      serverSays(html);
    }
  }

  // ---- no connection: everything waits for one timer that asks less and less often
  let backoff = 2000, again = 0;
  function lost() {
    show("offline", true);
    clearTimeout(again);
    again = setTimeout(retry, backoff);
    backoff = Math.min(backoff * 2, 30000);
  }
  function found() {
    show("offline", false);
    backoff = 2000;
  }
  function retry() {
    clearTimeout(again);
    look();
    if (sending) send();
    else if (dirty()) save();
    for (const one of queue) if (one.state === "lost") one.state = "waits";
    pump();
  }
  window.addEventListener("online", retry);

  // ---- changes
  let version = 0, savedVersion = 0, lookTimer = 0, saveTimer = 0, lookTook = 0, saveTook = 0;
  const dirty = () => version !== savedVersion && !ended;
  const large = () => by("text").value.length > LONG;
  function changed() {
    version += 1;
    clearTimeout(lookTimer);
    lookTimer = setTimeout(look, Math.min(10000, Math.max(large() ? 1500 : 600, 3 * lookTook)));
    clearTimeout(saveTimer);
    saveTimer = setTimeout(save, Math.min(30000, Math.max(large() ? 6000 : 2500, 5 * saveTook)));
  }
  const ours = (event) => event.target !== files;
  form.addEventListener("input", (event) => ours(event) && changed());
  form.addEventListener("change", (event) => ours(event) && event.target.type !== "textarea" && changed());

  // ---- the panel
  let looking = 0, reading = 0;
  function look() {
    clearTimeout(lookTimer);
    htmx.trigger(panel, "look");
  }
  panel.addEventListener("htmx:beforeRequest", () => {
    looking = performance.now();
    clearTimeout(reading);
    reading = setTimeout(() => { by("reading").hidden = false; }, 900);
  });
  panel.addEventListener("htmx:afterRequest", (event) => {
    const status = event.detail.xhr.status;
    if (status === 0) return;
    lookTook = performance.now() - looking;
    clearTimeout(reading);
    by("reading").hidden = true;
    found();
    if (status !== 200) {
      renewing = false;
      if (sending && status < 500) stopSending();
      return status >= 500 ? lost() : refused(status, event.detail.xhr.responseText);
    }
    if (signedOut) {
      // Somebody signed in again: the token that came with the panel is good.
      signedOut = renewing = false;
      show("signed-out", false);
      if (sending) send();
      else if (dirty()) save();
      pump();
    }
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    panel.addEventListener(name, () => {
      clearTimeout(reading);
      by("reading").hidden = true;
      lost();
    });
  }
  window.addEventListener("focus", () => signedOut && look());
  setInterval(() => signedOut && look(), 10000);

  // ---- the draft: one request at a time, so that revisions follow each other
  const typed = () => {
    const data = new FormData(form);
    data.delete("files");
    return data;
  };
  let line = Promise.resolve();
  function save() {
    clearTimeout(saveTimer);
    line = line.then(saveNow, saveNow);
    return line;
  }
  // Whether what is typed now is on the server.
  async function saveNow() {
    if (ended) return true;
    const now = version, started = performance.now();
    saved.textContent = words("saving");
    let answer, html;
    try {
      answer = await fetch("/report/draft", { method: "POST", body: typed() });
      html = await answer.text();
    } catch {
      saved.textContent = "";
      lost();
      return false;
    }
    saveTook = performance.now() - started;
    if (answer.status >= 500) {
      saved.textContent = "";
      lost();
      return false;
    }
    found();
    if (!answer.ok) {
      saved.textContent = "";
      // A token of an earlier session: the panel brings the present one, and the next try is good.
      if (answer.status === 403 && html.includes("data-renew") && !renewed) {
        signedOut = renewing = renewed = true;
        look();
        return false;
      }
      refused(answer.status, html);
      if (answer.status === 409 && !by("notice-server").querySelector("[data-keep]")) ended = html.includes("/reports/");
      return false;
    }
    const page = new DOMParser().parseFromString(html, "text/html");
    by("form-revision").value = page.getElementById("form-revision").value;
    saved.textContent = page.body.textContent.trim();
    savedVersion = now;
    renewed = false;
    serverSays("");
    // Nothing was typed: there is no draft yet.
    if (by("form-revision").value === "0") return true;
    // Loading the page again, or in another language, goes on with this draft.
    const place = `/report?draft=${form.elements.idempotency.value}`;
    history.replaceState(null, "", place);
    for (const link of document.querySelectorAll(".languages a")) link.href = `${place}&lang=${link.lang}`;
    return true;
  }
  by("notice-server").addEventListener("click", (event) => {
    if (event.target.closest("[data-take]")) {
      // The hub shows the form anew, for whoever is signed in now.
      through = true;
      const wish = document.createElement("input");
      Object.assign(wish, { type: "hidden", name: "do", value: "go-on" });
      form.append(wish);
      form.submit();
      return;
    }
    const keep = event.target.closest("[data-keep]");
    if (!keep) return;
    by("form-revision").value = keep.dataset.keep;
    serverSays("");
    save();
  });
  document.addEventListener("visibilitychange", () => document.hidden && dirty() && save());
  window.addEventListener("beforeunload", (event) => {
    if (dirty() && !through) event.preventDefault();
  });

  // ---- sending: saved first, so that nothing is lost whatever happens to the connection then
  let sending = null, asking = false, through = false;
  form.addEventListener("submit", (event) => {
    if (through) return;
    event.preventDefault();
    const wish = event.submitter ? event.submitter.value : "check";
    if (wish === "check") return look();
    if (wish !== "send") return save();
    if (sending) return;
    sending = event.submitter;
    send();
  });
  async function send() {
    show("waiting", true);
    const waits = queue.filter((one) => one.state !== "failed");
    if (waits.length > 0) return pump();
    if (queue.length > 0) return stopSending("upload");
    if (asking) return;
    asking = true;
    const good = await save();
    asking = false;
    if (!sending) return;
    if (good) {
      through = true;
      form.requestSubmit(sending);
    } else if (by("notice-offline").hidden && !renewing) {
      stopSending();
    }
  }
  function stopSending(why) {
    sending = null;
    show("waiting", false);
    if (why) show(why, true);
  }
  // Back from the report's page: this form may be looked at, and sent again on purpose.
  window.addEventListener("pageshow", () => {
    through = false;
    stopSending();
  });

  // ---- files: each into the draft at once
  const queue = [];
  const fields = () => {
    const data = new FormData();
    for (const name of ["_csrf", "idempotency", "person"]) data.append(name, form.elements[name].value);
    return data;
  };
  const size = (bytes) => bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KiB` : `${Math.ceil(bytes / 1048576)} MiB`;
  function attach(list) {
    show("upload", false);
    for (const file of list) {
      const row = by("upload-row").content.firstElementChild.cloneNode(true);
      const one = { file, row, state: "waits" };
      row.querySelector(".name").textContent = file.name;
      row.querySelector("small").textContent = size(file.size);
      row.querySelector("progress").setAttribute("aria-label", file.name);
      row.querySelector(".cancel").addEventListener("click", () => cancel(one));
      row.querySelector(".retry").addEventListener("click", () => {
        one.state = "waits";
        pump();
      });
      uploads.append(row);
      uploads.hidden = false;
      queue.push(one);
      if (file.size > limit) fail(one, words("large"), false);
    }
    pump();
  }
  function fail(one, why, mayRetry) {
    one.state = "failed";
    one.row.classList.add("failed");
    one.row.querySelector(".state").textContent = why;
    one.row.querySelector("progress").hidden = true;
    one.row.querySelector(".retry").hidden = !mayRetry;
  }
  function done(one) {
    queue.splice(queue.indexOf(one), 1);
    one.row.remove();
    uploads.hidden = queue.length === 0;
    if (queue.length === 0) show("upload", false);
  }
  function cancel(one) {
    if (one.request) one.request.abort();
    done(one);
    pump();
  }
  function pump() {
    if (queue.some((one) => one.state === "goes")) return;
    const one = queue.find((other) => other.state === "waits");
    if (!one) {
      if (sending && queue.length === 0) send();
      return;
    }
    const request = new XMLHttpRequest(), progress = one.row.querySelector("progress");
    one.state = "goes";
    one.request = request;
    one.row.classList.remove("failed");
    one.row.querySelector(".state").textContent = "";
    one.row.querySelector(".retry").hidden = true;
    progress.hidden = false;
    progress.value = 0;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
    });
    request.addEventListener("error", () => {
      fail(one, words("failed"), true);
      one.state = "lost";
      lost();
    });
    request.addEventListener("load", () => {
      found();
      if (request.status === 200) {
        attached(request.responseText);
        done(one);
      } else {
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        const says = page.querySelector("[data-notice]");
        const large = request.status === 413;
        fail(one, large ? words("large") : says ? says.textContent : words("failed"), !large);
        if (sending) stopSending("upload");
        if (request.status === 401) refused(401);
        if (request.status === 403) look();
      }
      pump();
    });
    const data = fields();
    data.append("files", one.file, one.file.name);
    request.open("POST", "/report/files");
    request.send(data);
  }
  function attached(html) {
    by("attached").innerHTML = html;
    look();
  }
  files.addEventListener("change", () => {
    attach(files.files);
    files.value = "";
  });
  by("attached").addEventListener("click", async (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    button.disabled = true;
    try {
      const place = `/report/files/${button.dataset.remove}/remove`;
      const answer = await fetch(place, { method: "POST", body: fields() });
      const html = await answer.text();
      if (answer.ok) attached(html);
      else refused(answer.status, html);
    } catch {
      lost();
    }
    button.disabled = false;
  });
  // Browsers stand still over megabytes in a field: a long paste is taken as a file.
  let pasted = 0;
  by("text").addEventListener("paste", (event) => {
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (text.length < LONG) return;
    event.preventDefault();
    pasted += 1;
    attach([new File([text], `${words("pasted")} ${pasted}`)]);
    show("pasted", true);
    setTimeout(() => show("pasted", false), 15000);
  });
  // A file that misses the form would open in place of the page.
  const drop = by("drop");
  const carries = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  window.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    drop.classList.add("over");
  });
  window.addEventListener("dragleave", (event) => event.relatedTarget || drop.classList.remove("over"));
  window.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    drop.classList.remove("over");
    attach(event.dataTransfer.files);
  });

  // ---- the present moment, in the zone that is chosen
  by("now").addEventListener("click", () => {
    const offset = by("zone").value === "jst" ? 9 * 3600000 : 0;
    by("noticed").value = new Date(Date.now() + offset).toISOString().slice(0, 16);
    changed();
  });
})();
