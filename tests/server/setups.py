"""The ways in which a web server can run a responder, each from the shipped snippet.

    server = setups.ALL["Nginx"](setups.Service(bench, program, config, at="/op"))
"""

import dataclasses
import pathlib

import webservers

SECRET = "a-secret-of-the-test-bench"  # what Apache sends over TCP; the responder has it in responder.shared_secret


@dataclasses.dataclass
class Service:
    """What is to be served: a program with its configuration, for an issuer below `at` ("" or "/op")."""

    bench: webservers.Bench
    program: pathlib.Path
    config: pathlib.Path = pathlib.Path("/nonexistent")  # the echo responder has none
    at: str = "/op"
    port: int | None = None
    certificates: bool = False  # clients may have one, issued by the bench's own

    def snippet(self, name, **named):
        return self.bench.snippet(name, program=self.program, config=self.config, path=self.at, **named)

    @property
    def command(self):
        return [self.program, "--config", self.config]

    def on_socket(self):
        return self.bench.start_program(self.command)

    def lighttpd(self, config):
        certificates = f"""
ssl.ca-file = "{self.bench.certificate}"
ssl.verifyclient.activate = "enable"
ssl.verifyclient.enforce = "disable"
ssl.verifyclient.exportcert = "enable"
"""
        return self.bench.start_lighttpd(config + (certificates if self.certificates else ""), port=self.port)

    def apache(self, config, **named):
        certificates = f"""
SSLCACertificateFile {self.bench.certificate}
SSLVerifyClient optional
SSLOptions +StdEnvVars +ExportCertData
"""
        return self.bench.start_apache(config + (certificates if self.certificates else ""), port=self.port, **named)

    def nginx(self, config, **named):
        certificates = f"ssl_client_certificate {self.bench.certificate};\nssl_verify_client optional;\n"
        return self.bench.start_nginx(config + (certificates if self.certificates else ""), port=self.port, **named)


def lighttpd_fastcgi(service):
    """lighttpd starts the program and gives it the listening socket as descriptor 0."""
    return service.lighttpd(service.snippet("lighttpd/oidcop.conf"))


def lighttpd_socket(service):
    """The program is a service of its own."""
    return service.lighttpd(service.snippet("lighttpd/oidcop-socket.conf", socket=service.on_socket()))


def lighttpd_cgi(service):
    """A process per request."""
    return service.lighttpd(service.snippet("lighttpd/oidcop-cgi.conf"))


def apache_proxy_fcgi(service):
    """Connections are kept (FCGI_KEEP_CONN)."""
    snippet = service.snippet("apache/oidcop.conf", socket=service.on_socket())
    return service.apache(snippet)


def apache_proxy_fcgi_no_reuse(service):
    """A connection per request."""
    snippet = service.snippet("apache/oidcop.conf", socket=service.on_socket()).replace(" enablereuse=on", "")
    return service.apache(snippet)


def tcp_snippet(service, secret=SECRET):
    snippet = service.snippet("apache/oidcop-tcp.conf", socket=service.bench.start_program_on_tcp(service.command))
    return snippet.replace('#SetEnv OIDCOP_SECRET "value"', f'SetEnv OIDCOP_SECRET "{secret}"')


def apache_proxy_fcgi_tcp(service):
    return service.apache(tcp_snippet(service))


def apache_proxy_fcgi_tcp_no_reuse(service):
    return service.apache(tcp_snippet(service).replace(" enablereuse=on", ""))


def apache_fcgid(service):
    """Apache starts and kills processes as it likes, and gives each one request at a time."""
    return service.apache(service.snippet("apache/oidcop-fcgid.conf"), modules=("fcgid",),
                          common="FcgidSpawnScoreUpLimit 64")


def apache_cgid(service):
    """A process per request; Apache makes arguments of a query without '='."""
    return service.apache(service.snippet("apache/oidcop-cgi.conf"), modules=("cgid",))


def nginx(service):
    """A connection per request; nginx collects bodies, and drops headers with unusual names."""
    return service.nginx(service.snippet("nginx/oidcop.conf", socket=service.on_socket()))


def nginx_keeping_connections(service):
    listening = service.on_socket()
    snippet = service.snippet("nginx/oidcop.conf", socket=listening)
    return service.nginx(snippet.replace(f"unix:{listening};", "oidcop;\nfastcgi_keep_conn on;"),
                         http=f"upstream oidcop {{ server unix:{listening}; keepalive 8; }}")


ALL = {
    "LighttpdFastCgi": lighttpd_fastcgi,
    "LighttpdSocket": lighttpd_socket,
    "LighttpdCgi": lighttpd_cgi,
    "ApacheProxyFcgi": apache_proxy_fcgi,
    "ApacheProxyFcgiWithoutReuse": apache_proxy_fcgi_no_reuse,
    "ApacheProxyFcgiTcp": apache_proxy_fcgi_tcp,
    "ApacheProxyFcgiTcpWithoutReuse": apache_proxy_fcgi_tcp_no_reuse,
    "ApacheFcgid": apache_fcgid,
    "ApacheCgid": apache_cgid,
    "Nginx": nginx,
    "NginxKeepingConnections": nginx_keeping_connections,
}


def families(name, at):
    """What the tables call this setup and its like, the narrowest first."""
    server = next(server for server in ("apache", "nginx", "lighttpd") if name.lower().startswith(server))
    files = ["apache-files"] if name in ("ApacheFcgid", "ApacheCgid") else []
    return [name, *files, server + at, server]
