"""HTTP exchanges as data: what is sent, and what must come back under every web server.

Each row is sent octet by octet to a web server; the answer must be the one that the responder gives when the same
request is put to it directly (exchange_test.py). `status` and `arrives` say what is right, so that the responder is
checked too. `unlike` lists what a server cannot but do otherwise, and why. A row that is `malformed` never gets past a
web server; each of its statuses is as good as the other.
"""

import dataclasses

FORM = ("Content-Type", "application/x-www-form-urlencoded")
MEGABYTE = 1 << 20
# What browsers send. Nothing is compressed on the way: pages hold secrets beside what others can choose, by which its
# length would tell about them; and a server that compresses marks the ETag, which then is never the same again.
COMPRESSED = ("Accept-Encoding", "gzip, deflate, br")

# Families of servers, as `unlike` names them; beside these the names of setups.
APACHE, NGINX, LIGHTTPD = "apache", "nginx", "lighttpd"
APACHE_FILES = "apache-files"  # mod_cgid and mod_fcgid, which look for a file first


@dataclasses.dataclass(frozen=True)
class Refuses:
    """The server answers by itself."""

    status: int
    why: str


@dataclasses.dataclass(frozen=True)
class Rewrites:
    """The server hands on another request: the answer is that to the row with these changes."""

    why: str
    changes: dict


@dataclasses.dataclass(frozen=True)
class Exchange:
    """One request. `target` is below the issuer's path, `at`."""

    name: str
    method: str = "GET"
    target: str = "/x"
    headers: tuple = ()
    body: bytes | None = None      # sent with its length
    chunks: tuple | None = None    # sent chunked instead
    malformed: bytes | None = None  # sent as it is, {at} replaced
    version: str = "HTTP/1.1"
    host: str = "op.example"
    status: int | tuple = 200
    arrives: dict = dataclasses.field(default_factory=dict)  # what the echo responder says; a path gets `at` before it
    holds: bytes = b""             # what the body must hold
    unlike: dict = dataclasses.field(default_factory=dict)   # family or setup -> Refuses or Rewrites
    varies: bool = False           # has random values, which are masked before comparing

    def octets(self, at):
        """As a client sends it."""
        if self.malformed is not None:
            return self.malformed.replace(b"{at}", at.encode())
        head = [f"{self.method} {at}{self.target} {self.version}", f"Host: {self.host}"]
        head += [f"{name}: {value}" for name, value in self.headers]
        body = self.body or b""
        if self.body is not None:
            head.append(f"Content-Length: {len(self.body)}")
        if self.chunks is not None:
            head.append("Transfer-Encoding: chunked")
            body = b"".join(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n" for chunk in self.chunks) + b"0\r\n\r\n"
        return "\r\n".join(head).encode("latin-1") + b"\r\nConnection: close\r\n\r\n" + body

    def parameters(self, at):
        """As RFC 3875 makes parameters of it: pairs, a header that was sent twice stands there twice."""
        body = self.whole_body()
        pairs = [("GATEWAY_INTERFACE", "CGI/1.1"), ("REQUEST_METHOD", self.method), ("REQUEST_URI", at + self.target),
                 ("QUERY_STRING", self.target.partition("?")[2]), ("HTTPS", "on"), ("REMOTE_ADDR", "127.0.0.1"),
                 ("SERVER_PROTOCOL", self.version), ("CONTENT_LENGTH", str(len(body)) if body else ""),
                 ("HTTP_HOST", self.host)]
        for name, value in self.headers:
            folded = name.upper().replace("-", "_").replace(".", "_")
            pairs.append((folded if folded == "CONTENT_TYPE" else "HTTP_" + folded, value.strip()))
        return pairs

    def whole_body(self):
        return b"".join(self.chunks) if self.chunks is not None else self.body or b""


def malformed(name, head, status=(400,), body=b"", closing="Connection: close\r\n", host="Host: op.example\r\n",
              unlike=None):
    """A row of octets that are no proper HTTP."""
    return Exchange(name, head.split(" ", 1)[0], status=status, unlike=unlike or {},
                    malformed=f"{head}\r\n{host}{closing}\r\n".encode("latin-1") + body)


def methods():
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "REPORT"):
        yield Exchange(f"method {method}", method, arrives={"method": method})
    yield Exchange("method HEAD", "HEAD")
    yield Exchange("method M-SEARCH, unknown to most", "M-SEARCH", arrives={"method": "M-SEARCH"},
                   unlike={LIGHTTPD: Refuses(501, "has a list of methods")})
    yield Exchange("method TRACE", "TRACE",
                   unlike={NGINX: Refuses(405, "never does TRACE"), APACHE_FILES: Refuses(200, "TraceEnable is on")})
    yield malformed("method in small letters", "get {at}/x HTTP/1.1", status=(400, 501))
    yield Exchange("version 1.0", version="HTTP/1.0")


