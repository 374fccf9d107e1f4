"""A relying party that keeps what it was told: logout tokens that were posted to it, frames that were loaded from it."""

import http.server
import ssl
import threading
import time
import urllib.parse


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        party = self.server.party
        party.posts.append((self.path, dict(urllib.parse.parse_qsl(body, strict_parsing=True))))
        if party.mute.is_set():
            party.closing.wait()
            return
        self._answer(party.status, b"")

    def do_GET(self):
        self.server.party.gets.append(self.path)
        page = self.server.party.pages.get(urllib.parse.urlsplit(self.path).path,
                                           "<!DOCTYPE html><title>Relying party</title><p id='party'>here</p>")
        self._answer(200, page.encode())

    def _answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # the other side may be killed


class ListeningParty:
    """Over TLS with this certificate, at `url`. `mute` is set: posts are heard and never answered. `pages` are documents
    by path."""

    def __init__(self, certificate, key):
        self.posts, self.gets, self.pages, self.status = [], [], {}, 200
        self.mute, self.closing = threading.Event(), threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.party = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}"

    def stop(self):
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


def wait_until(holds, patience=60):
    """\\return whether it came to hold"""
    deadline = time.monotonic() + patience
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
