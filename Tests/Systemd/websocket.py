"""Says one word to /chat through a proxy with TLS: websocket.py HOST. Answers with its status."""
import base64
import os
import socket
import ssl
import struct
import sys

host = sys.argv[1]
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.set_alpn_protocols(["http/1.1"])
stream = context.wrap_socket(socket.create_connection(("127.0.0.1", 443), timeout=10), server_hostname=host)
key = base64.b64encode(os.urandom(16)).decode()
stream.sendall(
    f"GET /chat HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
)
answer = b""
while b"\r\n\r\n" not in answer:
    part = stream.recv(4096)
    if not part:
        sys.exit(f"cut: {answer}")
    answer += part
head, _, rest = answer.partition(b"\r\n\r\n")
if b" 101 " not in head.split(b"\r\n")[0]:
    sys.exit(head.decode())
# One masked text frame (RFC 6455, section 5.2); a mask of zeros is a mask.
stream.sendall(struct.pack("!BBI", 0x81, 0x80 | 5, 0) + b"hello")
while len(rest) < 13:
    part = stream.recv(4096)
    if not part:
        sys.exit(f"cut: {rest}")
    rest += part
if rest[:13] != b"\x81\x0bEcho: hello":
    sys.exit(f"answered {rest}")