def queries():
    refused = {"a=%00", "a=%0d%0aSet-Cookie:x"}
    for query in ("a", "a=", "=b", "a=b", "a=1&a=2&a=3", "&&", "a=b=c", "a;b", "a=%20", "a=+", "a=%26%3D%25", "a=%c3%a4",
                  "a=%C3%A4", "a=%00", "a=%0d%0aSet-Cookie:x", "a?b", "a=/?:@-._~!$'()*,;", "a=b&", "&a", "a=%2e%2e/",
                  "--config+X", "-h", "keys+list", "a=" + "x" * 6000):
        unlike = {}
        if query in refused:
            unlike = {LIGHTTPD: Refuses(400, "lets no control characters in")}
        yield Exchange(f"query {query[:40]}", target=f"/x?{query}", arrives={"path": "/x", "query": query}, unlike=unlike)
    yield Exchange("query that is empty", target="/x?", arrives={"path": "/x", "query": ""})
    yield Exchange("query with post", "POST", "/x?a=b", body=b"a=c", arrives={"query": "a=b", "body": "a=c"})
    for query in ('a="b"', "a=<b>", "a=b|c", "a={b}", "a=[b]", "a=\\", "a=^", "a=`", "a=%", "a=%zz", "a=\xe4"):
        yield Exchange(f"query {query}, which wants encoding", target=f"/x?{query}")


def paths():
    for path in ("/x/", "/x/y/z", "/a%20b", "/%41", "/%7Ex", "/~x", "/x;y=z", "/x,y", "/x:y@z", "/x+y", "/%C3%A4", "/%c3%a4",
                 "/x=y", "/x&y", "/x%3Fy", "/x%23y", "/x%25y", "/x%22", "/.x", "/x.y.fcgi", "/x'y", "/(x)!*$",
                 "/" + "x" * 200):
        yield Exchange(f"path {path[:40]}", target=path, arrives={"path": path, "query": ""})
    yield Exchange("path with two slashes", target="/x//y", arrives={"path": "/x//y"})
    yield Exchange("path of slashes", target="///", arrives={"path": "///"})
    yield Exchange("path of the issuer and a slash", target="/", arrives={"path": "/"})
    yield Exchange("path with a slash encoded", target="/x%2Fy", arrives={"path": "/x%2Fy"})
    yield Exchange("path with a backslash encoded", target="/x%5Cy", arrives={"path": "/x%5Cy"})
    yield Exchange("path with dots", target="/a/../x")
    yield Exchange("path with a dot", target="/a/./x")
    yield Exchange("path with dots encoded", target="/a/%2e%2e/x")
    yield Exchange("path that climbs out", target="/../../../x",
                   unlike={"lighttpd/op": Refuses(404, "resolves it first, and that is not below /op"),
                           APACHE: Refuses(400, "resolves it first"), NGINX: Refuses(400, "resolves it first")})
    yield Exchange("path with a NUL", target="/x%00", status=400,
                   unlike={LIGHTTPD: Refuses(400, "lets no control characters in"), APACHE: Refuses(404, "no such file"),
                           NGINX: Refuses(400, "decodes it first")})
    yield Exchange("path with a newline", target="/x%0a",
                   unlike={LIGHTTPD: Refuses(400, "lets no control characters in")})
    yield Exchange("path with bad encoding", target="/x%zz", status=400,
                   unlike={APACHE: Refuses(400, "decodes it first"), NGINX: Refuses(400, "decodes it first")})
    yield Exchange("path with a fragment", target="/x#y", status=400,
                   unlike={APACHE: Refuses(400, "looks first")})
    yield malformed("path without a slash", "GET x HTTP/1.1")
    yield malformed("no path", "GET HTTP/1.1")
    yield malformed("blank in the path", "GET {at}/x y HTTP/1.1")


