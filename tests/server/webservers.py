"""Real web servers for tests, each with a configuration of its own and a certificate made on the spot.

    with Bench() as bench:
        socket = bench.start_program([program, "--config", config])       # a FastCGI service on a Unix socket
        server = bench.start_lighttpd(bench.snippet("lighttpd/oidcop-socket.conf", socket=socket))
        reply = server.exchange("GET", "/op/x")                            # over TLS, verified

Nothing outside a temporary folder is read or written; ports are free ones; readiness is found out by connecting.
Leaving the `with` block stops exactly what was started here, in reverse order, and fails when something has to be
killed. As root, servers and programs run as www-data, as Debian runs them, or as the
user that Bench is told; else as the calling user.

The configurations come from the snippets under share/ that administrators use (Bench.snippet), with their paths
replaced; OIDCOP_SHARE names the folder with the built ones.
"""

import contextlib
import http.client
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time

# What Debian's package apache2 has switched on from the start, and how, as far as it can touch what a provider answers.
APACHE_MODULES = ("mpm_event", "access_compat", "alias", "auth_basic", "authn_core", "authn_file", "authz_core", "authz_host",
                  "authz_user", "autoindex", "deflate", "dir", "env", "filter", "mime", "negotiation", "reqtimeout",
                  "setenvif", "status")
APACHE_CONFIGURATION = """
<Directory />
Options FollowSymLinks
AllowOverride None
Require all denied
</Directory>
AccessFileName .htaccess
<FilesMatch "^\\.ht">
Require all denied
</FilesMatch>
AddOutputFilterByType DEFLATE text/html text/plain text/xml text/css application/javascript application/json
AddOutputFilterByType DEFLATE application/x-javascript application/rss+xml application/xml application/wasm
DirectoryIndex index.html index.cgi index.pl index.php index.xhtml index.htm
LanguagePriority en ca cs da de el eo es et fr he hr it ja ko ltz nl nn no pl pt pt-BR ru sv tr zh-CN zh-TW
ForceLanguagePriority Prefer Fallback
RequestReadTimeout header=20-40,minrate=500
RequestReadTimeout body=10,minrate=500
BrowserMatch "Mozilla/2" nokeepalive
<Location /server-status>
SetHandler server-status
Require local
</Location>
TypesConfig /dev/null
AddType text/html .shtml
"""

PATIENCE = 60  # seconds until a server that does not come up or go away is an error


class Reply:
    """One answer: status, headers (names in lower case, repeated ones in order), body."""

    def __init__(self, response):
        self.status = response.status
        self.headers = [(name.lower(), value) for name, value in response.getheaders()]
        self.body = response.read()

    def header(self, name):
        return next((value for known, value in self.headers if known == name), None)

    def __repr__(self):
        return f"<{self.status} {self.headers} {self.body[:300]!r}>"


