"""The benchmark of kernels on this machine's GPU, with what bench/gpu/prepare.mjs has packed: python3 bench/gpu/run.py

[--sides 64,128,256] [--warm-ups 2] [--repeats 30] [--side-seconds 40] [--seconds 220] [--only "tfjs EXP_CONV,2×2×8"] [--software].
Needs Python 3.9 and nothing else: no root, no network, no Node. Prints the table as it grows and ends after --seconds in any case.
The exit code is 0 where all of it was measured. With --software WebGL and WebGPU are Chromium's own (SwiftShader).
"""

import argparse
import functools
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import urllib.parse

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PREPARED = PROJECT / ".gpu"
GPU = ["--use-angle=vulkan", "--enable-features=Vulkan", "--disable-vulkan-surface", "--ignore-gpu-blocklist"]
SOFTWARE = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--use-webgpu-adapter=swiftshader"]


def unpacked():
    """The folder with Chromium, its libraries and onnxruntime-web, unpacked once from however many parts there are."""
    there = PREPARED / "there"
    if (there / "whole").exists():
        return there
    shutil.rmtree(there, ignore_errors=True)
    for name in ("chromium", "rest"):
        parts = sorted((PREPARED / "packs").glob(f"{name}.*.pack"))
        count = int(parts[0].name.split("-of-")[1].split(".")[0]) if parts else 1
        if len(parts) != count:
            sys.exit(f"{len(parts)} of {count} parts of {name} are in {PREPARED / 'packs'}: bring the others (bench/gpu/prepare.mjs)")
        with tempfile.TemporaryFile() as whole:
            for part in parts:
                whole.write(part.read_bytes())
            whole.seek(0)
            with tarfile.open(fileobj=whole, mode="r:xz") as archive:
                archive.extractall(there / name)
    browser = there / "chromium" / "usr" / "lib" / "chromium"
    for file in (there / "rest" / "chromium").iterdir():
        shutil.move(file, browser / file.name)
    (there / "whole").touch()
    return there


class Page(http.server.SimpleHTTPRequestHandler):
    """The built page, the checkout's weights and onnxruntime-web; prints what the page says."""

    ended = threading.Event()
    code = 1

    def translate_path(self, path):
        path = urllib.parse.unquote(urllib.parse.urlsplit(path).path).lstrip("/")
        root = PROJECT if path.startswith("weights/") else PREPARED / ("there/rest" if path.startswith("onnxruntime/") else "site")
        place = (root / path).resolve()
        return str(place if place.is_relative_to(root.resolve()) else root / "nowhere")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/say":
            print(body, flush=True)
        else:
            Page.code = int(body)
        self.send_response(204)
        self.end_headers()
        if self.path == "/end":
            Page.ended.set()

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", default="sftgan")
    parser.add_argument("--sides", default="64,128,256")
    parser.add_argument("--warm-ups", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=30)
    parser.add_argument("--side-seconds", type=float, default=40, help="after which no further repeat of a side begins")
    parser.add_argument("--seconds", type=float, default=220, help="after which everything ends")
    parser.add_argument("--only", help="names of what to compare, with commas between")
    parser.add_argument("--software", action="store_true")
    given = parser.parse_args()
    there = unpacked()
    settings = {
        "model": given.model,
        "sides": [int(side) for side in given.sides.split(",")],
        "warmUps": given.warm_ups,
        "repeats": given.repeats,
        "seconds": given.side_seconds,
        "assetBase": "/",
    }
    if given.only:
        settings["only"] = given.only.split(",")
    if (there / "rest" / "onnxruntime").exists():
        settings["onnxruntime"] = "/onnxruntime/"
    # .mjs and .wasm as browsers want them, whatever the machine's own table says.
    Page.extensions_map = {**Page.extensions_map, ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/index.html?{urllib.parse.quote(json.dumps(settings))}"
    with tempfile.TemporaryDirectory() as profile, tempfile.TemporaryFile() as log:
        libraries = os.pathsep.join(filter(None, [str(there / "rest" / "lib"), os.environ.get("LD_LIBRARY_PATH")]))
        browser = subprocess.Popen(
            [
                str(there / "chromium" / "usr" / "lib" / "chromium" / "chromium-headless-shell"),
                "--no-sandbox",
                "--enable-unsafe-webgpu",
                "--disable-dev-shm-usage",
                f"--user-data-dir={profile}",
                "--remote-debugging-port=0",
                *(SOFTWARE if given.software else GPU),
                address,
            ],
            env={**os.environ, "LD_LIBRARY_PATH": libraries},
            stdout=log,
            stderr=log,
        )
        watch = threading.Thread(target=functools.partial(ended_with, browser), daemon=True)
        watch.start()
        in_time = Page.ended.wait(given.seconds)
        browser.kill()
        browser.wait()
        if not in_time or Page.code:
            log.seek(0)
            print(f"{'The page failed' if in_time else f'Not done after {given.seconds:.0f} s'}. Chromium said at last:")
            print(log.read().decode(errors="replace")[-3000:])
        sys.exit(Page.code if in_time else 1)


def ended_with(browser):
    """A browser that ends by itself says nothing any more."""
    browser.wait()
    Page.ended.set()


if __name__ == "__main__":
    main()