def bodies():
    yield Exchange("body of nothing", "POST", body=b"", arrives={"body": "", "body_octets": 0})
    yield Exchange("body without a length", "POST", arrives={"body": "", "body_octets": 0, "method": "POST"},
                   unlike={LIGHTTPD: Refuses(411, "wants a length")})
    yield Exchange("body of a form", "POST", headers=(FORM,), body=b"a=b&a=c&d=&e=%20+%26",
                   arrives={"body": "a=b&a=c&d=&e=%20+%26", "content_type": FORM[1]})
    yield Exchange("body of JSON", "POST", headers=(("Content-Type", "application/json; charset=utf-8"),), body=b'{"a":1}',
                   arrives={"body": '{"a":1}', "content_type": "application/json; charset=utf-8"})
    yield Exchange("body without a type", "POST", body=b"abc", arrives={"body": "abc", "content_type": ""})
    yield Exchange("body with NULs and newlines", "POST", body=b"a\0\r\n\r\nb", arrives={"body": "a\0\r\n\r\nb"})
    yield Exchange("body with GET", body=b"abc", arrives={"body": "abc"},
                   unlike={LIGHTTPD: Refuses(400, "wants none with GET")})
    for method in ("PUT", "PATCH", "DELETE"):
        yield Exchange(f"body with {method}", method, body=b"abc", arrives={"body": "abc"})
    yield Exchange("body of 64 KiB", "POST", body=b"x" * 65536, arrives={"body_octets": 65536})
    yield Exchange("body of 1 MiB", "POST", body=b"0123456789abcdef" * 65536, arrives={"body_octets": MEGABYTE})
    yield Exchange("body of more than 1 MiB", "POST", body=b"x" * (MEGABYTE + 1), status=413)
    yield Exchange("body in one chunk", "POST", chunks=(b"hello",), arrives={"body": "hello"})
    yield Exchange("body in many chunks", "POST", headers=(FORM,), chunks=(b"a=", b"b", b"&c=d" * 100),
                   arrives={"body": "a=b" + "&c=d" * 100})
    yield Exchange("body in no chunk", "POST", chunks=(), arrives={"body": ""})
    yield Exchange("body of 1 MiB in chunks", "POST", chunks=(b"x" * 65536,) * 16, arrives={"body_octets": MEGABYTE})
    yield Exchange("body of more than 1 MiB in chunks", "POST", chunks=(b"x" * 65536,) * 17, status=413)
    chunked = "POST {at}/x HTTP/1.1\r\nTransfer-Encoding: "
    yield malformed("chunks of no size", chunked + "chunked", body=b"zz\r\nhello\r\n0\r\n\r\n",
                    unlike={"ApacheFcgid": Refuses(200, "takes what came before the garbage for the whole body")})
    yield malformed("unknown transfer encoding", chunked + "gzip", status=(400, 411, 501), body=b"abc")
    length = "POST {at}/x HTTP/1.1\r\nContent-Length: "
    yield malformed("length that is no number", length + "abc", body=b"abc")
    yield malformed("length below nothing", length + "-1", body=b"abc")
    yield malformed("two different lengths", length + "3\r\nContent-Length: 4", body=b"abcd")


JOINS = Rewrites("joins the two lines", {"headers": (("Authorization", "Bearer a, Basic YTpi"),)})


