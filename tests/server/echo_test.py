"""What reaches a handler through real web servers: the same exchanges through each of them.

Needs OIDCOP_ECHO_RESPONDER (the program under test) and OIDCOP_SHARE (the shipped snippets).
"""

import base64
import hashlib
import json
import os
import ssl
import threading
import unittest

import setups
import webservers

PROGRAM = os.environ["OIDCOP_ECHO_RESPONDER"]


class Exchanges:
    """Mixed into one test case per web server and place; `self.server` serves the echo responder under `self.at`."""

    setup, at = None, None

    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        cls.server = setups.ALL[cls.setup](setups.Service(cls.bench, cls.bench.install(PROGRAM), at=cls.at))

    def echo(self, *arguments, **named):
        reply = self.server.exchange(*arguments, **named)
        self.assertEqual(reply.status, 200, f"{reply}\n{self.server.log()[-2000:]}")
        return json.loads(reply.body)

    def raw(self, *lines, body=b""):
        head = "\r\n".join(lines) + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        return self.server.raw(head.encode() + body)

    # --- requests arrive as they were sent ---

    def test_get_arrives(self):
        got = self.echo("GET", self.at + "/authorize?a=b&c=%20d", [("Accept-Language", "de"), ("Cookie", "x=1; y=2")])
        self.assertEqual((got["method"], got["path"], got["query"]), ("GET", self.at + "/authorize", "a=b&c=%20d"))
        self.assertEqual(got["headers"]["accept-language"], "de")
        self.assertEqual(got["headers"]["cookie"], "x=1; y=2")
        self.assertEqual(got["remote_address"], "127.0.0.1")
        self.assertEqual(got["host"], f"localhost:{self.server.port}")
        self.assertTrue(got["https"])

    def test_post_arrives(self):
        got = self.echo("POST", self.at + "/token", [("Content-Type", "application/x-www-form-urlencoded")], b"a=b&c=d")
        self.assertEqual((got["method"], got["body"]), ("POST", "a=b&c=d"))
        self.assertEqual(got["content_type"], "application/x-www-form-urlencoded")

    def test_other_methods_arrive(self):
        for method in ("PUT", "DELETE", "OPTIONS", "PATCH"):
            with self.subTest(method):
                self.assertEqual(self.echo(method, self.at + "/x", body=b"")["method"], method)

    def test_head_has_the_headers_of_get_and_no_body(self):
        reply = self.server.exchange("HEAD", self.at + "/x")
        self.assertEqual((reply.status, reply.body), (200, b""))
        self.assertEqual(reply.header("content-type"), "application/json")
        # Apache leaves the length out of what CGI programs answer to HEAD; a length of nothing would be wrong.
        self.assertNotEqual(reply.header("content-length"), "0")

    def test_percent_encoding_of_the_path_is_kept(self):
        self.assertEqual(self.echo("GET", self.at + "/a%20b%3Fc;d=e")["path"], self.at + "/a%20b%3Fc;d=e")
        self.assertEqual(self.echo("GET", self.at + "/x//y")["path"], self.at + "/x//y")

    def test_answers_carry_a_request_id_of_their_own(self):
        replies = [self.server.exchange("GET", self.at + "/x", [("X-Request-Id", "mine")]) for _ in range(2)]
        ids = {reply.header("x-request-id") for reply in replies}
        self.assertEqual(len(ids), 2)
        self.assertNotIn("mine", ids)

    def test_redirects_and_not_modified_pass(self):
        reply = self.server.exchange("GET", self.at + "/redirect")
        self.assertEqual((reply.status, reply.header("location")), (302, "https://rp.example/cb?code=x"))
        reply = self.server.exchange("GET", self.at + "/not-modified")
        self.assertEqual((reply.status, reply.body), (304, b""))

    def test_long_answers_pass(self):
        self.assertEqual(len(self.server.exchange("GET", self.at + "/big").body), 1 << 20)

    # --- nobody smuggles anything in ---

    def test_credentials_arrive_in_one_spelling_only(self):
        self.assertEqual(self.echo("GET", self.at + "/x", [("Authorization", "Bearer abc")])["headers"]["authorization"],
                         "Bearer abc")
        for name in ("X_Authorization", "HTTP_AUTHORIZATION", "Authorization_", "X-Authorization", "Authorization."):
            with self.subTest(name):
                self.assertNotIn("authorization", self.echo("GET", self.at + "/x", [(name, "Bearer abc")])["headers"])

    def test_two_authorization_headers_are_refused(self):
        reply = self.raw(f"GET {self.at}/x HTTP/1.1", "Authorization: Bearer a", "Authorization: Basic YTpi")
        self.assertEqual(reply.status, 400, reply)

    def test_statements_of_proxies_are_dropped(self):
        forged = [("X-Forwarded-For", "10.0.0.1"), ("X-Forwarded-Proto", "http"), ("X-Remote-User", "root"),
                  ("Remote-User", "root"), ("Remote_Address", "10.0.0.1"), ("Proxy", "http://evil.example"),
                  ("SSL-Client-Verify", "SUCCESS"), ("Oidcop-Marker", "echo-marker")]
        got = self.echo("GET", self.at + "/x", forged)
        self.assertEqual(got["remote_address"], "127.0.0.1")
        self.assertEqual(set(got["headers"]) - {"accept-encoding"}, set())
        self.assertNotIn("remote_user", got)
        self.assertNotIn("client_certificate", got)

    def test_two_spellings_of_one_header_never_both_count(self):
        reply = self.server.exchange("GET", self.at + "/x", [("If-None-Match", "a"), ("If_None_Match", "b")])
        if reply.status == 200:  # the server drops the odd one
            self.assertEqual(json.loads(reply.body)["headers"]["if-none-match"], "a")
        else:
            self.assertEqual(reply.status, 400)

    def test_the_log_names_what_was_refused(self):
        reply = self.server.exchange("GET", self.at + "/x", [("X-Twice", "a"), ("X_Twice", "b")])
        if reply.status == 400:
            self.assertIn("HTTP_X_TWICE", self.server.log() + self.bench.service_log())

    def test_a_query_never_becomes_arguments(self):
        for query in ("--config+X", "--listen+unix:/tmp/x", "keys+list", "--help", "-h", "--version"):
            with self.subTest(query):
                self.assertEqual(self.echo("GET", self.at + "/x?" + query)["query"], query)

    def test_responses_cannot_be_split_or_command_the_server(self):
        for path in ("/bad-header", "/sendfile"):
            reply = self.server.exchange("GET", self.at + path)
            self.assertEqual(reply.status, 500)
            self.assertIsNone(reply.header("set-cookie"))
            self.assertNotIn(b"root:", reply.body)

    # --- rough treatment ---

    def test_exceptions_become_500(self):
        reply = self.server.exchange("GET", self.at + "/throw")
        self.assertEqual(reply.status, 500)
        self.assertIn(reply.header("x-request-id"), reply.body.decode())

    def test_long_bodies_pass_up_to_the_limit(self):
        self.assertEqual(self.echo("POST", self.at + "/x", body=b"x" * (1 << 20))["body_octets"], 1 << 20)

    def test_longer_bodies_are_refused(self):
        reply = self.server.exchange("POST", self.at + "/x", body=b"x" * ((1 << 20) + 1))
        self.assertEqual(reply.status, 413)

    def test_chunked_bodies_pass(self):
        reply = self.raw(f"POST {self.at}/x HTTP/1.1", "Transfer-Encoding: chunked", body=b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
        self.assertEqual(reply.status, 200, reply)
        self.assertEqual(json.loads(reply.body)["body"], "hello world")

    def test_too_long_chunked_bodies_are_refused(self):
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        reply = self.raw(f"POST {self.at}/x HTTP/1.1", "Transfer-Encoding: chunked", body=chunk * 17 + b"0\r\n\r\n")
        self.assertEqual(reply.status, 413, reply)

    def test_clients_that_hang_up_harm_nobody(self):
        for octets in (f"POST {self.at}/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc",
                       f"GET {self.at}/big HTTP/1.1\r\nHost: localhost\r\n\r\n"):
            for _ in range(5):
                with self.server.connect() as connection:
                    connection.sendall(octets.encode())
        self.echo("GET", self.at + "/x")

    def test_many_at_once_are_all_answered(self):
        replies = []
        def ask():
            replies.append(self.server.exchange("GET", self.at + "/sleep").status)
        threads = [threading.Thread(target=ask) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(replies, [200] * 12)


# One test case for each setup and place: class Nginx with the issuer at /op, class NginxAtRoot with it at the root.
for _setup in setups.ALL:
    for _suffix, _at in (("", "/op"), ("AtRoot", "")):
        globals()[_setup + _suffix] = type(_setup + _suffix, (Exchanges, unittest.TestCase), {"setup": _setup, "at": _at})


class Identity:
    """What the web server itself knows about the client: user and certificate. /op/ is open, /op/sso wants a
    password, /op/unmarked wants one but its location does not say that it is meant for the provider."""

    @classmethod
    def setUpClass(cls):
        cls.bench = webservers.Bench()
        cls.addClassCleanup(cls.bench.close)
        cls.bench.write("users", "diana:{SHA}" + base64.b64encode(hashlib.sha1(b"krall").digest()).decode() + "\n")
        cls.server = cls.start(cls.bench)

    def ask(self, target, password):
        basic = base64.b64encode(b"diana:" + password).decode()
        return self.server.exchange("GET", target, [("Authorization", "Basic " + basic)])

    def test_a_user_of_the_marked_location_counts(self):
        reply = self.ask("/op/sso", b"krall")
        self.assertEqual(reply.status, 200, reply)
        self.assertEqual(json.loads(reply.body).get("remote_user"), "diana")

    def test_a_user_of_another_location_does_not(self):
        reply = self.ask("/op/unmarked", b"krall")
        self.assertEqual(reply.status, 200, reply)
        self.assertNotIn("remote_user", json.loads(reply.body))

    def test_a_wrong_password_counts_for_nothing_even_if_the_error_page_is_ours(self):
        # Apache calls the error page with the URL that was asked for, and with the name of the user who failed.
        self.assertNotIn(b"remote_user", self.ask("/op/sso", b"wrong").body)

    def test_other_spellings_of_the_protected_path_do_not_count(self):
        for path in ("/op//sso", "/op/%73so", "/op/x/../sso", "/op/sso%2F"):
            with self.subTest(path):
                reply = self.server.exchange("GET", path)
                self.assertNotIn(b"remote_user", reply.body)

    def test_a_verified_certificate_counts_and_no_other(self):
        self.server.tls.load_cert_chain(self.bench.certificate, self.bench.key)
        reply = self.server.exchange("GET", "/op/x")
        self.assertEqual(reply.status, 200, reply)
        self.assertEqual(ssl.PEM_cert_to_DER_cert(json.loads(reply.body)["client_certificate"]),
                         ssl.PEM_cert_to_DER_cert(self.bench.certificate.read_text()))
        self.server.tls = ssl.create_default_context(cafile=self.bench.certificate)
        self.assertNotIn("client_certificate", json.loads(self.server.exchange("GET", "/op/x").body))


class ApacheIdentity(Identity, unittest.TestCase):

    modules = ("proxy", "proxy_fcgi")

    @classmethod
    def snippet(cls, service):
        return service.snippet("apache/oidcop.conf", socket=service.on_socket())

    @classmethod
    def start(cls, bench):
        password = f"AuthType Basic\nAuthName op\nAuthUserFile {bench.folder}/users\nRequire valid-user\n"
        return bench.start_apache(cls.snippet(setups.Service(bench, bench.install(PROGRAM))) + f"""
<Location "/op/sso">
{password}AuthMerging Off
SetEnv OIDCOP_MARKER echo-marker
ErrorDocument 401 /op/denied
</Location>
<Location "/op/unmarked">
{password}AuthMerging Off
</Location>
SSLCACertificateFile {bench.certificate}
SSLVerifyClient optional
SSLOptions +StdEnvVars +ExportCertData
""", modules=(*cls.modules, "auth_basic", "authn_file", "authz_user"))


class ApacheTcpIdentity(ApacheIdentity):
    """Over TCP it counts because Apache knows the secret."""

    @classmethod
    def snippet(cls, service):
        return setups.tcp_snippet(service)


class ApacheTcpWithoutTheSecret(unittest.TestCase):

    def test_nothing_that_apache_says_about_the_client_counts(self):
        with webservers.Bench() as bench:
            snippet = setups.tcp_snippet(setups.Service(bench, bench.install(PROGRAM)), secret="another-secret")
            server = bench.start_apache(snippet + f"""
SSLCACertificateFile {bench.certificate}
SSLVerifyClient optional
SSLOptions +StdEnvVars +ExportCertData
""")
            server.tls.load_cert_chain(bench.certificate, bench.key)
            reply = server.exchange("GET", "/op/x")
            self.assertEqual(reply.status, 200, reply)
            self.assertNotIn("client_certificate", json.loads(reply.body))


class ApacheFcgidIdentity(ApacheIdentity):

    modules = ("alias", "fcgid")

    @classmethod
    def snippet(cls, service):
        return service.snippet("apache/oidcop-fcgid.conf")


class LighttpdIdentity(Identity, unittest.TestCase):

    @classmethod
    def start(cls, bench):
        listening = bench.start_program([bench.install(PROGRAM)])
        require = '( "method" => "basic", "realm" => "op", "require" => "valid-user" )'
        # mod_auth comes first: lighttpd asks its modules in the order in which they are named.
        return bench.start_lighttpd(f"""
server.modules += ( "mod_auth", "mod_authn_file", "mod_setenv" )
auth.backend = "htpasswd"
auth.backend.htpasswd.userfile = "{bench.folder}/users"
auth.require = ( "/op/sso" => {require}, "/op/unmarked" => {require} )
$HTTP["url"] =~ "^/op/sso$" {{ setenv.set-environment = ( "OIDCOP_MARKER" => "echo-marker" ) }}
ssl.ca-file = "{bench.certificate}"
ssl.verifyclient.activate = "enable"
ssl.verifyclient.enforce = "disable"
ssl.verifyclient.exportcert = "enable"
""" + bench.snippet("lighttpd/oidcop-socket.conf", socket=listening))


class NginxIdentity(Identity, unittest.TestCase):

    @classmethod
    def start(cls, bench):
        listening = bench.start_program([bench.install(PROGRAM)])
        passing = f"""include {os.environ["OIDCOP_SHARE"]}/nginx/oidcop_params;
fastcgi_param REMOTE_USER $remote_user;
fastcgi_param AUTH_TYPE Basic;
fastcgi_pass unix:{listening};
"""
        protected = f"{passing}auth_basic op;\nauth_basic_user_file {bench.folder}/users;\n"
        return bench.start_nginx(bench.snippet("nginx/oidcop.conf", socket=listening) + f"""
location = /op/sso {{
{protected}fastcgi_param OIDCOP_MARKER echo-marker;
error_page 401 /op/denied;
}}
location = /op/unmarked {{
{protected}}}
location = /op/claimed {{
{passing}}}
ssl_client_certificate {bench.certificate};
ssl_verify_client optional;
""")

    def test_what_a_client_claims_without_being_asked_for_a_password_does_not_count(self):
        reply = self.ask("/op/claimed", b"anything")  # $remote_user is "diana" although nobody looked
        self.assertEqual(reply.status, 200, reply)
        self.assertNotIn("remote_user", json.loads(reply.body))


if __name__ == "__main__":
    unittest.main()
