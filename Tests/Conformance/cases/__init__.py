"""The groups of cases, in the order in which they are played."""

from . import auth, comments, creation, demo, documents, edges, routing, websocket

GROUPS = {
    "root": routing.root,
    "comments-create": creation.create,
    "comments-bodies": creation.bodies,
    "comments-read": comments.read,
    "comments-list": comments.listing,
    "comments-update": comments.update,
    "comments-delete": comments.delete,
    "not-found": routing.not_found,
    "method-not-allowed": routing.methods,
    "slash-redirect": routing.slash,
    "head-options": routing.head_options,
    "cors": edges.cors,
    "trusted-host": edges.hosts,
    "wire": edges.wire,
    "auth": auth.auth,
    "limited": demo.limited,
    "pings": demo.pings,
    "process": demo.process,
    "openapi": documents.openapi,
    "docs": documents.docs,
    "ws-handshake": websocket.handshakes,
    "ws-chat": websocket.chat,
}