def header_rows():
    for value in ("Bearer abc", "Basic cnA6c2VjcmV0", "DPoP abc.def-g_h~+/=", "basic cnA6"):
        yield Exchange(f"authorization {value}", headers=(("Authorization", value),),
                       arrives={"headers": {"authorization": value}})
    yield Exchange("authorization in small letters", headers=(("authorization", "Bearer abc"),),
                   arrives={"headers": {"authorization": "Bearer abc"}})
    yield Exchange("authorization with post", "POST", headers=(("AUTHORIZATION", "Bearer abc"), FORM), body=b"a=b",
                   arrives={"headers": {"authorization": "Bearer abc"}, "body": "a=b"})
    yield Exchange("two authorizations", headers=(("Authorization", "Bearer a"), ("Authorization", "Basic YTpi")),
                   status=400, unlike={NGINX: Refuses(400, "looks first"), LIGHTTPD: JOINS, APACHE: JOINS})
    yield Exchange("two authorizations in one line", headers=(("Authorization", "Bearer a, Basic YTpi"),), status=400)
    yield Exchange("authorization without a credential", headers=(("Authorization", "Bearer"),), status=400)
    for name in ("X_Authorization", "HTTP_AUTHORIZATION", "Authorization_", "X-Authorization", "Authorization.",
                 "Redirect-Authorization", "Remote-User", "Remote_User", "X-Remote-User", "X-Forwarded-User",
                 "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Proxy",
                 "SSL-Client-Verify", "SSL_CLIENT_CERT", "X-SSL-Cert", "Oidcop-Marker", "OIDCOP_SECRET", "Https",
                 "Script-Name", "Path-Info", "Request-Uri", "X-Original-URL", "X-HTTP-Method-Override", "Document-Root"):
        yield Exchange(f"header {name}, which nobody may believe", headers=((name, "Basic ZGlhbmE6eA=="),),
                       arrives={"headers": {}, "method": "GET", "path": "/x", "remote_address": "127.0.0.1"})
    for name, value in (("Cookie", "a=b; c=d"), ("Accept", "text/html"), ("Accept-Language", "de, en;q=0.5"),
                        ("Origin", "https://rp.example"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"),
                        ("Sec-Fetch-Dest", "document"), ("Sec-Fetch-User", "?1"), ("DPoP", "a.b.c"),
                        ("User-Agent", "test/1 (x)"), ("If-None-Match", '"x"'),
                        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")):
        yield Exchange(f"header {name}", headers=((name, value),), arrives={"headers": {name.lower(): value}})
    yield Exchange("header with blanks around", headers=(("Cookie", "  a=b  "),), arrives={"headers": {"cookie": "a=b"}})
    yield Exchange("header of 4000 octets", headers=(("Cookie", "a=" + "x" * 4000),),
                   arrives={"headers": {"cookie": "a=" + "x" * 4000}})
    yield Exchange("sixty headers", headers=tuple((f"X-{i}", "y") for i in range(60)), arrives={"headers": {}})
    yield Exchange("header in two spellings", headers=(("If-None-Match", "a"), ("If_None_Match", "b")), status=400,
                   unlike=dict.fromkeys((APACHE, NGINX), Rewrites("drops the odd one", {"headers": (("If-None-Match", "a"),)})))
    yield Exchange("unknown header in two spellings", headers=(("X-Twice", "a"), ("X_Twice", "b")), status=400,
                   unlike=dict.fromkeys((APACHE, NGINX), Rewrites("drops the odd one", {"headers": ()})))
    yield Exchange("two cookie lines", headers=(("Cookie", "a=b"), ("Cookie", "c=d")), status=400,
                   unlike={APACHE: Rewrites("joins them", {"headers": (("Cookie", "a=b, c=d"),)}),
                           LIGHTTPD: Rewrites("joins them", {"headers": (("Cookie", "a=b; c=d"),)})})
    yield Exchange("host with a port", host="op.example:8443", arrives={"host": "op.example:8443"})
    yield Exchange("host of somebody else", host="evil.example", arrives={"host": "evil.example"})
    yield malformed("no host", "GET {at}/x HTTP/1.1", host="")
    yield malformed("two hosts", "GET {at}/x HTTP/1.1\r\nHost: evil.example")
    yield malformed("host with a path", "GET {at}/x HTTP/1.1", host="Host: op.example/x\r\n")
    yield malformed("header with a NUL", "GET {at}/x HTTP/1.1\r\nCookie: a\0b")


def answers():
    yield Exchange("answer that redirects", target="/redirect", status=302)
    yield Exchange("answer not modified", target="/not-modified", status=304)
    yield Exchange("answer to an exception", target="/throw", status=500, holds=b"Something went wrong on our side")
    yield Exchange("answer that would be split", target="/bad-header", status=500, holds=b"Something went wrong")
    yield Exchange("answer that commands the server", target="/sendfile", status=500, holds=b"Something went wrong")
    yield Exchange("answer of 1 MiB", target="/big")
    yield Exchange("head of 1 MiB", "HEAD", "/big")


@dataclasses.dataclass(frozen=True)
class HangUp:
    """A client that goes away in the middle of a row. Nothing is compared but what others get after it."""

    name: str
    row: Exchange
    sends: int | None = None  # octets of the request; all when absent
    reads: int = 0            # octets of the answer
    resets: bool = False      # by RST, as when a process is killed, not by FIN


def hang_ups(get, post):
    """`get` has a long answer, `post` a body."""
    body = len(post.octets("")) - len(post.whole_body())
    for way, resets in (("", False), (" with a reset", True)):
        yield HangUp(f"before a word{way}", get, sends=0, resets=resets)
        yield HangUp(f"in the head{way}", get, sends=20, resets=resets)
        yield HangUp(f"before the body{way}", post, sends=body, resets=resets)
        yield HangUp(f"in the body{way}", post, sends=body + len(post.whole_body()) // 2, resets=resets)
        yield HangUp(f"before the answer{way}", post, resets=resets)
        yield HangUp(f"in the answer{way}", get, reads=1000, resets=resets)
    halves = dataclasses.replace(post, body=None, chunks=(post.whole_body(),))
    yield HangUp("in a chunk", halves, sends=len(halves.octets("")) - len(post.whole_body()) // 2)


ECHO = [*methods(), *queries(), *paths(), *bodies(), *header_rows(), *answers()]

ECHO_HANG_UPS = [*hang_ups(Exchange("get", target="/big"), Exchange("post", "POST", body=b"x" * 100000))]


def public_rows():
    """Of the provider: what anybody may read, and what is not there."""
    for target in ("/.well-known/openid-configuration", "/jwks.json", "/static/oidcop.css"):
        yield Exchange(f"get {target}", target=target)
        yield Exchange(f"head {target}", "HEAD", target)
        yield Exchange(f"get {target} with a query", target=target + "?a=b")
        yield Exchange(f"post {target}", "POST", target, headers=(FORM,), body=b"a=b", status=405)
        yield Exchange(f"delete {target}", "DELETE", target, status=405)
        yield Exchange(f"options {target}", "OPTIONS", target, status=(204, 405))
        yield Exchange(f"get {target}, compressed if you like", target=target, headers=(COMPRESSED,))
        yield Exchange(f"get {target} newer than another", target=target, headers=(("If-None-Match", '"other"'),))
    for target in ("/nothing", "/static/nothing.css", "/static/", "/.well-known/nothing", "/", "/static/oidcop.css/x",
                   "/static/%2e%2e/oidcop.json", "//.well-known/openid-configuration"):
        yield Exchange(f"get {target}, which is not there", target=target, status=404)
    yield Exchange("another host", target="/jwks.json", host="evil.example", status=421)
    yield Exchange("another port", target="/jwks.json", host="op.example:8443", status=421)


def authorization_rows():
    proper = ("client_id=rp&redirect_uri=https%3A%2F%2Frp.example%2Fcb&response_type=code&scope=openid&state=s%20%26t&nonce=n"
              "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256")
    path = "/authorization"
    yield Exchange("authorization of nothing", target=path, status=400, varies=True)
    yield Exchange("authorization of an unknown client", target=f"{path}?client_id=x", status=400, varies=True)
    yield Exchange("authorization for another page", target=f"{path}?{proper.replace('cb', 'other')}", status=400, varies=True)
    yield Exchange("authorization of a repeated parameter", target=f"{path}?{proper}&state=other", status=(303, 400), varies=True)
    yield Exchange("authorization without a scope", target=f"{path}?{proper.replace('scope=openid', '')}", status=303)
    yield Exchange("authorization without a person", target=f"{path}?{proper}&prompt=none", status=303)
    yield Exchange("authorization", target=f"{path}?{proper}", varies=True)
    yield Exchange("authorization, compressed if you like", target=f"{path}?{proper}", headers=(COMPRESSED,), varies=True)
    yield Exchange("authorization in German", target=f"{path}?{proper}", headers=(("Accept-Language", "de"),), varies=True,
                   holds=b'lang="de"')
    yield Exchange("authorization by post", "POST", path, headers=(FORM,), body=proper.encode(), varies=True)
    yield Exchange("authorization by put", "PUT", path, headers=(FORM,), body=proper.encode(), status=405)


def token_rows():
    grant = b"grant_type=authorization_code&code=x&redirect_uri=https%3A%2F%2Frp.example%2Fcb&code_verifier=" + b"x" * 43
    basic = ("Authorization", "Basic cnA6d3Jvbmc=")  # rp:wrong
    yield Exchange("token by get", target="/token?grant_type=authorization_code", status=405)
    yield Exchange("token of nothing", "POST", "/token", headers=(FORM,), body=b"", status=(400, 401))
    yield Exchange("token of nobody", "POST", "/token", headers=(FORM,), body=grant, status=401)
    yield Exchange("token with a wrong secret", "POST", "/token", headers=(FORM, basic), body=grant, status=401)
    yield Exchange("token in chunks", "POST", "/token", headers=(FORM, basic), chunks=(grant[:20], grant[20:]), status=401)
    yield Exchange("token with two methods", "POST", "/token", headers=(FORM, basic), status=400,
                   body=grant + b"&client_id=rp&client_secret=x")
    yield Exchange("token of a repeated parameter", "POST", "/token", headers=(FORM, basic), body=grant + b"&code=y", status=400)
    yield Exchange("token of JSON", "POST", "/token", headers=(("Content-Type", "application/json"), basic), body=b"{}", status=400)
    yield Exchange("token of a public client", "POST", "/token", headers=(FORM,), body=grant + b"&client_id=spa", status=400)
    yield Exchange("token of an unknown grant", "POST", "/token", headers=(FORM,), body=b"grant_type=x&client_id=spa", status=400)
    yield Exchange("userinfo of nobody", target="/userinfo", status=401)
    yield Exchange("userinfo of a wrong token", target="/userinfo", headers=(("Authorization", "Bearer abc"),), status=401)
    yield Exchange("userinfo by head", "HEAD", "/userinfo", headers=(("Authorization", "Bearer abc"),), status=401)
    yield Exchange("userinfo by post", "POST", "/userinfo", headers=(FORM,), body=b"access_token=abc", status=(400, 401))
    yield Exchange("userinfo with a password", target="/userinfo", headers=(basic,), status=401)
    yield Exchange("userinfo by delete", "DELETE", "/userinfo", status=405)


PROVIDER = [*public_rows(), *authorization_rows(), *token_rows()]
PROVIDER_HANG_UPS = [*hang_ups(Exchange("get", target="/.well-known/openid-configuration"),
                               Exchange("post", "POST", "/token", headers=(FORM,), status=401,
                                        body=b"grant_type=authorization_code&code=x&client_id=rp&client_secret=wrong"))]
