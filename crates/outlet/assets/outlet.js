// Adds new releases to the top of the feed. The page is complete without this.
"use strict";
(() => {
  const body = document.getElementById("feed");
  const live = document.getElementById("live");
  const labels = document.getElementById("labels");
  if (!body || !live || !labels || !window.EventSource) return;
  const SHOWN = 50;
  const TLP = {
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": ["TLP:CLEAR", "clear"],
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": ["TLP:GREEN", "green"],
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": ["TLP:AMBER", "amber"],
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": ["TLP:AMBER+STRICT", "amber"],
  };
  const HASHES = { "MD5": "md5", "SHA-1": "sha1", "SHA-224": "sha224", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512" };
  const PATHS = {
    "ipv4-addr:value": "ipv4", "ipv6-addr:value": "ipv6", "url:value": "url",
    "email-addr:value": "email", "file:name": "file-name", "mutex:name": "mutex",
    "windows-registry-key:key": "registry-key",
  };

  // Kind and value of the first comparison in a pattern; rough, but only for showing.
  function shown(object) {
    if (object.type === "vulnerability") return ["cve", object.name || object.id];
    if (object.type !== "indicator") return ["context", object.name || object.id];
    if (object.pattern_type !== "stix") return [object.pattern_type, object.name || object.id];
    const found = /\[\s*([^=\s]+)\s*(?:=|ISSUBSET)\s*'((?:[^'\\]|\\.)*)'/.exec(object.pattern || "");
    if (!found) return ["", object.name || object.id];
    const value = found[2].replace(/\\(.)/g, "$1");
    const hash = /hashes\.'?([A-Z0-9-]+)'?$/.exec(found[1]);
    if (hash) return [HASHES[hash[1]] || "", value];
    if (found[1] === "domain-name:value") return [value.split(".").length > 2 ? "host" : "domain", value];
    return [PATHS[found[1]] || "", value];
  }

  function defang(kind, value) {
    switch (kind) {
      case "ipv4": case "domain": case "host": return value.replaceAll(".", "[.]");
      case "ipv6": return value.replace(":", "[:]");
      case "email": return value.replace("@", "[@]").replaceAll(".", "[.]");
      case "url": return value.replace("http", "hxxp").replace("ftp", "fxp").replaceAll(".", "[.]");
      default: return value;
    }
  }

  function cell(row, text, className) {
    const td = row.insertCell();
    if (className) td.className = className;
    td.textContent = text;
    return td;
  }

  function add(event) {
    let object;
    try { object = JSON.parse(event.data); } catch { return; }
    if (object.type === "identity" || object.type === "marking-definition") return;
    const [kind, value] = shown(object);
    const row = document.createElement("tr");
    row.className = event.type + " fresh";
    const first = cell(row, labels.getAttribute("data-kind-" + kind) || labels.getAttribute("data-" + kind) || object.type);
    if (event.type !== "create") {
      const mark = document.createElement("span");
      mark.className = "action";
      mark.textContent = labels.getAttribute("data-" + event.type) || event.type;
      first.append(" ", mark);
    }
    cell(row, defang(kind, value), "value");
    const marking = (object.object_marking_refs || []).map((id) => TLP[id]).find(Boolean) || ["TLP:AMBER", "amber"];
    const tlp = document.createElement("span");
    tlp.className = "tlp " + marking[1];
    tlp.textContent = marking[0];
    cell(row, "").append(tlp);
    const time = document.createElement("time");
    time.dateTime = object.modified || object.created || "";
    time.textContent = time.dateTime.slice(0, 19).replace("T", " ") + " UTC";
    cell(row, "").append(time);
    body.prepend(row);
    while (body.rows.length > SHOWN) body.deleteRow(-1);
    const empty = document.getElementById("empty");
    if (empty) empty.remove();
  }

  function state(on) {
    live.hidden = false;
    live.className = on ? "on" : "off";
    live.textContent = on ? live.dataset.on : live.dataset.off;
  }

  const source = new EventSource("/stream");
  source.onopen = () => state(true);
  source.onerror = () => state(false);
  for (const name of ["create", "update", "revoke"]) source.addEventListener(name, add);
})();