class Server:
    """A web server that is up. `url` is its origin; `log()` what it and the programs under it wrote."""

    def __init__(self, name, process, port, authority, log_file):
        self.name, self.process, self.port, self.log_file = name, process, port, log_file
        self.url = f"https://localhost:{port}"
        self.tls = ssl.create_default_context(cafile=authority)

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def connect(self):
        """A verified TLS connection, for octets of one's own."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        return self.tls.wrap_socket(plain, server_hostname="localhost")

    def raw(self, octets):
        """Sends these octets and reads one answer."""
        with self.connect() as connection:
            connection.sendall(octets)
            response = http.client.HTTPResponse(connection, method=octets.split(b" ", 1)[0].decode())
            response.begin()
            return Reply(response)

    def exchange(self, method, target, headers=(), body=None):
        """One request as browsers and clients send it; `headers` are pairs and may repeat a name."""
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=PATIENCE, context=self.tls)
        with contextlib.closing(connection):
            names = {name.lower() for name, _ in headers}
            connection.putrequest(method, target, skip_host="host" in names,
                                  skip_accept_encoding="accept-encoding" in names)
            for name, value in headers:
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            return Reply(connection.getresponse())


class Bench(contextlib.ExitStack):
    """The folder, the certificate and the processes of one test."""

    def __init__(self, user="www-data"):
        super().__init__()
        self.user = pwd.getpwnam(user) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="oidcop-bench-"))
        self.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o750)
        self.give(self.folder)
        self.certificate, self.key = self._make_certificate()
        self._count = 0

    # --- files ---

    def give(self, path):
        """Makes the servers' user the owner."""
        if os.geteuid() == 0:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        return path

    def write(self, name, text, mode=0o640):
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        return self.give(path)

    def install(self, program, name="oidcop.fcgi"):
        """Puts a copy of a program where the servers' user may run it. \\return its path"""
        path = self.folder / name
        if not path.exists():
            shutil.copy(program, path)
            path.chmod(0o755)
        return path

    def data(self):
        """A copy of the pages (OIDCOP_DATA), where the servers' user can read it. \\return the folder"""
        path = self.folder / "data"
        if not path.exists():
            path.mkdir(mode=0o755)
            for part in ("templates", "static", "locale"):
                shutil.copytree(pathlib.Path(os.environ["OIDCOP_DATA"]) / part, path / part)
            for item in (path, *path.rglob("*")):
                item.chmod(0o755 if item.is_dir() else 0o644)
        return path

    def snippet(self, name, program="/nonexistent", config="/nonexistent", socket="", path="/op"):
        """A shipped configuration snippet with the paths of this bench, for an issuer with the given path ("" or "/op")
        and a service that listens at `socket`: a path, or HOST:PORT."""
        share = pathlib.Path(os.environ["OIDCOP_SHARE"])
        text = (share / name).read_text()
        text = re.sub(r"/[^\s\"]*/oidcop\.fcgi", str(program), text)
        text = re.sub(r"/[^\s\"]*/oidcop\.json", str(config), text)
        text = re.sub(r"/[^\s\"]*/oidcop_params", str(share / "nginx/oidcop_params"), text)
        text = text.replace("/run/lighttpd/oidcop.sock", str(socket or self.folder / "lighttpd-op.sock"))
        text = text.replace("/run/oidcop/oidcop.sock", str(socket)).replace("127.0.0.1:9000", str(socket))
        return self._at_path(text, path) if path else self._at_root(text, program)

    @staticmethod
    def _at_path(text, path):
        """What the comments of the snippets tell to change for an issuer with a path."""
        text = text.replace('( "/" =>', f'( "{path}" =>').replace('<Location "/">', f'<Location "{path}">')
        text = text.replace("location / {", f"location ~ ^{path}(/|$) {{")
        return re.sub(r'(fcgi://[^/"]+)/"', rf'\g<1>{path}"', text)

    @staticmethod
    def _at_root(text, program):
        """The same for an issuer without one."""
        quoted = re.escape(f'"{program}"')
        text = text.replace('"^/op(/|$)"', '"^/"').replace('"/op"', '"/"')
        return re.sub(rf'((?:"/"|=>) ){quoted}', rf'\g<1>"{program}/"', text)

    def _make_certificate(self):
        certificate, key = self.folder / "tls.pem", self.folder / "tls.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2",
             "-keyout", key, "-out", certificate],
            check=True, capture_output=True)
        self.give(certificate)
        self.give(key)
        return certificate, key

    # --- processes ---

    def run(self, command, input=""):
        """Runs a command to its end as the servers' user. \\return its standard output; failing is an error"""
        done = subprocess.run([str(part) for part in command], input=input, capture_output=True, text=True,
                              cwd=self.folder, env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder)},
                              timeout=60, check=False, **self.as_user())
        if done.returncode != 0:
            raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def as_user(self):
        """What subprocess is to be told so that a program runs as the servers' user."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def start_program(self, command, environment=None, name=None):
        """Starts a FastCGI service with --listen on a socket of its own, as the servers' user.

        \\return the socket's path, once somebody listens there.
        """
        path = self.folder / f"{name or 'service'}-{self._count + 1}.sock"
        self._serve([*command, "--listen", f"unix:{path}"], environment, lambda: connects(str(path)))
        return path

    def start_program_on_tcp(self, command, environment=None):
        """The same on a port of this machine. \\return HOST:PORT"""
        port = free_port()
        self._serve([*command, "--listen", f"127.0.0.1:{port}"], environment, lambda: connects(("127.0.0.1", port)))
        return f"127.0.0.1:{port}"

    def _serve(self, command, environment, is_up):
        self._count += 1
        log = f"service-{self._count}.log"
        self._await(self.spawn(command, environment or {}, log, as_user=True), is_up, log)

    def service_log(self):
        """What the programs wrote that were started here."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("service-*.log")))

    def start_lighttpd(self, config, port=None, document_root=None):
        """Starts lighttpd with TLS and this piece of configuration."""
        port = port or free_port()
        user = f'server.username = "{self.user.pw_name}"\n' if os.geteuid() == 0 else ""
        uploads, pages = self.folder / "uploads", document_root or self.folder / "htdocs"
        for folder in (uploads, pages):
            folder.mkdir(exist_ok=True)
            self.give(folder)
        path = self.write("lighttpd.conf", f"""
server.modules = ( "mod_openssl", "mod_indexfile", "mod_access", "mod_alias", "mod_redirect" )
server.http-parseopts = ( "header-strict" => "enable", "host-strict" => "enable", "host-normalize" => "enable",
  "url-normalize-unreserved" => "enable", "url-normalize-required" => "enable", "url-ctrls-reject" => "enable",
  "url-path-2f-decode" => "enable", "url-path-dotseg-remove" => "enable" )
index-file.names = ( "index.php", "index.html" )
url.access-deny = ( "~", ".inc" )
static-file.exclude-extensions = ( ".php", ".pl", ".fcgi" )
server.port = {port}
server.bind = "127.0.0.1"
server.document-root = "{pages}"
server.errorlog = "{self.folder}/lighttpd.log"
server.breakagelog = "{self.folder}/lighttpd.log"
server.upload-dirs = ( "{uploads}" )
{user}ssl.engine = "enable"
ssl.pemfile = "{self.certificate}"
ssl.privkey = "{self.key}"
{config}
""")
        process = self.spawn(["/usr/sbin/lighttpd", "-D", "-f", path], {}, "lighttpd.log")
        return self._up("lighttpd", process, port, self.folder / "lighttpd.log")

    def start_apache(self, config, modules=("proxy", "proxy_fcgi"), port=None, common=""):
        """Starts Apache (event MPM) with one TLS virtual host that holds this piece of configuration; `common` stands
        outside of it."""
        port = port or free_port()
        load = "\n".join(f"LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so"
                         for module in dict.fromkeys((*APACHE_MODULES, "ssl", "socache_shmcb", *modules)))
        user = f"User {self.user.pw_name}\nGroup www-data\n" if os.geteuid() == 0 else ""
        scripts = f"ScriptSock {self.folder}/cgid.sock\n" if "cgid" in modules else ""
        if "fcgid" in modules:
            scripts = f"FcgidIPCDir {self.folder}/fcgid\nFcgidProcessTableFile {self.folder}/fcgid-shm\n"
        path = self.write("apache.conf", f"""
{load}
ServerRoot "{self.folder}"
ServerName localhost
Listen 127.0.0.1:{port} https
PidFile {self.folder}/apache.pid
DefaultRuntimeDir {self.folder}
ErrorLog {self.folder}/apache.log
LogLevel info
{APACHE_CONFIGURATION}
{user}{scripts}{common}
<VirtualHost 127.0.0.1:{port}>
SSLEngine on
SSLCertificateFile {self.certificate}
SSLCertificateKeyFile {self.key}
{config}
</VirtualHost>
""")
        process = self.spawn(["/usr/sbin/apache2", "-DFOREGROUND", "-f", path], {}, "apache.log")
        return self._up("apache", process, port, self.folder / "apache.log")

    def start_nginx(self, config, port=None, http=""):
        """Starts nginx with one TLS server that holds this piece of configuration; `http` stands beside that server."""
        port = port or free_port()
        user = f"user {self.user.pw_name};\n" if os.geteuid() == 0 else ""
        folders = "\n".join(f"{kind}_temp_path {self.folder}/nginx-{kind};"
                            for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi"))
        path = self.write("nginx.conf", f"""
daemon off;
{user}pid {self.folder}/nginx.pid;
error_log {self.folder}/nginx.log info;
events {{}}
http {{
access_log off;
{folders}
sendfile on;
tcp_nopush on;
types_hash_max_size 2048;
default_type application/octet-stream;
gzip on;
{http}
server {{
listen 127.0.0.1:{port} ssl;
server_name localhost;
ssl_certificate {self.certificate};
ssl_certificate_key {self.key};
{config}
}}
}}
""")
        # Its compiled-in log is opened before the configuration is read: -e.
        process = self.spawn(["/usr/sbin/nginx", "-e", self.folder / "nginx.log", "-c", path], {}, "nginx.log")
        return self._up("nginx", process, port, self.folder / "nginx.log")

    def _up(self, name, process, port, log):
        self._await(process, lambda: connects(("127.0.0.1", port)), log.name)
        return Server(name, process, port, self.certificate, log)

    def spawn(self, command, environment, log_name, as_user=False):
        """Starts a program that ends with the bench. \\return the process"""
        log = open(self.folder / log_name, "ab")
        self.give(self.folder / log_name)
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   cwd=self.folder, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **environment},
                                   start_new_session=True, **(self.as_user() if as_user else {}))
        self.callback(log.close)
        self.callback(stop, process)
        return process

    def _await(self, process, is_up, log_name):
        deadline = time.monotonic() + PATIENCE
        while not is_up():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{process.args[0]} did not come up:\n"
                                   + (self.folder / log_name).read_text(errors="replace"))
            time.sleep(0.02)  # between two looks; nothing relies on its length


def connects(address):
    """Whether somebody listens there: a path, or a pair of host and port."""
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as probe:
        probe.settimeout(1)
        return probe.connect_ex(address) == 0


def stop(process):
    """Asks the process to end, and makes sure of it. A process that must be killed is an error."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # the session is our own: start_new_session
        process.wait()
        raise RuntimeError(f"{process.args[0]} had to be killed") from None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
