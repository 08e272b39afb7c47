"""Reads a running noroshi hub with taxii2-client and Basic authentication, as a member would.

    member_client.py DISCOVERY_URL API_KEY NUMBER_OF_INDICATORS
"""
import sys

import stix2
from requests.exceptions import HTTPError
from taxii2client.v21 import ApiRoot, Server, as_pages

url, key, count = sys.argv[1], sys.argv[2], int(sys.argv[3])


def check(what, good):
    if not good:
        sys.exit(f"failed: {what}")
    print(f"ok: {what}")


server = Server(url, user="member", password=key)
root = server.default
names = {c.alias: c for c in root.collections}
check("discovery, API root and collections", {"signals", "context"} <= set(names))
signals = names["signals"]
whole = signals.get_objects()["objects"]
indicators = [o for o in whole if o["type"] == "indicator"]
check("every indicator once", len(indicators) == count == len({o["pattern"] for o in indicators}))
for limit in (1, 4, 1000):
    pages = as_pages(signals.get_objects, per_request=limit)
    check(f"pages of {limit}", [o for p in pages for o in p.get("objects", [])] == whole)
entries = [e for p in as_pages(signals.get_manifest, per_request=100) for e in p["objects"]]
check("the manifest lists the same", [e["id"] for e in entries] == [o["id"] for o in whole])
middle = entries[len(entries) // 2]
after = signals.get_objects(added_after=middle["date_added"]).get("objects", [])
check("added_after", [o["id"] for o in after] == [e["id"] for e in entries[len(entries) // 2 + 1:]])
check("match[type]", len(signals.get_objects(type="indicator")["objects"]) == count)
wanted = [indicators[1]["id"], indicators[2]["id"]]
got = signals.get_objects(id=wanted)["objects"]
check("match[id]", sorted(o["id"] for o in got) == sorted(wanted))
bundle = stix2.parse({"type": "bundle", "id": "bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
                      "objects": whole}, allow_custom=False)
hub = {o.id for o in bundle.objects if o.type == "identity"}
check("stix2 reads every object, made by the hub alone",
      len(hub) == 1 and {o.created_by_ref for o in bundle.objects if o.type == "indicator"} == hub)
try:
    ApiRoot(root.url, user="member", password=key[:-1]).title
    sys.exit("failed: a wrong key was let in")
except HTTPError as error:
    check("a wrong key is refused", error.response.status_code == 401)
print("all checks passed")
