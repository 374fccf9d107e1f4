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

    def snippet(self, name, **named):
        return self.bench.snippet(name, program=self.program, config=self.config, path=self.at, **named)

    @property
    def command(self):
        return [self.program, "--config", self.config]

    def on_socket(self):
        return self.bench.start_program(self.command)


def lighttpd_fastcgi(service):
    """lighttpd starts the program and gives it the listening socket as descriptor 0."""
    return service.bench.start_lighttpd(service.snippet("lighttpd/oidcop.conf"), port=service.port)


def lighttpd_socket(service):
    """The program is a service of its own."""
    snippet = service.snippet("lighttpd/oidcop-socket.conf", socket=service.on_socket())
    return service.bench.start_lighttpd(snippet, port=service.port)


def lighttpd_cgi(service):
    """A process per request."""
    return service.bench.start_lighttpd(service.snippet("lighttpd/oidcop-cgi.conf"), port=service.port)


def apache_proxy_fcgi(service):
    """Connections are kept (FCGI_KEEP_CONN)."""
    snippet = service.snippet("apache/oidcop.conf", socket=service.on_socket())
    return service.bench.start_apache(snippet, port=service.port)


def apache_proxy_fcgi_no_reuse(service):
    """A connection per request."""
    snippet = service.snippet("apache/oidcop.conf", socket=service.on_socket()).replace(" enablereuse=on", "")
    return service.bench.start_apache(snippet, port=service.port)


def tcp_snippet(service, secret=SECRET):
    snippet = service.snippet("apache/oidcop-tcp.conf", socket=service.bench.start_program_on_tcp(service.command))
    return snippet.replace('#SetEnv OIDCOP_SECRET "value"', f'SetEnv OIDCOP_SECRET "{secret}"')


def apache_proxy_fcgi_tcp(service):
    return service.bench.start_apache(tcp_snippet(service), port=service.port)


def apache_proxy_fcgi_tcp_no_reuse(service):
    return service.bench.start_apache(tcp_snippet(service).replace(" enablereuse=on", ""), port=service.port)


def apache_fcgid(service):
    """Apache starts and kills processes as it likes, and gives each one request at a time."""
    return service.bench.start_apache(service.snippet("apache/oidcop-fcgid.conf"), modules=("alias", "fcgid"),
                                      port=service.port, common="FcgidSpawnScoreUpLimit 64")


def apache_cgid(service):
    """A process per request; Apache makes arguments of a query without '='."""
    return service.bench.start_apache(service.snippet("apache/oidcop-cgi.conf"), modules=("alias", "cgid"),
                                      port=service.port)


def nginx(service):
    """A connection per request; nginx collects bodies, and drops headers with unusual names."""
    return service.bench.start_nginx(service.snippet("nginx/oidcop.conf", socket=service.on_socket()),
                                     port=service.port)


def nginx_keeping_connections(service):
    listening = service.on_socket()
    snippet = service.snippet("nginx/oidcop.conf", socket=listening)
    return service.bench.start_nginx(snippet.replace(f"unix:{listening};", "oidcop;\nfastcgi_keep_conn on;"),
                                     http=f"upstream oidcop {{ server unix:{listening}; keepalive 8; }}",
                                     port=service.port)


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
