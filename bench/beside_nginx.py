#!/usr/bin/env python3
"""Full scan of a TAXII collection beside nginx serving the same bytes as static files.

    beside_nginx.py --base-url http://127.0.0.1:8844/taxii2/noroshi/ --key nrsh_... \
        --collection partners [--limit 1000] [--runs 3]

First the collection is read once and each page is written to a file that an nginx of its own (on
loopback, in a folder that vanishes) serves. Then both are read page by page in turn, by the same
client over one kept connection each, so that whatever else the machine does hits both alike.
Prints one line of JSON a run: bytes per second of both, their ratio, and what a page costs at the
start and at the end of the collection. Needs nginx (Debian's package nginx-light) and Python.
"""
import argparse
import http.client
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from urllib.parse import quote, urlsplit

MEDIA = "application/taxii+json;version=2.1"
CONF = """
daemon off; worker_processes 1; pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000;
  client_body_temp_path {dir}/a; proxy_temp_path {dir}/b; fastcgi_temp_path {dir}/c;
  uwsgi_temp_path {dir}/d; scgi_temp_path {dir}/e;
  server {{ listen 127.0.0.1:{port}; root {dir}/pages; default_type application/json; }}
}}
"""


class Client:
    def __init__(self, host, port, headers):
        self.conn, self.headers = http.client.HTTPConnection(host, port, timeout=120), headers

    def get(self, path):
        started = time.perf_counter()
        self.conn.putrequest("GET", path, skip_accept_encoding=True)
        for name, value in self.headers.items():
            self.conn.putheader(name, value)
        self.conn.endheaders()
        answer = self.conn.getresponse()
        body = answer.read()
        seconds = time.perf_counter() - started
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:200]!r}")
        return body, seconds


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--base-url", required=True)
    ap.add_argument("--key", required=True)
    ap.add_argument("--collection", default="partners")
    ap.add_argument("--limit", type=int, help="objects a page; the server's default without")
    ap.add_argument("--runs", type=int, default=3)
    ap.add_argument("--port", type=int, default=18080, help="port for nginx")
    args = ap.parse_args()
    url = urlsplit(args.base_url)
    headers = {"Accept": MEDIA, "Authorization": f"Bearer {args.key}"}
    ours = Client(url.hostname, url.port, headers)
    objects = f"{url.path}collections/{args.collection}/objects/"
    limit = f"limit={args.limit}&" if args.limit else ""
    folder = tempfile.mkdtemp()
    os.mkdir(f"{folder}/pages")
    os.chmod(folder, 0o755)
    paths, cursor, count = [], "", 0
    while True:
        path = f"{objects}?{limit}{cursor}"
        body, _ = ours.get(path)
        paths.append(path)
        with open(f"{folder}/pages/{len(paths) - 1}.json", "wb") as f:
            f.write(body)
        page = json.loads(body)
        count += len(page.get("objects", []))
        if not page.get("more"):
            break
        cursor = f"next={quote(page['next'])}"
    with open(f"{folder}/nginx.conf", "w") as f:
        f.write(CONF.format(dir=folder, port=args.port))
    nginx = subprocess.Popen(["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        static = Client("127.0.0.1", args.port, {})
        for run in range(args.runs):
            mine, theirs, size = [], [], 0
            for number, path in enumerate(paths):
                a, seconds = ours.get(path)
                mine.append(seconds)
                b, seconds = static.get(f"/{number}.json")
                theirs.append(seconds)
                if a != b:
                    raise SystemExit(f"page {number} changed meanwhile")
                size += len(a)
            tenth = max(1, len(mine) // 10)
            # The last page is rarely a whole one.
            first, last = statistics.median(mine[:tenth]), statistics.median(mine[-tenth - 1:-1] or mine)
            print(json.dumps({
                "run": run, "objects": count, "pages": len(paths), "bytes": size,
                "noroshi_mb_s": round(size / 1e6 / sum(mine), 1),
                "nginx_mb_s": round(size / 1e6 / sum(theirs), 1),
                "ratio": round(sum(theirs) / sum(mine), 3),
                "median_page_ratio": round(statistics.median(theirs) / statistics.median(mine), 3),
                "first_tenth_page_ms": round(first * 1e3, 3), "last_tenth_page_ms": round(last * 1e3, 3),
                "objects_s": round(count / sum(mine))}), flush=True)
    finally:
        nginx.terminate()
        nginx.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
