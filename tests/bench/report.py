"""Measures the provider beside the least it could cost, and prints a table (doc/performance.md).

    cmake --build --preset release --target bench       # or, with the environment that CMakeLists.txt sets:
    report.py [--rounds N] [--connections N] [--only WORKLOAD] [--smoke]

Ends with 1 when an answer was wrong. No time is asserted.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import subprocess
import sys

import cpu
import site_under_load as sites

ALGORITHMS = ("RS256", "ES256")


class Load:
    """Runs load_client for one workload, and meters the servers meanwhile."""

    def __init__(self, site, connections):
        self.site, self.connections = site, connections
        self.client = pathlib.Path(os.environ["OIDCOP_BENCH"]) / "load_client"
        self.programs = {name: cpu.child(site.server.pid, name) for name in ("oidcop.fcgi", "hello_responder")}

    def run(self, rounds, program, job, server=None):
        """\\return the client's result with CPU milliseconds for each round: web_server_ms, program_ms, cpu_ms"""
        server = server or self.site.server
        job = {"port": server.port, "host": server.host, "connections": self.connections, **job}
        self._send(self._ready(job, max(rounds // 10, self.connections)))  # until everything is warm
        ready = self._ready(job, rounds)
        meter = cpu.Meter(server.pid, self.programs.get(program))
        result = self._send(ready)
        web_server, of_program = (seconds * 1000 / rounds for seconds in meter.since())
        return {**result, "web_server_ms": web_server, "program_ms": of_program, "cpu_ms": web_server + of_program}

    def _ready(self, job, rounds):
        job = {**job, "rounds": rounds}
        if job["workload"] == "refresh":  # which uses them up
            job["refresh_tokens"] = self.site.refresh_tokens(self.site.clients[job["algorithm"]], self.connections)
        return job

    def _send(self, job):
        done = subprocess.run([self.client], input=json.dumps(job), capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return json.loads(done.stdout)
        raise RuntimeError(f"{job['workload']}: {done.stdout}{done.stderr}\n{self.site.log()}")


def get_job(target, **expected):
    return {"workload": "get", "target": target, **expected}


def flow_job(site, client, workload):
    return {"workload": workload, "issuer": site.issuer, "authorization": site.path_of("authorization_endpoint"),
            "token": site.path_of("token_endpoint"), "userinfo": site.path_of("userinfo_endpoint"),
            "client_id": client.id, "client_secret": client.secret, "redirect_uri": sites.REDIRECT,
            "scope": "openid email", "cookie": client.cookie, "subject": client.subject,
            "algorithm": client.algorithm}


def document(site, target):
    return site.server.exchange("GET", target).body.decode()


class Floor:
    """What nothing that does the same could do without: milliseconds of CPU."""

    def __init__(self, load, site, rounds, smoke):
        self.hello = load.run(rounds * 3, "hello_responder", get_job("/hello", expected_body="hello\n"))
        self.cgi = load.run(max(rounds // 10, 8), None, get_job("/hello", expected_body="hello\n"), site.cgi_server)
        self.signing = signing_costs(seconds=1 if smoke else 3)
        self.commit = bare_commits(site.home, 50 if smoke else 2000)

    def of(self, requests, signatures=0, algorithm=None, commits=0):
        return (requests * self.hello["cpu_ms"] + signatures * self.signing.get(algorithm, 0)
                + commits * self.commit["cpu_ms"])


def signing_costs(seconds):
    """Milliseconds of CPU for one signature, by JWS algorithm, as `openssl speed` has them (it counts CPU time)."""
    done = subprocess.run(["openssl", "speed", "-seconds", str(seconds), "rsa2048", "ecdsap256"], capture_output=True,
                          text=True, check=True)
    rsa = re.search(r"^rsa\s+2048 bits\s+([0-9.]+)s", done.stdout, re.M)
    ecdsa = re.search(r"^\s*256 bits ecdsa \(nistp256\)\s+[0-9.]+s\s+[0-9.]+s\s+([0-9.]+)", done.stdout, re.M)
    if not rsa or not ecdsa:
        raise RuntimeError("openssl speed says something else: " + done.stdout)
    return {"RS256": float(rsa.group(1)) * 1000, "ES256": 1000 / float(ecdsa.group(1))}


def bare_commits(folder, count):
    program = pathlib.Path(os.environ["OIDCOP_BENCH"]) / "bare_commits"
    return json.loads(subprocess.run([program, folder, str(count)], capture_output=True, text=True, check=True).stdout)


def measure(site, load, floor, rounds, only):
    """Yields (name, result, floor in milliseconds or None)."""
    jwks = site.path_of("jwks_uri")
    discovery = "/.well-known/openid-configuration"
    login = site.authorization_target(next(iter(site.clients.values())))
    work = [
        ("discovery", lambda: load.run(rounds, "oidcop.fcgi", get_job(
            discovery, expected_body=document(site, discovery))), floor.of(1)),
        ("jwks", lambda: load.run(rounds, "oidcop.fcgi", get_job(jwks, expected_body=document(site, jwks))),
         floor.of(1)),
        ("login page", lambda: load.run(rounds, "oidcop.fcgi", get_job(login, expected_part="login-submit")),
         floor.of(1)),
    ]
    for algorithm, client in site.clients.items():
        for name, workload, least in (
                ("authorization", "authorization", floor.of(1, commits=1)),
                ("code flow", "flow", floor.of(3, 1, algorithm, commits=2)),
                ("refresh", "refresh", floor.of(1, 1, algorithm, commits=1))):
            if workload == "authorization" and algorithm != ALGORITHMS[0]:
                continue  # nothing is signed in it
            work.append((f"{name}, {algorithm}" if workload != "authorization" else name,
                         lambda client=client, workload=workload: load.run(
                             rounds, "oidcop.fcgi", flow_job(site, client, workload)), least))
    work.append(("cold CGI, discovery", lambda: load.run(max(rounds // 10, 8), None, get_job(
        discovery, expected_body=document(site, discovery)), site.cgi_server), floor.cgi["cpu_ms"]))
    for name, run, least in work:
        if only is None or only in name:
            yield name, run(), least


HEAD = ("| Workload | Rate (1/s) | p50 (ms) | p99 (ms) | Web server | Program | CPU (ms) | Floor (ms) | Ratio |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")


def line(name, result, least):
    rate = result["rounds"] / result["seconds"]
    cells = [name, f"{rate:.0f}", f"{result['p50_ms']:.2f}", f"{result['p99_ms']:.2f}",
             f"{result['web_server_ms']:.3f}", f"{result['program_ms']:.3f}", f"{result['cpu_ms']:.3f}"]
    cells += [f"{least:.3f}", f"{result['cpu_ms'] / least:.2f}"] if least else ["", ""]
    return "| " + " | ".join(cells) + " |"


def machine():
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return (f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} processors, "
            f"Linux {platform.release()}, load {os.getloadavg()[0]:.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--only", metavar="WORKLOAD", help="those whose name has this in it")
    parser.add_argument("--smoke", action="store_true", help="a few requests of each: does it still work?")
    options = parser.parse_args()
    rounds, connections = (24, 3) if options.smoke else (options.rounds, options.connections)

    print(f"{machine()}; {connections} connections, {rounds} rounds\n", flush=True)
    with sites.Site(ALGORITHMS) as site:
        load = Load(site, connections)
        floor = Floor(load, site, rounds, options.smoke)
        print(HEAD)
        print(line("do nothing, FastCGI", floor.hello, None))
        print(line("do nothing, CGI", floor.cgi, None), flush=True)
        for name, result, least in measure(site, load, floor, rounds, options.only):
            print(line(name, result, least), flush=True)
        print(f"\nSigning (openssl speed): RS256 {floor.signing['RS256']:.3f} ms, ES256 "
              f"{floor.signing['ES256']:.3f} ms. Bare commit (SQLite, FULL, WAL): {floor.commit['cpu_ms']:.3f} ms of "
              f"CPU, {floor.commit['elapsed_ms']:.2f} ms elapsed. Load at the end: {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    sys.exit(main())
