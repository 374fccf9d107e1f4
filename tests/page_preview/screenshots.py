#!/usr/bin/python3
"""Takes pictures of the previewed pages with Chromium, served with the very headers that the provider would send.

  page_preview SHARE_DIR OUT_DIR
  screenshots.py OUT_DIR [--only PREFIX] [--language TAG] [--width 375 --width 1280] [--scheme light --scheme dark]

Writes OUT_DIR/shots/<language>-<sample>-<scheme>-<width>.png and prints each name, and what the browser's console said.
"""
import argparse
import http.server
import json
import pathlib
import threading

from selenium import webdriver


class PreviewHandler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        path = pathlib.Path(self.directory) / self.path.split("?")[0].lstrip("/")
        if not path.is_file():
            return self.send_error(404)
        kinds = {".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html; charset=utf-8"}
        headers = [["Content-Type", kinds.get(path.suffix, "application/octet-stream")]]
        if path.suffix == ".html":
            headers = json.loads(path.with_suffix(".json").read_text())["headers"]
        self.send_response(200)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(path.read_bytes())

    def log_message(self, *_):
        pass


def browser():
    options = webdriver.ChromeOptions()
    for switch in ("headless=new", "no-sandbox", "disable-gpu", "no-first-run", "disable-background-networking",
                   "hide-scrollbars", "disable-dev-shm-usage"):
        options.add_argument("--" + switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options)


def take(driver, url, width, scheme, target):
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia",
                           {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    driver.get(url)
    height = max(driver.execute_script("return document.documentElement.scrollHeight"), 667)
    overflow = driver.execute_script("return document.documentElement.scrollWidth > window.innerWidth")
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                           {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
    driver.save_screenshot(str(target))
    print(target.name, "OVERFLOWS" if overflow else "", flush=True)
    for entry in driver.get_log("browser"):
        print("   console:", entry["message"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--language", default="en")
    parser.add_argument("--width", type=int, action="append")
    parser.add_argument("--scheme", action="append", choices=("light", "dark"))
    arguments = parser.parse_args()
    shots = arguments.out / "shots"
    shots.mkdir(exist_ok=True)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *a: PreviewHandler(*a, directory=str(arguments.out)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    driver = browser()
    try:
        for page in sorted((arguments.out / arguments.language).glob(arguments.only + "*.html")):
            for width in arguments.width or (375, 1280):
                for scheme in arguments.scheme or ("light", "dark"):
                    url = f"http://127.0.0.1:{server.server_port}/{arguments.language}/{page.name}"
                    take(driver, url, width, scheme, shots / f"{arguments.language}-{page.stem}-{scheme}-{width}.png")
    finally:
        driver.quit()
        server.shutdown()


if __name__ == "__main__":
    main()
