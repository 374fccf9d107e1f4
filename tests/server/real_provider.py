"""The real provider with one user, ready to be put behind a web server of a Bench.

Needs OIDCOP_PROGRAM (the shell tool), OIDCOP_FCGI (the responder), OIDCOP_SHARE (built snippets), OIDCOP_DATA (share/).
"""

import json
import os

import webservers

PASSWORD = "wonderland-wonderland"


class RealProvider:
    """`issuer`, at a free port of localhost if nothing else is said; `oidcop()` is the shell tool on its configuration."""

    def __init__(self, bench, issuer=None):
        self.bench = bench
        self.port = webservers.free_port()
        self.issuer = issuer or f"https://localhost:{self.port}"
        self.tool = bench.install(os.environ["OIDCOP_PROGRAM"], "oidcop")
        self.program = bench.install(os.environ["OIDCOP_FCGI"])
        home = bench.folder / "home"
        home.mkdir(mode=0o700)
        bench.give(home)
        self.config = home / "oidcop.json"
        self.oidcop("init", "--issuer", self.issuer, "--data-dir", bench.data(), "--user", "alice",
                    "--password-stdin", "--name", "Alice Liddell", "--email", "alice@example.org", "--email-verified",
                    input=PASSWORD + "\n")

    def oidcop(self, *arguments, **named):
        return self.bench.run([self.tool, "--config", self.config, *arguments], **named)

    def configure(self, settings):
        """Merges these settings into the configuration; before anything is started."""
        fragments = self.config.with_name("oidcop.json.d")
        fragments.mkdir(mode=0o700, exist_ok=True)
        self.bench.give(fragments)
        fragment = fragments / f"{len(list(fragments.iterdir()))}.json"
        fragment.write_text(json.dumps(settings))
        self.bench.give(fragment)

    def let_it_fetch(self):
        """From this machine, with the bench's certificate. Needs OIDCOP_FETCH_MODULE."""
        module = self.bench.install(os.environ["OIDCOP_FETCH_MODULE"], "oidcop-fetch.so")
        self.configure({"httpc_params": {"module_path": str(module), "ca_file": str(self.bench.certificate),
                                         "timeout": 2, "connect_timeout": 2, "allowed_networks": ["127.0.0.0/8"]}})

    def start_lighttpd(self):
        """As lighttpd's own FastCGI program, from the shipped snippet. \\return the server"""
        snippet = self.bench.snippet("lighttpd/oidcop.conf", program=self.program, config=self.config, path="")
        return self.bench.start_lighttpd(snippet, port=self.port)
