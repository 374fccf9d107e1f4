"""What doc/web-servers.md tells to add for an issuer with a path, in real web servers.

Needs OIDCOP_PROGRAM (the shell tool), OIDCOP_FCGI (the provider), OIDCOP_SHARE (built snippets), OIDCOP_DATA (share/),
OIDCOP_DOC (doc/).
"""

import json
import os
import pathlib
import re
import unittest

import real_provider
import webservers


class WellKnown(unittest.TestCase):
    def setUp(self):
        self.bench = webservers.Bench()
        self.addCleanup(self.bench.close)
        port = webservers.free_port()
        self.provider = real_provider.RealProvider(self.bench, issuer=f"https://localhost:{port}/op")
        self.provider.port = port
        self.provider.configure({"endpoint": {"provider_info": {}, "jwks": {}, "authorization": {}, "token": {},
                                              "webfinger": {}}})
        self.socket = self.bench.start_program([self.provider.program, "--config", self.provider.config])

    def documented(self, server):
        text = (pathlib.Path(os.environ["OIDCOP_DOC"]) / "web-servers.md").read_text()
        block = re.search(rf"```{server}\n(.*?)```", text, re.S).group(1)
        block = block.replace("/run/oidcop/oidcop.sock", str(self.socket))
        return block.replace("oidcop_params", str(pathlib.Path(os.environ["OIDCOP_SHARE"]) / "nginx/oidcop_params"))

    def snippet(self, name):
        return self.bench.snippet(name, program=self.provider.program, config=self.provider.config, socket=self.socket,
                                  path="/op")

    def assert_is_found(self, server):
        def get(target):
            reply = server.exchange("GET", target)
            self.assertEqual(reply.status, 200, f"{target}: {reply}\n{server.log()[-2000:]}")
            return json.loads(reply.body)
        metadata = get("/op/.well-known/openid-configuration")
        self.assertEqual(metadata["issuer"], self.provider.issuer)
        self.assertEqual(get("/.well-known/oauth-authorization-server/op"), metadata)
        self.assertEqual(get("/.well-known/openid-configuration/op"), metadata)
        found = get("/.well-known/webfinger?resource=acct%3Aalice%40localhost")
        self.assertEqual(found["links"][0]["href"], self.provider.issuer)

    def test_lighttpd(self):
        self.assert_is_found(self.bench.start_lighttpd(
            self.snippet("lighttpd/oidcop-socket.conf") + self.documented("lighttpd"), port=self.provider.port))

    def test_nginx(self):
        self.assert_is_found(self.bench.start_nginx(
            self.snippet("nginx/oidcop.conf") + self.documented("nginx"), port=self.provider.port))

    def test_apache(self):
        self.assert_is_found(self.bench.start_apache(
            self.snippet("apache/oidcop.conf") + self.documented("apache"), port=self.provider.port))


if __name__ == "__main__":
    unittest.main()
