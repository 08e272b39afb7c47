"""Checks a noroshi outlet with taxii2-client, as a member would use it.

    taxii2_client_check.py DISCOVERY_URL API_KEY ID_WITH_THREE_VERSIONS

The outlet holds one identity, 20 indicators of addresses and three versions of one domain.
"""
import sys

import stix2
from requests.exceptions import HTTPError
from taxii2client.v21 import ApiRoot, Server, as_pages

url, key, versioned = sys.argv[1:]


def check(what, good):
    if not good:
        sys.exit(f"failed: {what}")
    print(f"ok: {what}")


def objects(pages):
    return [o for page in pages for o in page.get("objects", [])]


server = Server(url, user="noroshi", password=key)
check("discovery has a title", server.title == "noroshi")
check("one API root, which is the default", [r.url for r in server.api_roots] == [server.default.url])
root = server.default
check("the root speaks TAXII 2.1", "application/taxii+json;version=2.1" in root.versions)
names = {c.alias: c for c in root.collections}
check("signals, context and partners, readable", sorted(names) == ["context", "partners", "signals"]
      and all(c.can_read and not c.can_write for c in names.values()))

signals = names["signals"]
whole = signals.get_objects()
check("all 22 objects on one page", len(whole["objects"]) == 22 and not whole["more"])
for limit in (1, 5, 7, 22, 100):
    paged = objects(as_pages(signals.get_objects, per_request=limit))
    check(f"pages of {limit}: each object once, in order", paged == whole["objects"])
    entries = objects(as_pages(signals.get_manifest, per_request=limit))
    check(f"manifest pages of {limit}", [e["id"] for e in entries] == [o["id"] for o in paged])

entries = objects(as_pages(signals.get_manifest, per_request=100))
middle = entries[10]["date_added"]
check("added_after", [o["id"] for o in signals.get_objects(added_after=middle)["objects"]]
      == [e["id"] for e in entries[11:]])
check("added_after the end", signals.get_objects(added_after=entries[-1]["date_added"]).get("objects", []) == [])
check("match[type]", len(signals.get_objects(type="identity")["objects"]) == 1)
check("match[type] with two values", len(signals.get_objects(type=["identity", "indicator"])["objects"]) == 22)
wanted = [whole["objects"][3]["id"], whole["objects"][7]["id"]]
check("match[id] with two values", [o["id"] for o in signals.get_objects(id=wanted)["objects"]] == wanted)
check("match[version]=all", len(signals.get_objects(id=versioned, version="all")["objects"]) == 3)
check("object by id", signals.get_object(versioned)["objects"][0]["modified"] == "2026-11-23T03:00:02.000Z")
check("versions", len(signals.object_versions(versioned)["versions"]) == 3)

bundle = stix2.parse({"type": "bundle", "id": "bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
                      "objects": whole["objects"]}, allow_custom=False)
check("stix2 parses every object", len(bundle.objects) == 22)
check("every indicator has a creator on the shelf",
      {o.created_by_ref for o in bundle.objects if o.type == "indicator"}
      <= {o.id for o in bundle.objects if o.type == "identity"})

for wrong in ("wrong", key[:-1]):
    try:
        ApiRoot(root.url, user="noroshi", password=wrong).title
        sys.exit("failed: a wrong key was let in")
    except HTTPError as error:
        check("a wrong key is refused with 401", error.response.status_code == 401)
print("all checks passed")
