"""A member posts to inbox, a partner to partners, with taxii2-client from PyPI.

    posting_clients.py DISCOVERY MEMBER_KEY PARTNER_KEY READER_KEY
"""
import sys
import time
import uuid

from requests.exceptions import HTTPError
from taxii2client.exceptions import AccessError
from taxii2client.v21 import Collection, Server, Status, as_pages

discovery, member_key, partner_key, reader_key = sys.argv[1:5]


def check(good, what):
    if not good:
        raise SystemExit(f"FAILED: {what}")


def collections(key):
    root = Server(discovery, user="any", password=key).default
    return root, {c.title: c for c in root.collections}


def indicator(value, **more):
    return {"type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid.uuid4()}",
            "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
            "name": "as reported", "pattern": f"[ipv4-addr:value = '{value}']", "pattern_type": "stix",
            "valid_from": "2026-01-01T00:00:00Z", **more}


def refused(call, status):
    try:
        call()
    except AccessError:
        return status is None
    except HTTPError as error:
        return error.response.status_code == status
    return False


# --- what each sees
_, member = collections(member_key)
root, partner = collections(partner_key)
_, reader = collections(reader_key)
check(sorted(member) == ["Context", "Inbox", "Partners", "Signals"], f"member sees {sorted(member)}")
check(sorted(partner) == ["Partners"], f"partner sees {sorted(partner)}")
check(sorted(reader) == ["Context", "Partners", "Signals"], f"reader sees {sorted(reader)}")
check(member["Inbox"].can_write and not member["Inbox"].can_read, "the inbox is for writing")
check(partner["Partners"].can_write and partner["Partners"].can_read, "partners read and write")
check(not reader["Partners"].can_write, "members only read partners")

# --- a report by machine
mine = indicator("45.83.22.109", name="seen at Aozora head office")
status = member["Inbox"].add_objects({"objects": [mine, {"type": "indicator"}]})
check(status.status == "complete" and status.total_count == 2, "status of the report")
check((status.success_count, status.failure_count) == (1, 1), "one object was taken, one not")
again = Status(f"{root.url}status/{status.id}/", user="any", password=member_key)
check(again.success_count == 1, "the status can be asked for later")
check(refused(lambda: Status(f"{root.url}status/{status.id}/", user="any", password=partner_key), 404), "by its member only")
check(refused(lambda: member["Inbox"].get_objects(), None), "nobody reads the inbox")
inbox = Collection(member["Inbox"].url, user="any", password=reader_key)
check(refused(lambda: inbox.refresh(), 404), "a reading key finds no inbox")

# --- it goes out anew with the tick, and nothing of it into partners
for _ in range(100):
    found = [o for o in reader["Signals"].get_objects().get("objects", []) if "45.83.22.109" in o.get("pattern", "")]
    if found:
        break
    time.sleep(0.1)
check(len(found) == 1 and found[0]["id"] != mine["id"] and "Aozora" not in str(found), "released anew")
check("45.83.22.109" not in str(partner["Partners"].get_objects(version="all")), "not among partners' objects")

# --- partners: by value
objects = [indicator(f"198.51.100.{n}", x_partner={"n": n}, labels=["b", "a"]) for n in range(1, 26)]
status = partner["Partners"].add_objects({"objects": objects})
check(status.success_count == 25 and status.failure_count == 0, "all are taken")
pages = list(as_pages(reader["Partners"].get_objects, per_request=4))
check([len(p.get("objects", [])) for p in pages] == [4] * 6 + [1], "pages")
check([o for p in pages for o in p["objects"]] == objects, "objects come back as they were")
manifest = [m for p in as_pages(reader["Partners"].get_manifest, per_request=7) for m in p["objects"]]
check([m["id"] for m in manifest] == [o["id"] for o in objects], "manifest")
newer = dict(objects[0], modified="2026-02-01T00:00:00.000Z", name="newer")
partner["Partners"].add_objects({"objects": [newer]})
check(reader["Partners"].get_object(newer["id"])["objects"] == [newer], "the newest version")
both = reader["Partners"].get_object(newer["id"], version="all")["objects"]
check(both == [objects[0], newer], "all versions")
check(len(reader["Partners"].object_versions(newer["id"])["versions"]) == 2, "versions")
two = reader["Partners"].get_objects(id=f"{objects[3]['id']},{objects[5]['id']}")["objects"]
check(two == [objects[3], objects[5]], "two ids in one filter")
check(refused(lambda: reader["Partners"].delete_object(newer["id"]), 403) or refused(lambda: reader["Partners"].delete_object(newer["id"]), None), "readers do not delete")
partner["Partners"].delete_object(newer["id"], version="2026-02-01T00:00:00.000Z")
check(reader["Partners"].get_object(newer["id"])["objects"] == [objects[0]], "one version is gone")
partner["Partners"].delete_object(newer["id"])
check(refused(lambda: reader["Partners"].get_object(newer["id"]), 404), "the object is gone")
print("all checks passed")
