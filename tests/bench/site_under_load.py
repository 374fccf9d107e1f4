"""What is measured: the provider, a program that does nothing, and both as CGI, behind one lighttpd.

Plain HTTP on loopback, which the provider is told to take for HTTPS (responder.tls_terminated_upstream): TLS is the web
server's, costs the same whoever answers, and would hide the rest.
"""

import base64
import hashlib
import http.client
import json
import os
import pathlib
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "server"))

import provider_test  # noqa: E402  the browser that fills in forms
import webservers  # noqa: E402

REDIRECT = "https://rp.example/cb"
PASSWORD = "wonderland-wonderland"
VERIFIER = provider_test.VERIFIER
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class PlainServer:
    """A web server without TLS, to which everything is sent with the issuer's Host."""

    def __init__(self, port, host, pid):
        self.port, self.host, self.pid = port, host, pid
        self.url = f"https://{host}"

    def exchange(self, method, target, headers=(), body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=webservers.PATIENCE)
        try:
            connection.request(method, target, body, {"Host": self.host, **dict(headers)})
            return webservers.Reply(connection.getresponse())
        finally:
            connection.close()


class Client:
    """A registered client, and the session of somebody who said yes to it."""

    def __init__(self, algorithm, document):
        self.algorithm, self.id, self.secret = algorithm, document["client_id"], document["client_secret"]
        self.browser = self.cookie = self.subject = None


