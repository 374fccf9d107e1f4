"""A FastCGI client of a few lines, for talking to a responder without a web server in between."""

import socket
import struct

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT = 1, 2, 3, 4, 5, 6


def record(kind, content=b"", request=1):
    return struct.pack("!BBHHBB", 1, kind, request, len(content), 0, 0) + content


def length(octets):
    return bytes([octets]) if octets < 128 else struct.pack("!I", octets | 1 << 31)


def request(path="/x", method="GET", body=b"", keep=False, **parameters):
    """The records of one whole request."""
    everything = {"GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": method, "REQUEST_URI": path, "QUERY_STRING": "",
                  "HTTPS": "on", "REMOTE_ADDR": "192.0.2.7", "HTTP_HOST": "localhost",
                  "CONTENT_LENGTH": str(len(body)), **parameters}
    return records(everything.items(), body, keep)


def records(parameters, body=b"", keep=False):
    """The records of a request with exactly these parameters: pairs, which may repeat a name."""
    pairs = b"".join(length(len(name)) + length(len(value)) + name + value
                     for name, value in ((name.encode("latin-1"), value.encode("latin-1")) for name, value in parameters))
    begin = record(BEGIN, struct.pack("!HB5x", 1, 1 if keep else 0))
    octets = begin + b"".join(record(PARAMS, pairs[i:i + 65535]) for i in range(0, len(pairs), 65535)) + record(PARAMS)
    return octets + b"".join(record(STDIN, body[i:i + 65535]) for i in range(0, len(body), 65535)) + record(STDIN)


class Peer:
    """One connection. Closes when the `with` block ends."""

    def __init__(self, address, timeout=20):
        family = socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        try:
            self.socket.connect(address if isinstance(address, tuple) else str(address))
        except OSError:
            self.socket.close()
            raise
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def send(self, octets):
        self.socket.sendall(octets)

    def answer(self):
        """Headers and body up to END_REQUEST; None when the connection ended before that."""
        text = b""
        while len(header := self.file.read(8)) == 8:
            _, kind, _, octets, padding, _ = struct.unpack("!BBHHBB", header)
            content = self.file.read(octets + padding)[:octets]
            if kind == STDOUT:
                text += content
            if kind == END:
                return text
        return None


def exchange(address, octets):
    with Peer(address) as peer:
        peer.send(octets)
        return peer.answer()