class Site(webservers.Bench):
    """`server` and `cgi_server` are up when this is made; `clients` by algorithm of their ID Tokens."""

    def __init__(self, algorithms):
        super().__init__()
        try:
            self._set_up(algorithms)
        except BaseException:
            self.close()
            raise

    def _set_up(self, algorithms):
        self.port, self.cgi_port = webservers.free_port(), webservers.free_port()
        self.host = f"localhost:{self.port}"
        self.issuer = f"https://{self.host}"
        self.tool = self.install(os.environ["OIDCOP_PROGRAM"], "oidcop")
        self.program = self.install(os.environ["OIDCOP_FCGI"])
        self.hello = self.install(pathlib.Path(os.environ["OIDCOP_BENCH"]) / "hello_responder", "hello_responder")
        self.home = self.folder / "home"
        self.home.mkdir(mode=0o700)
        self.give(self.home)
        self.config = self.home / "oidcop.json"
        self.oidcop("init", "--issuer", self.issuer, "--data-dir", self.data(), "--user", "alice", "--password-stdin",
                    "--name", "Alice Liddell", "--email", "alice@example.org", "--email-verified",
                    input=PASSWORD + "\n")
        fragments = self.home / "oidcop.json.d"
        fragments.mkdir(mode=0o700, exist_ok=True)
        self.give(fragments)
        self.write("home/oidcop.json.d/bench.json", json.dumps({"responder": {"tls_terminated_upstream": True}}), 0o600)
        self.clients = {algorithm: self._register(algorithm) for algorithm in algorithms}
        process = self._start()
        self.server = PlainServer(self.port, self.host, process.pid)
        self.cgi_server = PlainServer(self.cgi_port, self.host, process.pid)
        self.metadata = json.loads(self._get("/.well-known/openid-configuration"))
        for client in self.clients.values():
            self.log_in(client)

    def oidcop(self, *arguments, **named):
        return self.run([self.tool, "--config", self.config, *arguments], **named)

    def _register(self, algorithm):
        metadata = self.write(f"{algorithm}.json", json.dumps({"id_token_signed_response_alg": algorithm}), 0o644)
        return Client(algorithm, json.loads(self.oidcop(
            "--json", "client", "register", "--id", f"rp-{algorithm.lower()}", "--name", "RP", "--redirect-uri",
            REDIRECT, "--grant-type", "authorization_code", "--grant-type", "refresh_token", "--metadata", metadata)))

    def _start(self):
        user = f'server.username = "{self.user.pw_name}"\n' if os.geteuid() == 0 else ""
        config = self.write("lighttpd.conf", f"""
server.modules = ( "mod_alias", "mod_cgi", "mod_setenv", "mod_fastcgi" )
server.port = {self.port}
server.bind = "127.0.0.1"
server.document-root = "{self.data()}"
server.errorlog = "{self.folder}/lighttpd.log"
server.breakagelog = "{self.folder}/lighttpd.log"
server.max-keep-alive-requests = 1000000
{user}
$SERVER["socket"] == "127.0.0.1:{self.port}" {{
    fastcgi.server = (
        "/hello" => (( "bin-path" => "{self.hello}", "socket" => "{self.folder}/hello.sock",
                       "max-procs" => 1, "check-local" => "disable" )),
        "/" => (( "bin-path" => "{self.program} --config {self.config}", "socket" => "{self.folder}/op.sock",
                  "max-procs" => 1, "check-local" => "disable" )) )
}}
$SERVER["socket"] == "127.0.0.1:{self.cgi_port}" {{
    cgi.assign = ( "" => "" )
    setenv.set-environment = ( "OIDCOP_CONFIG" => "{self.config}" )
    $HTTP["url"] =~ "^/hello" {{ alias.url = ( "/hello" => "{self.hello}" ) }}
    else {{ alias.url = ( "/" => "{self.program}/" ) }}
}}
""")
        process = self.spawn(["/usr/sbin/lighttpd", "-D", "-f", config], {}, "lighttpd.log")
        self._up("lighttpd", process, self.port, self.folder / "lighttpd.log")
        return process

    def log(self):
        return "\n".join((self.folder / "lighttpd.log").read_text(errors="replace").splitlines()[-20:])

    def _get(self, target):
        reply = self.server.exchange("GET", target)
        if reply.status != 200:
            raise RuntimeError(f"{target}: {reply}\n{self.log()}")
        return reply.body

    def path_of(self, member):
        return self.metadata[member].removeprefix(self.issuer)

    # --- a person and a client ---

    def authorization_target(self, client, **more):
        return self.path_of("authorization_endpoint") + "?" + urllib.parse.urlencode(
            {"client_id": client.id, "redirect_uri": REDIRECT, "response_type": "code", "scope": "openid email",
             "state": "s", "nonce": "n", "code_challenge": CHALLENGE,
             "code_challenge_method": "S256", **more})

    def _code(self, browser, target):
        """Follows, fills in and agrees until there is a code."""
        reply = browser.exchange("GET", target)
        while not (reply.header("location") or "").startswith(REDIRECT):
            if reply.status == 200 and b"login-submit" in reply.body:
                reply = browser.submit(target, reply, "login-submit", username="alice", password=PASSWORD)
            elif reply.status == 200:
                reply = browser.submit(target, reply, "consent-allow")
            elif reply.status in (302, 303):
                target = urllib.parse.urlsplit(reply.header("location"))._replace(scheme="", netloc="").geturl()
                reply = browser.exchange("GET", target)
            else:
                raise RuntimeError(f"{target}: {reply}\n{self.log()}")
        return urllib.parse.parse_qs(urllib.parse.urlsplit(reply.header("location")).query)["code"][0]

    def _exchange(self, client, code):
        reply = self.server.exchange(
            "POST", self.path_of("token_endpoint"),
            [("Authorization", "Basic " + base64.b64encode(f"{client.id}:{client.secret}".encode()).decode()),
             ("Content-Type", "application/x-www-form-urlencoded")],
            urllib.parse.urlencode({"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT,
                                    "code_verifier": VERIFIER}).encode())
        if reply.status != 200:
            raise RuntimeError(f"token: {reply}\n{self.log()}")
        return json.loads(reply.body)

    def log_in(self, client):
        browser = provider_test.Browser(self.server)
        tokens = self._exchange(client, self._code(browser, self.authorization_target(client)))
        claims = self.server.exchange("GET", self.path_of("userinfo_endpoint"),
                                      [("Authorization", "Bearer " + tokens["access_token"])])
        client.browser = browser
        client.cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        client.subject = json.loads(claims.body)["sub"]

    def refresh_tokens(self, client, count):
        """New ones, each of a grant of its own."""
        target = self.authorization_target(client, scope="openid email offline_access", prompt="consent")
        return [self._exchange(client, self._code(client.browser, target))["refresh_token"] for _ in range(count)]
